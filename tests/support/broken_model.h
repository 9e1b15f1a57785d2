// SPDX-License-Identifier: GPL-3.0-or-later
// Model folders made wrong on purpose, from the reference model.
#pragma once

#include "core/model/safetensors.h"
#include "core/model/safetensors_writer.h"
#include "support/files.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace preflab::test {

/// A copy of a model folder that may be changed.
inline std::filesystem::path copyModel(const std::filesystem::path& model, const std::filesystem::path& target)
{
    std::filesystem::create_directories(target);
    for (const char* name : {"config.json", "model.safetensors", "tokenizer.model"}) {
        std::filesystem::copy_file(model / name, target / name);
        std::filesystem::permissions(target / name, std::filesystem::perms::owner_write,
                                     std::filesystem::perm_options::add);
    }
    return target;
}

/// Replaces the first `from` in a file.
inline void replaceInFile(const std::filesystem::path& path, const std::string& from, const std::string& to)
{
    std::string content = readFile(path);
    content.replace(content.find(from), from.size(), to);
    writeFile(path, content);
}

/// Overwrites the last 64 numbers of a float32 file, the final norm's weights, with one of these four bytes.
inline void endFileWith(const std::filesystem::path& path, const std::string& number)
{
    std::string content = readFile(path);
    for (std::size_t i = 1; i <= 64; ++i) content.replace(content.size() - 4 * i, 4, number);
    writeFile(path, content);
}

/// Rewrites the model with an embedding of `rows` rows, and says so in its config.
inline void cutVocabulary(const std::filesystem::path& model, std::int64_t rows)
{
    const SafetensorsSet set = *SafetensorsSet::openFolder(model);
    std::vector<TensorToWrite> tensors;
    for (const TensorEntry& entry : set.tensors()) {
        TensorToWrite tensor{entry.name, entry.type, entry.shape, {}};
        if (entry.name == "model.embed_tokens.weight") tensor.shape[0] = rows;
        tensor.fill = [&set, &entry](std::span<std::byte> into) -> Result<> {
            std::vector<std::byte> bytes(entry.bytes);
            TRY_VOID(set.read(entry, bytes));
            std::copy_n(bytes.begin(), into.size(), into.begin());
            return {};
        };
        tensors.push_back(std::move(tensor));
    }
    const std::filesystem::path written = model / "cut.safetensors";
    (void)writeSafetensors(written, std::move(tensors), {});
    std::filesystem::rename(written, model / "model.safetensors");
    replaceInFile(model / "config.json", "\"vocab_size\": 512", "\"vocab_size\": " + std::to_string(rows));
}

/// A safetensors file: eight bytes of header length, the header, the data.
inline std::string safetensorsBytes(const std::string& header, const std::string& data)
{
    std::string bytes;
    for (int shift = 0; shift < 64; shift += 8)
        bytes += static_cast<char>(std::uint64_t(header.size()) >> shift & 0xFF);
    return bytes + header + data;
}

}  // namespace preflab::test
