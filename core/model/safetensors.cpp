// SPDX-License-Identifier: GPL-3.0-or-later
// Opening and reading safetensors files and shard sets.
#include "core/model/safetensors.h"

#include "core/base/excerpt.h"
#include "core/base/hash.h"
#include "core/base/system.h"
#include "core/base/wrong_content.h"
#include "core/model/model_place.h"
#include "core/model/pickle.h"
#include "core/model/safetensors_header.h"
#include "core/model/weight_index.h"

#include <algorithm>
#include <array>
#include <exception>
#include <numeric>
#include <utility>

namespace preflab {
namespace {

constexpr std::uint64_t kSizeBytes = 8;
constexpr std::uint64_t kMinFileBytes = kSizeBytes + 2;  // an empty object
constexpr std::uint64_t kBlockBytes = std::uint64_t{1} << 20;
constexpr const char* kFile = "model.safetensors";
constexpr const char* kIndexFile = "model.safetensors.index.json";

tl::unexpected<Error> invalid(const std::filesystem::path& path, const std::string& where, const std::string& reason)
{
    return fail(ErrorCode::WeightsInvalid, {{"path", path.string()}, {"where", where}, {"reason", reason}});
}

/// The header's text, after checking its length against the file's.
Result<std::string> readHeader(const FileReader& file)
{
    TRY_VOID(checkContent(file));
    std::array<std::byte, kSizeBytes> start{};
    TRY(const auto count, file.readSome(0, start));
    const std::span<const std::byte> known(start.data(), count);
    if (file.size() < kMinFileBytes) {
        if (isPickle(known)) return fail(ErrorCode::PickleWeights, {{"path", file.path().string()}});
        return invalid(file.path(), "its beginning", "it is only " + byteText(file.size()) + " long");
    }
    std::uint64_t headerBytes = 0;
    for (std::size_t i = 0; i < kSizeBytes; ++i) headerBytes |= std::to_integer<std::uint64_t>(start[i]) << (8 * i);
    if (headerBytes < 2 || headerBytes > kMaxHeaderBytes || headerBytes > file.size() - kSizeBytes) {
        if (isPickle(known)) return fail(ErrorCode::PickleWeights, {{"path", file.path().string()}});
        return invalid(file.path(), "its beginning",
                       "a header of " + std::to_string(headerBytes) + " bytes is announced in a file of " +
                           std::to_string(file.size()) + " bytes");
    }
    std::string header(static_cast<std::size_t>(headerBytes), '\0');
    TRY_VOID(file.read(kSizeBytes, std::as_writable_bytes(std::span(header.data(), header.size()))));
    return header;
}

/// Adds `count` bytes of a file to a hash.
Result<> hashRange(const FileReader& file, std::uint64_t offset, std::uint64_t count, ContentHash& hash)
{
    std::vector<std::byte> block(static_cast<std::size_t>(std::min<std::uint64_t>(count, kBlockBytes)));
    while (count > 0) {
        const std::span<std::byte> part(block.data(),
                                        static_cast<std::size_t>(std::min<std::uint64_t>(count, block.size())));
        TRY_VOID(file.read(offset, part));
        hash.add(part);
        offset += part.size();
        count -= part.size();
    }
    return {};
}

/// An exception here means that memory ran out or a library broke.
template <class Open>
Result<SafetensorsSet> guarded(Open open, const std::filesystem::path& path)
{
    try {
        return open(path);
    } catch (const std::exception& exception) {
        return invalid(path, "its header", exception.what());
    }
}

}  // namespace

std::int64_t TensorEntry::count() const
{
    // The sizes beside a 0 may be so large that they overflow together.
    if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

Result<SafetensorsSet> SafetensorsSet::openFile(const std::filesystem::path& path)
{
    const auto open = [](const std::filesystem::path& file) -> Result<SafetensorsSet> {
        TRY(auto reader, FileReader::open(file));
        TRY(const auto text, readHeader(reader));
        const std::uint64_t dataStart = kSizeBytes + text.size();
        auto header = parseSafetensorsHeader(text, reader.size() - dataStart);
        if (!header) return invalid(file, header.error().where, header.error().reason);
        SafetensorsSet set;
        set.m_tensors = std::move(header->tensors);
        for (TensorEntry& entry : set.m_tensors) entry.offset += dataStart;
        if (text.front() != '{') set.m_warnings.push_back(file.string() + " has white space before its header.");
        set.m_readers.push_back(std::move(reader));
        set.m_paths.push_back(file);
        return set;
    };
    return guarded(open, path);
}

Result<SafetensorsSet> SafetensorsSet::openFolder(const std::filesystem::path& folder)
{
    std::error_code ignored;
    if (std::filesystem::exists(folder / kFile, ignored)) {
        TRY_VOID(checkIsInside(folder / kFile));
        return openFile(folder / kFile);
    }
    if (std::filesystem::exists(folder / kIndexFile, ignored)) return guarded(openShards, folder / kIndexFile);
    if (const auto pickle = pickleIn(folder)) return fail(ErrorCode::PickleWeights, {{"path", pickle->string()}});
    return fail(ErrorCode::NoWeights, {{"path", folder.string()}});
}

Result<SafetensorsSet> SafetensorsSet::openShards(const std::filesystem::path& indexFile)
{
    TRY(const auto index, readWeightIndex(indexFile));
    SafetensorsSet set;
    for (const auto& path : index.shards) {
        TRY(auto shard, openFile(path));
        TRY_VOID(set.addShard(std::move(shard), index.fileOfTensor));
    }
    std::sort(set.m_tensors.begin(), set.m_tensors.end(),
              [](const TensorEntry& left, const TensorEntry& right) { return left.name < right.name; });
    for (const auto& [name, file] : index.fileOfTensor) {
        if (set.find(name) == nullptr) return invalid(indexFile, "tensor " + excerptOf(name), "it is not in " + file);
    }
    if (index.totalBytes && *index.totalBytes != set.totalBytes()) {
        set.m_warnings.push_back(indexFile.string() + " gives a total_size of " + std::to_string(*index.totalBytes) +
                                 " bytes, but the tensors have " + std::to_string(set.totalBytes()) + ".");
    }
    return set;
}

Result<> SafetensorsSet::addShard(SafetensorsSet shard, const std::map<std::string, std::string>& fileOfTensor)
{
    const auto& path = shard.m_paths.front();
    for (TensorEntry& entry : shard.m_tensors) {
        const auto found = fileOfTensor.find(entry.name);
        if (found == fileOfTensor.end() || found->second != path.filename()) {
            return invalid(path, "tensor " + excerptOf(entry.name),
                           found == fileOfTensor.end() ? "the index does not name it"
                                                       : "the index says that it is in " + found->second);
        }
        entry.file = m_paths.size();
        m_tensors.push_back(std::move(entry));
    }
    m_warnings.insert(m_warnings.end(), shard.m_warnings.begin(), shard.m_warnings.end());
    m_readers.push_back(std::move(shard.m_readers.front()));
    m_paths.push_back(path);
    return {};
}

const TensorEntry* SafetensorsSet::find(std::string_view name) const
{
    const auto isBefore = [](const TensorEntry& entry, std::string_view key) { return entry.name < key; };
    const auto found = std::lower_bound(m_tensors.begin(), m_tensors.end(), name, isBefore);
    return found != m_tensors.end() && found->name == name ? &*found : nullptr;
}

Result<> SafetensorsSet::read(const TensorEntry& entry, std::span<std::byte> into) const
{
    if (into.size() != entry.bytes) {
        return fail(ErrorCode::Internal, {{"reason", "the buffer for tensor " + entry.name + " has another size"}});
    }
    TRY_VOID(m_readers[entry.file].read(entry.offset, into));
    if (entry.type != TensorType::Bool) return {};
    // A C++ bool that holds 2 is undefined behaviour.
    const auto wrong = std::find_if(into.begin(), into.end(), [](std::byte value) { return value > std::byte{1}; });
    if (wrong == into.end()) return {};
    return invalid(m_paths[entry.file], "tensor " + excerptOf(entry.name), "a BOOL is neither 0 nor 1");
}

Result<> SafetensorsSet::readPart(const TensorEntry& entry, std::uint64_t first, std::span<std::byte> into) const
{
    if (first > entry.bytes || into.size() > entry.bytes - first) {
        return fail(ErrorCode::Internal, {{"reason", "a part of tensor " + excerptOf(entry.name) + " ends behind it"}});
    }
    return m_readers[entry.file].read(entry.offset + first, into);
}

Result<std::string> SafetensorsSet::readFile(std::size_t file, const Place& place, const Take& take) const
{
    std::vector<const TensorEntry*> order;
    for (const TensorEntry& entry : m_tensors) {
        if (entry.file == file) order.push_back(&entry);
    }
    std::sort(order.begin(), order.end(), [](const TensorEntry* left, const TensorEntry* right) {
        return std::pair(left->offset, left->bytes) < std::pair(right->offset, right->bytes);
    });
    const FileReader& reader = m_readers[file];
    ContentHash hash;
    TRY_VOID(hashRange(reader, 0, order.empty() ? reader.size() : order.front()->offset, hash));
    for (const TensorEntry* entry : order) {
        TRY(const std::span<std::byte> into, place(*entry));
        if (into.empty()) {
            TRY_VOID(hashRange(reader, entry->offset, entry->bytes, hash));
        } else {
            TRY_VOID(read(*entry, into));
            hash.add(into);
        }
        TRY_VOID(take(*entry));
    }
    TRY_VOID(reader.checkUnchanged());
    return hash.hex();
}

Result<std::vector<std::string>> SafetensorsSet::readAll(const Place& place, const Take& take) const
{
    std::vector<std::string> hashes;
    for (std::size_t file = 0; file < m_readers.size(); ++file) {
        TRY(hashes.emplace_back(), readFile(file, place, take));
    }
    return hashes;
}

std::uint64_t SafetensorsSet::totalBytes() const
{
    return std::accumulate(m_tensors.begin(), m_tensors.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const TensorEntry& entry) { return sum + entry.bytes; });
}

}  // namespace preflab
