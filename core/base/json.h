// SPDX-License-Identifier: GPL-3.0-or-later
// JSON with the rules an untrusted file needs: no duplicate keys, bounded depth and size, typed reading.
#pragma once

#include "core/base/result.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace preflab {

/// Keeps key order, so that what we write back stays in the order a person wrote it.
using Json = nlohmann::ordered_json;

/// Why a text is not acceptable JSON.
struct JsonFault {
    std::size_t offset = 0;  ///< byte in the text
    std::string reason;      ///< e.g. "duplicate key \"shape\""
};

/// Parses strictly: one value, UTF-8, unique keys at every level, depth <= `maxDepth`; never throws.
tl::expected<Json, JsonFault> parseJson(std::string_view text, int maxDepth = 128);

/// Reads and parses a whole JSON file of at most `maxBytes`. A web page, a Git LFS pointer and the like are
/// NotTheContent; other errors are ConfigInvalid with byte and reason.
Result<Json> readJsonFile(const std::filesystem::path& path, std::uint64_t maxBytes, int maxDepth = 32);

/// The whole number that a value from a file is; nothing for a fraction, a text and what 64 bits do not hold, which
/// nlohmann's own get<int>() would convert with undefined behaviour.
std::optional<std::int64_t> wholeNumber(const Json& value);

/// Typed access to one JSON object of a file; a wrong type is ConfigInvalid naming file and key.
class JsonObject {
public:
    JsonObject(const Json& json, std::filesystem::path file) : m_json(json), m_file(std::move(file)) {}

    /// True if the key is there and not null.
    bool has(std::string_view key) const;
    /// Required values.
    Result<std::int64_t> integer(std::string_view key) const;
    Result<double> number(std::string_view key) const;
    Result<std::string> string(std::string_view key) const;
    Result<bool> boolean(std::string_view key) const;
    /// Values with a default for an absent (or null) key; a present key of a wrong type is still an error.
    Result<std::int64_t> integer(std::string_view key, std::int64_t fallback) const;
    Result<double> number(std::string_view key, double fallback) const;
    Result<std::string> string(std::string_view key, const std::string& fallback) const;
    Result<bool> boolean(std::string_view key, bool fallback) const;

    const Json& json() const { return m_json; }
    const std::filesystem::path& file() const { return m_file; }

private:
    const Json& m_json;  ///< outlives this view
    std::filesystem::path m_file;
};

}  // namespace preflab
