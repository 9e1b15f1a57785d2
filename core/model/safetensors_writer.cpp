// SPDX-License-Identifier: GPL-3.0-or-later
// Header, then the tensors one by one.
#include "core/model/safetensors_writer.h"

#include "core/base/atomic_file.h"
#include "core/base/json.h"
#include "core/model/safetensors_header.h"

#include <algorithm>
#include <array>
#include <exception>

namespace preflab {
namespace {

/// The header's JSON for tensors in the order given, whose data follow one another, padded to a multiple of 8.
std::string headerText(const std::vector<TensorToWrite>& tensors, const std::map<std::string, std::string>& metadata)
{
    std::string json = "{";
    if (!metadata.empty()) json += Json(kMetadataKey).dump() + ":" + Json(metadata).dump();
    std::uint64_t offset = 0;
    for (const TensorToWrite& tensor : tensors) {
        const std::uint64_t end = offset + tensorBytes(tensor.type, tensor.shape).value_or(0);
        if (json.size() > 1) json += ",";
        json += Json(tensor.name).dump() + R"(:{"dtype":")" + std::string(tensorTypeName(tensor.type)) +
                R"(","shape":)" + Json(tensor.shape).dump() + R"(,"data_offsets":[)" + std::to_string(offset) + "," +
                std::to_string(end) + "]}";
        offset = end;
    }
    json += "}";
    json.append((8 - json.size() % 8) % 8, ' ');
    return json;
}

Result<std::string> checkedHeader(const std::vector<TensorToWrite>& tensors,
                                  const std::map<std::string, std::string>& metadata, std::uint64_t dataBytes)
{
    try {
        std::string header = headerText(tensors, metadata);
        // What we write must pass what we demand.
        const auto parsed = parseSafetensorsHeader(header, dataBytes);
        if (parsed && header.size() <= kMaxHeaderBytes) return header;
        const std::string reason =
            parsed ? "the header is too long" : parsed.error().where + ": " + parsed.error().reason;
        return fail(ErrorCode::Internal, {{"reason", "weights that cannot be written, " + reason}});
    } catch (const std::exception& exception) {  // a name that is no UTF-8
        return fail(ErrorCode::Internal, {{"reason", exception.what()}});
    }
}

Result<> writeTensors(AtomicFile& file, const std::vector<TensorToWrite>& tensors)
{
    std::vector<std::byte> buffer;
    for (const TensorToWrite& tensor : tensors) {
        buffer.resize(static_cast<std::size_t>(tensorBytes(tensor.type, tensor.shape).value_or(0)));
        TRY_VOID(tensor.fill(buffer));
        TRY_VOID(file.write(buffer));
    }
    return {};
}

}  // namespace

Result<> writeSafetensors(const std::filesystem::path& path, std::vector<TensorToWrite> tensors,
                          const std::map<std::string, std::string>& metadata)
{
    std::sort(tensors.begin(), tensors.end(), [](const TensorToWrite& left, const TensorToWrite& right) {
        const auto leftSize = elementSize(left.type);
        const auto rightSize = elementSize(right.type);
        return leftSize != rightSize ? leftSize > rightSize : left.name < right.name;
    });
    std::uint64_t dataBytes = 0;
    for (const TensorToWrite& tensor : tensors) {
        const auto bytes = tensorBytes(tensor.type, tensor.shape);
        if (!bytes || __builtin_add_overflow(dataBytes, *bytes, &dataBytes)) {
            return fail(ErrorCode::Internal, {{"reason", "tensor " + tensor.name + " is too large to write"}});
        }
    }
    TRY(const auto header, checkedHeader(tensors, metadata, dataBytes));
    TRY_VOID(checkFreeSpace(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."),
                            dataBytes + header.size()));
    TRY(auto file, AtomicFile::create(path));
    std::array<std::byte, 8> size{};
    for (std::size_t i = 0; i < size.size(); ++i) size[i] = static_cast<std::byte>(header.size() >> (8 * i));
    TRY_VOID(file.write(size));
    TRY_VOID(file.write(header));
    try {
        TRY_VOID(writeTensors(file, tensors));
    } catch (const std::exception& exception) {
        return fail(ErrorCode::Internal, {{"reason", exception.what()}});
    }
    return file.commit();
}

}  // namespace preflab
