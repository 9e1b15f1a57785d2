// SPDX-License-Identifier: GPL-3.0-or-later
// Writing safetensors files.
#pragma once

#include "core/base/result.h"
#include "core/model/tensor_type.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace preflab {

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
