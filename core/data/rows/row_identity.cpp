// SPDX-License-Identifier: GPL-3.0-or-later
// Records in one spelling, and their hashes.
#include "core/data/rows/row_identity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

namespace preflab {
namespace {

constexpr std::string_view kRecordVersion = "record 1";
constexpr std::string_view kTextsVersion = "texts 1";

constexpr std::size_t kKeptBytes = std::size_t{1} << 20;

/// Whole numbers up to here are doubles without loss, and have one spelling.
constexpr double kLargestWhole = 9007199254740992.0;

/// Rows are hashed by the million, so that the buffer keeps its room; but not that of an extraordinary one.
void keepLittle(std::string& buffer)
{
    if (buffer.capacity() > kKeptBytes) std::string().swap(buffer);
}

/// Length first, so that no text can look like the end of one.
void appendText(std::string& into, std::string_view text)
{
    into += '"';
    into += std::to_string(text.size());
    into += ':';
    into += text;
}

/// "1" for 1, 1.0 and 1e0.
std::string numberText(double value)
{
    std::array<char, 32> buffer{};
    const bool isWhole = std::abs(value) <= kLargestWhole && std::trunc(value) == value;
    const auto end = isWhole
                         ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), static_cast<std::int64_t>(value))
                         : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return {buffer.data(), end.ptr};
}

bool saysNothing(const RecordValue& value)
{
    return value.kind() == RecordValue::Kind::Null || (value.isText() && value.text().empty());
}

void appendValue(std::string& into, const RecordValue& value);

void appendObject(std::string& into, const RecordValue& object)
{
    std::vector<RecordMember> members;
    for (const RecordMember member : object.members())
        if (!saysNothing(member.value)) members.push_back(member);
    std::sort(members.begin(), members.end(),
              [](const RecordMember& a, const RecordMember& b) { return a.key < b.key; });
    into += '{';
    for (const RecordMember& member : members) {
        appendText(into, member.key);
        appendValue(into, member.value);
    }
    into += '}';
}

void appendValue(std::string& into, const RecordValue& value)
{
    switch (value.kind()) {
    case RecordValue::Kind::Object:
        return appendObject(into, value);
    case RecordValue::Kind::List:
        into += '[';
        for (const RecordValue element : value.values()) appendValue(into, element);
        into += ']';
        return;
    case RecordValue::Kind::Text:
        return appendText(into, value.text());
    case RecordValue::Kind::Boolean:
        return appendText(into, value.boolean() ? "true" : "false");
    case RecordValue::Kind::Integer:
        return appendText(into, std::to_string(value.integer()));
    case RecordValue::Kind::Unsigned:
        return appendText(into, std::to_string(value.unsignedInteger()));
    case RecordValue::Kind::Fraction:
        return appendText(into, numberText(value.fraction()));
    case RecordValue::Kind::Null:
        into += 'n';
    }
}

void appendSide(std::string& into, const RowText& side)
{
    if (const auto* text = std::get_if<std::string>(&side)) return appendText(into, *text);
    const auto* messages = std::get_if<Messages>(&side);
    if (messages == nullptr) {
        into += 'n';
        return;
    }
    into += '[';
    for (const Message& message : *messages) {
        appendText(into, message.role);
        appendText(into, message.content);
        if (!message.otherKeys.empty()) appendText(into += '+', message.otherKeys);
    }
    into += ']';
}

}  // namespace

Hash128 recordHash(const RecordValue& record)
{
    static thread_local std::string buffer;
    buffer = kRecordVersion;
    appendValue(buffer, record);
    const Hash128 hash = hash128(buffer);
    keepLittle(buffer);
    return hash;
}

std::uint64_t textsHash(const Row& row)
{
    static thread_local std::string buffer;
    buffer = kTextsVersion;
    buffer += rowKindId(row.kind);
    for (const RowText* side : {&row.prompt, &row.chosen, &row.rejected}) appendSide(buffer, *side);
    const std::uint64_t hash = hash64(buffer);
    keepLittle(buffer);
    return hash;
}

void RowIdentities::add(const Hash128& record, std::uint64_t texts, std::uint32_t part)
{
    if (part != 0) m_parts.push_back({size(), part});
    m_rows.push_back({record, texts});
}

void RowIdentities::append(const RowIdentities& later)
{
    for (const RowPart& of : later.m_parts) m_parts.push_back({size() + of.row, of.part});
    m_rows.insert(m_rows.end(), later.m_rows.begin(), later.m_rows.end());
}

std::uint32_t RowIdentities::part(std::uint32_t row) const
{
    const auto found = std::ranges::lower_bound(m_parts, row, {}, &RowPart::row);
    return found != m_parts.end() && found->row == row ? found->part : 0;
}

std::vector<RowKey> RowIdentities::keysOf(std::span<const std::uint32_t> rows) const
{
    std::vector<RowKey> keys(rows.size());
    std::unordered_map<RecordPart, std::uint32_t, RecordPartHasher> counts;  // of what is asked for
    std::unordered_map<std::uint32_t, std::size_t> wanted;                   // row -> index in `keys`
    std::uint32_t end = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        counts.emplace(RecordPart{record(rows[i]), part(rows[i])}, 0);
        wanted.emplace(rows[i], i);
        end = std::max(end, rows[i] + 1);
    }
    for (std::uint32_t row = 0; row < end; ++row) {
        const auto count = counts.find({record(row), part(row)});
        if (count == counts.end()) continue;
        const std::uint32_t occurrence = count->second++;
        const auto found = wanted.find(row);
        if (found != wanted.end()) keys[found->second] = {record(row), occurrence, texts(row), part(row)};
    }
    markShared(keys);
    return keys;
}

void RowIdentities::markShared(std::span<RowKey> keys) const
{
    struct Texts {
        Hash128 record;
        bool areShared = false;
    };
    std::unordered_map<std::uint64_t, Texts> known;
    for (const RowKey& key : keys) known.emplace(key.texts, Texts{key.record});
    for (const Identity& row : m_rows) {
        const auto found = known.find(row.texts);
        if (found != known.end() && !(found->second.record == row.record)) found->second.areShared = true;
    }
    for (RowKey& key : keys) key.areTextsShared = known.at(key.texts).areShared;
}

}  // namespace preflab
