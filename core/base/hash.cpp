// SPDX-License-Identifier: GPL-3.0-or-later
// XXH3-128 of bytes and files.
#include "core/base/hash.h"

#include "core/base/file_reader.h"

#include <xxhash.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <new>
#include <vector>

namespace preflab {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr std::size_t kHexDigits = 32;

std::string hexText(const XXH128_hash_t& hash)
{
    XXH128_canonical_t canonical{};
    XXH128_canonicalFromHash(&canonical, hash);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(kHexDigits);
    for (const unsigned char byte : canonical.digest) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

/// Sixteen lower-case hexadecimal digits.
std::optional<std::uint64_t> halfFrom(std::string_view digits)
{
    std::uint64_t value = 0;
    for (const char digit : digits) {
        if (!(digit >= '0' && digit <= '9') && !(digit >= 'a' && digit <= 'f')) return std::nullopt;
    }
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
}

}  // namespace

struct ContentHash::State {
    State() : xxh(XXH3_createState())
    {
        if (xxh == nullptr) throw std::bad_alloc();
        XXH3_128bits_reset(xxh);
    }
    ~State() { XXH3_freeState(xxh); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    XXH3_state_t* xxh;
};

ContentHash::ContentHash() : m_state(std::make_unique<State>()) {}
ContentHash::~ContentHash() = default;
ContentHash::ContentHash(ContentHash&&) noexcept = default;
ContentHash& ContentHash::operator=(ContentHash&&) noexcept = default;

void ContentHash::add(std::span<const std::byte> bytes)
{
    if (!bytes.empty()) XXH3_128bits_update(m_state->xxh, bytes.data(), bytes.size());
}

void ContentHash::add(std::string_view text)
{
    add(std::as_bytes(std::span(text.data(), text.size())));
}

std::string ContentHash::hex() const
{
    return hexText(XXH3_128bits_digest(m_state->xxh));
}

Hash128 hash128(std::string_view bytes)
{
    const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
    return {hash.high64, hash.low64};
}

std::uint64_t hash64(std::string_view bytes)
{
    return XXH3_64bits(bytes.data(), bytes.size());
}

std::string hexOf(const Hash128& hash)
{
    return hexText({hash.low, hash.high});
}

std::optional<Hash128> hash128From(std::string_view hex)
{
    if (hex.size() != kHexDigits) return std::nullopt;
    const auto high = halfFrom(hex.substr(0, kHexDigits / 2));
    const auto low = halfFrom(hex.substr(kHexDigits / 2));
    if (!high || !low) return std::nullopt;
    return Hash128{*high, *low};
}

Result<std::string> hashFile(const std::filesystem::path& path)
{
    TRY(const auto file, FileReader::open(path));
    ContentHash hash;
    std::vector<std::byte> block(kBlockBytes);
    std::uint64_t offset = 0;
    while (true) {
        TRY(const auto count, file.readSome(offset, block));
        if (count == 0) break;
        hash.add(std::span<const std::byte>(block.data(), count));
        offset += count;
    }
    TRY_VOID(file.checkUnchanged());
    return hash.hex();
}

}  // namespace preflab
