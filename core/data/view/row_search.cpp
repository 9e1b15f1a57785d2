// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of rows are searched as a whole for a run of letters; where it stands, the row's texts decide.
#include "core/data/view/row_search.h"

#include "core/base/parallel.h"
#include "core/data/rows/raw_texts.h"

#include <algorithm>
#include <string>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kRowsPerBlock = 8192;

/// Characters that nobody's JSON writer escapes.
bool isNeverEscaped(char byte)
{
    const auto code = static_cast<unsigned char>(byte);
    return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
           std::string_view(" .,:;!?()-_*#=").find(byte) != std::string_view::npos;
}

/// The longest run of such characters.
std::string_view longestRun(std::string_view text)
{
    std::string_view best;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && isNeverEscaped(text[end])) ++end;
        if (end - at > best.size()) best = text.substr(at, end - at);
        at = end + 1;
    }
    return best;
}

/// "/.../" -> "..."
std::optional<std::string_view> expressionIn(std::string_view text)
{
    if (text.size() < 3 || text.front() != '/' || text.back() != '/') return std::nullopt;
    return text.substr(1, text.size() - 2);
}

bool holds(const RowText& text, const TextPattern& pattern)
{
    if (const auto* whole = std::get_if<std::string>(&text)) return pattern.find(*whole).has_value();
    const auto* messages = std::get_if<Messages>(&text);
    return messages != nullptr && std::any_of(messages->begin(), messages->end(), [&](const Message& message) {
               return pattern.find(message.content).has_value();
           });
}

/// The rows of one read that may match, tested one after the other.
class BlockSearch {
public:
    BlockSearch(const TextPattern& pattern, const std::optional<TextPattern>& run, std::span<const std::string> columns)
        : m_pattern(pattern), m_run(run), m_columns(columns)
    {
    }

    /// Judges the rows of `block`, whose first is `kept[0]`.
    void judge(const RawRows& block, std::uint8_t* kept) const
    {
        const auto count = block.ranges.size();
        if (!m_run || hasEscapedLetters(block.bytes) || hasParts(block.bytes)) {
            for (std::size_t i = 0; i < count; ++i) kept[i] = kept[i] != 0 && isMatch(block.row(i)) ? 1 : 0;
            return;
        }
        std::size_t next = 0;
        for (auto hit = m_run->find(block.bytes); hit && next < count;) {
            const auto behind =
                std::upper_bound(block.ranges.begin() + static_cast<std::ptrdiff_t>(next), block.ranges.end(),
                                 hit->begin, [](std::size_t at, const TextRange& range) { return at < range.end; });
            const auto row = static_cast<std::size_t>(behind - block.ranges.begin());
            std::fill(kept + next, kept + std::min(row, count), std::uint8_t{0});
            if (row < count && kept[row] != 0 && !isMatch(block.row(row))) kept[row] = 0;
            next = row + 1;
            if (next < count) hit = m_run->find(block.bytes, block.ranges[row].end);
        }
        std::fill(kept + std::min(next, count), kept + count, std::uint8_t{0});
    }

private:
    bool isMatch(std::string_view json) const
    {
        return visitRawTexts(json, m_columns,
                             [this](std::string_view text) { return m_pattern.find(text).has_value(); });
    }

    /// "\u0041" for a letter: nobody writes that, but it is JSON.
    static bool hasEscapedLetters(std::string_view bytes)
    {
        for (auto at = bytes.find("\\u00"); at != std::string_view::npos; at = bytes.find("\\u00", at + 1)) {
            if (at + 4 < bytes.size() && bytes[at + 4] >= '2' && bytes[at + 4] <= '7') return true;
        }
        return false;
    }

    /// A message whose content is a list of parts: a run may begin in one of them and end in the next.
    static bool hasParts(std::string_view bytes)
    {
        constexpr std::string_view kKey = "\"content\"";
        const auto behindSpace = [bytes](std::size_t at) {
            return std::min(bytes.find_first_not_of(" \t", at), bytes.size());
        };
        for (auto at = bytes.find(kKey); at != std::string_view::npos; at = bytes.find(kKey, at + 1)) {
            const auto colon = behindSpace(at + kKey.size());
            if (bytes.substr(colon, 1) == ":" && bytes.substr(behindSpace(colon + 1), 1) == "[") return true;
        }
        return false;
    }

    const TextPattern& m_pattern;
    const std::optional<TextPattern>& m_run;
    std::span<const std::string> m_columns;
};

}  // namespace

RowSearch::RowSearch(TextPattern pattern, std::optional<TextPattern> run)
    : m_pattern(std::move(pattern)), m_run(std::move(run))
{
}

Result<RowSearch> RowSearch::compile(std::string_view text)
{
    if (const auto expression = expressionIn(text)) {
        TRY(auto pattern, TextPattern::compile(*expression, PatternKind::Expression));
        return RowSearch(std::move(pattern), std::nullopt);
    }
    TRY(auto pattern, TextPattern::compile(text, PatternKind::Literal));
    std::optional<TextPattern> run;
    if (const auto longest = longestRun(text); !longest.empty()) {
        TRY(run, TextPattern::compile(longest, PatternKind::Literal));
    }
    return RowSearch(std::move(pattern), std::move(run));
}

bool RowSearch::matches(const Row& row) const
{
    return holds(row.prompt, m_pattern) || holds(row.chosen, m_pattern) || holds(row.rejected, m_pattern);
}

/// Row by row, where the bytes of a record are not those of a row.
Result<> RowSearch::keepMatchingRows(const RowSource& rows, std::vector<std::uint8_t>& kept,
                                     const std::stop_token& stop) const
{
    const auto work = [&](std::size_t begin, std::size_t end) -> Result<> {
        for (std::size_t i = begin; i < end; ++i) {
            if (kept[i] == 0) continue;
            TRY(const Row row, rows.row(static_cast<std::uint32_t>(i)));
            kept[i] = matches(row) ? 1 : 0;
        }
        return {};
    };
    return forEachBlock(std::min<std::size_t>(kept.size(), rows.size()), kRowsPerBlock, stop, work);
}

Result<> RowSearch::keepMatching(const RowSource& rows, std::vector<std::uint8_t>& kept,
                                 const std::stop_token& stop) const
{
    if (rows.textColumns().empty()) return keepMatchingRows(rows, kept, stop);
    const BlockSearch search(m_pattern, m_run, rows.textColumns());
    const auto work = [&](std::size_t begin, std::size_t end) -> Result<> {
        RawRows block;
        while (begin < end) {
            const auto first = std::find(kept.begin() + static_cast<std::ptrdiff_t>(begin),
                                         kept.begin() + static_cast<std::ptrdiff_t>(end), std::uint8_t{1});
            begin = static_cast<std::size_t>(first - kept.begin());
            if (begin == end) break;
            TRY_VOID(rows.rawRows(static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin), block));
            search.judge(block, kept.data() + begin);
            begin += block.ranges.size();
        }
        return {};
    };
    return forEachBlock(std::min<std::size_t>(kept.size(), rows.size()), kRowsPerBlock, stop, work);
}

}  // namespace preflab
