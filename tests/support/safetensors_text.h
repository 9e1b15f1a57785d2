// SPDX-License-Identifier: GPL-3.0-or-later
// Safetensors files written as text, good and bad.
#pragma once

#include "core/model/safetensors.h"

#include <QtTest>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace preflab::test {

inline std::string lengthPrefix(std::uint64_t length)
{
    std::string prefix;
    for (int i = 0; i < 8; ++i) prefix += static_cast<char>(static_cast<unsigned char>(length >> (8 * i)));
    return prefix;
}

inline std::string fileOf(const std::string& header, const std::string& data = {})
{
    return lengthPrefix(header.size()) + header + data;
}

inline std::string zeros(std::size_t count)
{
    return std::string(count, '\0');
}

/// "name":{"dtype":...,"shape":...,"data_offsets":...}
inline std::string tensor(const std::string& name, const std::string& type, const std::string& shape,
                          const std::string& offsets)
{
    return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
}

inline std::string repeated(std::string_view part, int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) text += part;
    return text;
}

inline const std::string kPlain = "{" + tensor("a", "F32", "[1]", "[0,4]") + "}";

/// What every consumer may rely on once a file is accepted.
inline void checkConsistent(const SafetensorsSet& set, std::uint64_t fileSize)
{
    std::uint64_t bytes = 0;
    for (const TensorEntry& entry : set.tensors()) {
        QVERIFY(entry.offset <= fileSize && entry.bytes <= fileSize - entry.offset);
        QCOMPARE(static_cast<std::uint64_t>(entry.count()) * elementSize(entry.type), entry.bytes);
        QVERIFY(set.find(entry.name) == &entry);
        std::vector<std::byte> buffer(entry.bytes);
        (void)set.read(entry, buffer);
        bytes += entry.bytes;
    }
    QCOMPARE(bytes, set.totalBytes());
    QVERIFY(bytes <= fileSize);
}

}  // namespace preflab::test
