// SPDX-License-Identifier: GPL-3.0-or-later
// Content hashes: XXH3-128 names a source, a set of weights, a cached conversion.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace preflab {

/// Streaming XXH3-128.
class ContentHash {
public:
    ContentHash();
    ~ContentHash();
    ContentHash(ContentHash&&) noexcept;
    ContentHash& operator=(ContentHash&&) noexcept;
    void add(std::span<const std::byte> bytes);
    void add(std::string_view text);
    /// 32 lower-case hexadecimal digits; may be called repeatedly.
    std::string hex() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The hash of a file's bytes.
Result<std::string> hashFile(const std::filesystem::path& path);

}  // namespace preflab
