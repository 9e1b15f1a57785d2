// SPDX-License-Identifier: GPL-3.0-or-later
// Reading by a cursor that checks what is left before each step.
#include "core/text/wire_format.h"

namespace preflab {
namespace {

constexpr int kMaxVarintBytes = 10;

void appendVarint(std::string& message, std::uint64_t value)
{
    while (value >= 0x80) {
        message += static_cast<char>(static_cast<unsigned char>(value | 0x80U));
        value >>= 7;
    }
    message += static_cast<char>(static_cast<unsigned char>(value));
}

std::uint64_t littleEndian(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[i - 1]);
    return value;
}

}  // namespace

std::optional<std::uint64_t> WireReader::varint()
{
    std::uint64_t value = 0;
    for (int i = 0; i < kMaxVarintBytes && static_cast<std::size_t>(i) < m_rest.size(); ++i) {
        const auto byte = static_cast<unsigned char>(m_rest[static_cast<std::size_t>(i)]);
        if (i == kMaxVarintBytes - 1 && byte > 1) return std::nullopt;  // beyond 64 bits
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
        if (byte < 0x80) {
            m_rest.remove_prefix(static_cast<std::size_t>(i) + 1);
            return value;
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> WireReader::take(std::uint64_t count)
{
    if (count > m_rest.size()) return std::nullopt;
    const std::string_view taken = m_rest.substr(0, static_cast<std::size_t>(count));
    m_rest.remove_prefix(taken.size());
    return taken;
}

std::optional<WireField> WireReader::field()
{
    const std::string_view start = m_rest;
    const auto tag = varint();
    if (!tag || *tag >> 3 == 0 || *tag >> 32 != 0) return std::nullopt;
    WireField field;
    field.number = *tag >> 3;
    field.type = static_cast<WireType>(*tag & 7U);
    if (field.type == WireType::Varint) {
        const auto value = varint();
        if (!value) return std::nullopt;
        field.value = *value;
    } else if (field.type == WireType::Bytes) {
        const auto length = varint();
        const auto bytes = length ? take(*length) : std::nullopt;
        if (!bytes) return std::nullopt;
        field.bytes = *bytes;
    } else if (field.type == WireType::Fixed32 || field.type == WireType::Fixed64) {
        const auto bytes = take(field.type == WireType::Fixed32 ? 4 : 8);
        if (!bytes) return std::nullopt;
        field.value = littleEndian(*bytes);
    } else {
        return std::nullopt;
    }
    field.encoded = start.substr(0, start.size() - m_rest.size());
    return field;
}

std::optional<WireField> WireReader::next()
{
    if (m_isBroken || m_rest.empty()) return std::nullopt;
    auto result = field();
    m_isBroken = !result;
    return result;
}

void appendVarintField(std::string& message, std::uint64_t number, std::uint64_t value)
{
    appendVarint(message, number << 3);
    appendVarint(message, value);
}

void appendBytesField(std::string& message, std::uint64_t number, std::string_view bytes)
{
    appendVarint(message, number << 3 | static_cast<std::uint64_t>(WireType::Bytes));
    appendVarint(message, bytes.size());
    message += bytes;
}

}  // namespace preflab
