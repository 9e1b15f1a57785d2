// SPDX-License-Identifier: GPL-3.0-or-later
// A record is five counts, the label runs of both sides, the ids that both sides begin with, and the rest of each.
#include "core/text/token_record.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

namespace preflab {
namespace {

static_assert(std::endian::native == std::endian::little, "records are stored little-endian");

constexpr std::int64_t kShortIds = std::int64_t{1} << 16;

struct Counts {
    std::uint32_t shared = 0;  ///< ids that both sides begin with
    std::uint32_t chosenRest = 0;
    std::uint32_t rejectedRest = 0;
    std::uint32_t chosenRuns = 0;
    std::uint32_t rejectedRuns = 0;
};

std::uint32_t commonStart(const TokenIds& left, const TokenIds& right, std::size_t from)
{
    std::size_t at = from;
    while (at < left.size() && at < right.size() && left[at] == right[at]) ++at;
    return static_cast<std::uint32_t>(at - std::min(from, at));
}

SideEntry sideOf(const TokenSequence& sequence)
{
    SideEntry side;
    side.tokens = static_cast<std::uint32_t>(sequence.ids.size());
    side.prompt = static_cast<std::uint32_t>(sequence.promptLength());
    for (const LabelRun& run : sequence.labels) {
        const std::uint32_t first = std::max(run.begin, std::uint32_t{1});
        if (first < run.end) {
            side.firstPredicted = first;
            break;
        }
    }
    return side;
}

template <class Value>
void append(std::string& bytes, std::span<const Value> values)
{
    const auto raw = std::as_bytes(values);
    bytes.append(reinterpret_cast<const char*>(raw.data()), raw.size());
}

void appendIds(std::string& bytes, std::span<const TokenId> ids, std::size_t idBytes)
{
    for (const TokenId id : ids) {
        const auto value = static_cast<std::uint32_t>(id);
        char raw[sizeof value];
        std::memcpy(raw, &value, sizeof value);
        bytes.append(raw, idBytes);
    }
}

/// Takes values off the front of a record.
class RecordReader {
public:
    explicit RecordReader(std::span<const std::byte> bytes) : m_rest(bytes) {}

    template <class Value>
    bool take(std::span<Value> into)
    {
        if (m_rest.size() < into.size_bytes()) return false;
        // Not memcpy, which an empty span's null pointer must not reach.
        const auto bytes = m_rest.first(into.size_bytes());
        std::copy(bytes.begin(), bytes.end(), std::as_writable_bytes(into).begin());
        m_rest = m_rest.subspan(into.size_bytes());
        return true;
    }

    bool takeIds(TokenIds& into, std::size_t count, std::size_t idBytes)
    {
        if (m_rest.size() / idBytes < count) return false;
        for (std::size_t i = 0; i < count; ++i) {
            std::uint32_t value = 0;
            std::memcpy(&value, m_rest.data() + i * idBytes, idBytes);
            into.push_back(static_cast<TokenId>(value));
        }
        m_rest = m_rest.subspan(count * idBytes);
        return true;
    }

    bool isAtEnd() const { return m_rest.empty(); }
    bool hasRoomFor(std::uint64_t bytes) const { return bytes <= m_rest.size(); }

private:
    std::span<const std::byte> m_rest;
};

}  // namespace

std::optional<DroppedRow> dropAt(const TokenEntry& entry, std::uint32_t row, bool needsRejected,
                                 std::optional<std::int64_t> maxLength)
{
    if (entry.hasTokens == 0) return DroppedRow{row, static_cast<DropReason>(entry.reason), 0};
    const std::uint64_t limit =
        maxLength ? static_cast<std::uint64_t>(*maxLength) : std::numeric_limits<std::uint64_t>::max();
    const auto check = [&](const SideEntry& side) -> std::optional<DroppedRow> {
        if (side.prompt >= limit) return DroppedRow{row, DropReason::PromptFillsMaxLength, side.prompt};
        if (side.firstPredicted >= std::min<std::uint64_t>(side.tokens, limit))
            return DroppedRow{row, DropReason::NoAnswer, side.prompt};
        return std::nullopt;
    };
    if (auto dropped = check(entry.chosen); dropped || !needsRejected) return dropped;
    return check(entry.rejected);
}

TokenEntry entryOf(const TokenPair& pair, bool needsRejected)
{
    TokenEntry entry;
    entry.hasTokens = 1;
    entry.chosen = sideOf(pair.chosen);
    if (!needsRejected) {
        entry.rejected.firstPredicted = 0;
        return entry;
    }
    entry.rejected = sideOf(pair.rejected);
    entry.common =
        commonStart(pair.chosen.ids, pair.rejected.ids, std::min(entry.chosen.prompt, entry.rejected.prompt));
    return entry;
}

TokenEntry entryOf(const DroppedRow& dropped)
{
    TokenEntry entry;
    entry.reason = static_cast<std::uint32_t>(dropped.reason);
    return entry;
}

std::size_t idBytes(std::int64_t vocabularySize)
{
    return vocabularySize <= kShortIds ? 2 : 4;
}

void appendRecord(std::string& bytes, const TokenPair& pair, std::size_t idBytes)
{
    const TokenSequence& chosen = pair.chosen;
    const TokenSequence& rejected = pair.rejected;
    Counts counts;
    counts.shared = commonStart(chosen.ids, rejected.ids, 0);
    counts.chosenRest = static_cast<std::uint32_t>(chosen.ids.size()) - counts.shared;
    counts.rejectedRest = static_cast<std::uint32_t>(rejected.ids.size()) - counts.shared;
    counts.chosenRuns = static_cast<std::uint32_t>(chosen.labels.size());
    counts.rejectedRuns = static_cast<std::uint32_t>(rejected.labels.size());
    append(bytes, std::span<const Counts>(&counts, 1));
    append(bytes, std::span<const LabelRun>(chosen.labels));
    append(bytes, std::span<const LabelRun>(rejected.labels));
    appendIds(bytes, chosen.ids, idBytes);
    appendIds(bytes, std::span(rejected.ids).subspan(counts.shared), idBytes);
}

std::optional<TokenPair> readRecord(std::span<const std::byte> bytes, std::size_t idBytes)
{
    RecordReader reader(bytes);
    Counts counts;
    if (!reader.take(std::span(&counts, 1))) return std::nullopt;
    const std::uint64_t runs = std::uint64_t{counts.chosenRuns} + counts.rejectedRuns;
    const std::uint64_t ids = std::uint64_t{counts.shared} + counts.chosenRest + counts.rejectedRest;
    if (!reader.hasRoomFor(runs * sizeof(LabelRun) + ids * idBytes)) return std::nullopt;

    TokenPair pair;
    pair.chosen.labels.resize(counts.chosenRuns);
    pair.rejected.labels.resize(counts.rejectedRuns);
    pair.chosen.ids.reserve(counts.shared + counts.chosenRest);
    pair.rejected.ids.reserve(counts.shared + counts.rejectedRest);
    bool isWhole = reader.take(std::span(pair.chosen.labels)) && reader.take(std::span(pair.rejected.labels)) &&
                   reader.takeIds(pair.chosen.ids, counts.shared + counts.chosenRest, idBytes);
    if (!isWhole) return std::nullopt;
    pair.rejected.ids.assign(pair.chosen.ids.begin(), pair.chosen.ids.begin() + counts.shared);
    isWhole = reader.takeIds(pair.rejected.ids, counts.rejectedRest, idBytes) && reader.isAtEnd();
    return isWhole ? std::optional(std::move(pair)) : std::nullopt;
}

}  // namespace preflab
