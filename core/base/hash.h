// SPDX-License-Identifier: GPL-3.0-or-later
// Content hashes: XXH3-128 names a source, a set of weights, a cached conversion.
#pragma once

#include "core/base/result.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
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

/// XXH3-128 of something short, as a number.
struct Hash128 {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    auto operator<=>(const Hash128&) const = default;
};

/// For unordered containers.
struct Hash128Hasher {
    std::size_t operator()(const Hash128& hash) const { return hash.high * 31 + hash.low; }
};

/// The hash of some bytes.
Hash128 hash128(std::string_view bytes);
/// XXH3-64 of some bytes.
std::uint64_t hash64(std::string_view bytes);
/// 32 lower-case hexadecimal digits, as ContentHash::hex gives them, and back; nothing for any other text.
std::string hexOf(const Hash128& hash);
std::optional<Hash128> hash128From(std::string_view hex);

/// The hash of a file's bytes.
Result<std::string> hashFile(const std::filesystem::path& path);

}  // namespace preflab
