// SPDX-License-Identifier: GPL-3.0-or-later
// Strict reader and writer of safetensors: a file that two parsers could read differently is refused.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Element types of the format that PrefLab reads.
enum class TensorType { Bool, U8, I8, I16, U16, F16, BF16, I32, U32, F32, I64, U64, F64 };

/// "BF16", as the file spells it.
std::string_view tensorTypeName(TensorType type);
/// Bytes of one element.
std::uint64_t elementSize(TensorType type);

/// One tensor's place in a file.
struct TensorEntry {
    std::string name;
    TensorType type = TensorType::F32;
    std::vector<std::int64_t> shape;
    std::uint64_t offset = 0;  ///< absolute, in its file
    std::uint64_t bytes = 0;
    std::size_t file = 0;  ///< index into SafetensorsSet's files
    /// Number of elements.
    std::int64_t count() const;
};

/// The directory of one file or of a shard set. Header fully validated before anything is allocated for tensors.
class SafetensorsSet {
public:
    /// One file. WeightsInvalid names the rule broken; PickleWeights for a pickle or zip in disguise.
    static Result<SafetensorsSet> openFile(const std::filesystem::path& path);
    /// `model.safetensors`, or the shards of `model.safetensors.index.json`. NoWeights or PickleWeights otherwise.
    static Result<SafetensorsSet> openFolder(const std::filesystem::path& folder);

    /// Tensors in name order.
    const std::vector<TensorEntry>& tensors() const { return m_tensors; }
    /// The tensor of that name, or nullptr.
    const TensorEntry* find(std::string_view name) const;
    /// `__metadata__` of the first file.
    const std::map<std::string, std::string>& metadata() const { return m_metadata; }
    /// Reads a tensor's bytes; `into` must hold exactly `entry.bytes`. BOOL bytes other than 0 and 1 are an error.
    Result<> read(const TensorEntry& entry, std::span<std::byte> into) const;
    /// FileChanged if any file changed since it was opened; call after the last read.
    Result<> checkUnchanged() const;
    /// Bytes of all tensors.
    std::uint64_t totalBytes() const;
    const std::vector<std::filesystem::path>& files() const { return m_paths; }
    /// What is odd but harmless, as sentences: white space before the header, a wrong total_size in the index.
    const std::vector<std::string>& warnings() const { return m_warnings; }

private:
    static Result<SafetensorsSet> openShards(const std::filesystem::path& indexFile);
    Result<> addShard(SafetensorsSet shard, const std::map<std::string, std::string>& fileOfTensor);

    std::vector<FileReader> m_readers;
    std::vector<std::filesystem::path> m_paths;
    std::vector<TensorEntry> m_tensors;
    std::map<std::string, std::string> m_metadata;
    std::vector<std::string> m_warnings;
};

/// One tensor to write; `fill` is called once, in file order, and must produce exactly the tensor's bytes.
struct TensorToWrite {
    std::string name;
    TensorType type = TensorType::F32;
    std::vector<std::int64_t> shape;
    std::function<Result<>(std::span<std::byte> into)> fill;
};

/// Writes a safetensors file atomically (temporary, synced, renamed): widest types first, then by name, header padded
/// to 8 bytes. DiskFull before anything is written, WriteFailed, or what `fill` returned; Internal for tensors that
/// break the format's rules.
Result<> writeSafetensors(const std::filesystem::path& path, std::vector<TensorToWrite> tensors,
                          const std::map<std::string, std::string>& metadata);

}  // namespace preflab
