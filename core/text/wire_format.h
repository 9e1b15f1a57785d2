// SPDX-License-Identifier: GPL-3.0-or-later
// The protobuf wire format, read field by field from untrusted bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preflab {

/// How a field is stored. Groups (3, 4) are refused: nothing uses them, and they nest without bound.
enum class WireType { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

/// One field of a message. Views point into the message.
struct WireField {
    std::uint64_t number = 0;
    WireType type = WireType::Varint;
    std::uint64_t value = 0;   ///< Varint, Fixed32, Fixed64
    std::string_view bytes;    ///< Bytes
    std::string_view encoded;  ///< the whole field, to copy it
};

/// Walks the fields of one message.
class WireReader {
public:
    explicit WireReader(std::string_view message) : m_rest(message) {}
    /// The next field; nothing at the end and at a fault.
    std::optional<WireField> next();
    /// True if `next` stopped because the bytes are no valid message.
    bool isBroken() const { return m_isBroken; }

private:
    std::optional<std::uint64_t> varint();
    std::optional<std::string_view> take(std::uint64_t count);
    std::optional<WireField> field();
    std::string_view m_rest;
    bool m_isBroken = false;
};

/// Appends a field to a message.
void appendVarintField(std::string& message, std::uint64_t number, std::uint64_t value);
void appendBytesField(std::string& message, std::uint64_t number, std::string_view bytes);

}  // namespace preflab
