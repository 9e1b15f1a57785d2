// SPDX-License-Identifier: GPL-3.0-or-later
// Strict reader of safetensors: a file that two parsers could read differently is refused.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/result.h"
#include "core/model/tensor_type.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

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
    /// Reads a tensor's bytes; `into` must hold exactly `entry.bytes`. BOOL bytes other than 0 and 1 are an error.
    Result<> read(const TensorEntry& entry, std::span<std::byte> into) const;
    /// Reads a part of a tensor's bytes, from byte `first` of it on.
    Result<> readPart(const TensorEntry& entry, std::uint64_t first, std::span<std::byte> into) const;
    /// Where a tensor's bytes go, exactly `entry.bytes`; empty if nobody wants them.
    using Place = std::function<Result<std::span<std::byte>>(const TensorEntry& entry)>;
    /// Called when a tensor's bytes are in their place.
    using Take = std::function<Result<>(const TensorEntry& entry)>;
    /// Reads every byte of the files once, in order, tensor by tensor. Returns the content hash of each file
    /// (`hashFile`), made of the bytes that were read. FileChanged if a file changed meanwhile, or what a call returned.
    Result<std::vector<std::string>> readAll(const Place& place, const Take& take) const;
    /// Bytes of all tensors.
    std::uint64_t totalBytes() const;
    const std::vector<std::filesystem::path>& files() const { return m_paths; }
    /// What is odd but harmless, as sentences: white space before the header, a wrong total_size in the index.
    const std::vector<std::string>& warnings() const { return m_warnings; }

private:
    static Result<SafetensorsSet> openShards(const std::filesystem::path& indexFile);
    Result<std::string> readFile(std::size_t file, const Place& place, const Take& take) const;
    Result<> addShard(SafetensorsSet shard, const std::map<std::string, std::string>& fileOfTensor);

    std::vector<FileReader> m_readers;
    std::vector<std::filesystem::path> m_paths;
    std::vector<TensorEntry> m_tensors;
    std::vector<std::string> m_warnings;
};

}  // namespace preflab
