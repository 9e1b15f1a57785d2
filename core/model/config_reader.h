// SPDX-License-Identifier: GPL-3.0-or-later
// A config.json that remembers which of its keys a family asked for, so that no key passes unseen.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/config_options.h"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace preflab {

/// Typed reading of config.json or of one object in it. Every key that is asked for counts as read. Errors are
/// ConfigInvalid with file and key.
class ConfigReader {
public:
    /// `config` outlives the reader.
    ConfigReader(const Json& config, std::filesystem::path file) : m_object(config, std::move(file)) {}

    /// True if the key is there and not null.
    bool has(std::string_view key) const;
    /// A required size from 1 to `limit`.
    Result<std::int64_t> size(std::string_view key, std::int64_t limit) const;
    /// The same with a default for an absent or null key.
    Result<std::int64_t> size(std::string_view key, std::int64_t limit, std::int64_t fallback) const;
    /// A number above 0 that float32 holds (1.2e-38 to 3.4e38), with a default for an absent or null key: a smaller
    /// one would vanish in the model's arithmetic, a larger one overflow.
    Result<double> positive(std::string_view key, double fallback) const;
    Result<std::string> string(std::string_view key, const std::string& fallback) const;
    Result<bool> boolean(std::string_view key, bool fallback) const;
    /// The value as it is; the key must be there.
    const Json& value(std::string_view key) const;

    tl::unexpected<Error> invalid(std::string_view key, const std::string& reason) const;
    /// ConfigUnsupported with the value in the file.
    tl::unexpected<Error> unsupported(std::string_view key) const;

    /// True if the key was asked for.
    bool isRead(std::string_view key) const { return m_read.contains(key); }
    const JsonObject& object() const { return m_object; }

private:
    void mark(std::string_view key) const { m_read.emplace(key); }

    JsonObject m_object;
    mutable std::set<std::string, std::less<>> m_read;
};

}  // namespace preflab
