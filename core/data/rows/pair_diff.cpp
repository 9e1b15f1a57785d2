// SPDX-License-Identifier: GPL-3.0-or-later
// Both texts are cut into units, the units matched, and what lies between matches is a difference. Spaces between
// words are no units: they would match everywhere and tear differences apart.
#include "core/data/rows/pair_diff.h"

#include "core/data/rows/sequence_match.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace preflab {
namespace {

/// Longer texts are compared by lines.
constexpr std::size_t kMaxUnits = 60'000;

/// A word is a run of letters, digits and their accents ("don't" is one), but a single character in scripts without
/// spaces between words; any other character stands for itself. Spaces are left out.
constexpr std::string_view kWord =
    R"((?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])[\p{L}\p{N}\p{M}_])+(?:['’]\p{L}+)*)"
    R"(|(?!\s)\X)";
constexpr std::string_view kLetter = R"(\X)";
constexpr std::string_view kLine = R"([^\n]*\n|[^\n]+)";

/// These are the program's own, and compile.
const TextPattern& patternOf(std::string_view text)
{
    static const TextPattern word = *TextPattern::compile(kWord, PatternKind::ExactExpression);
    static const TextPattern letter = *TextPattern::compile(kLetter, PatternKind::ExactExpression);
    static const TextPattern line = *TextPattern::compile(kLine, PatternKind::ExactExpression);
    return text == kWord ? word : text == kLetter ? letter : line;
}

using Units = std::vector<TextRange>;

/// The units of a text; bytes that are no UTF-8 are units of their own.
Units unitsOf(std::string_view text, const TextPattern& pattern)
{
    Units units;
    std::size_t at = 0;
    while (at < text.size() && units.size() <= kMaxUnits) {
        const auto found = pattern.find(text, at);
        const TextRange unit = found.value_or(TextRange{text.size(), text.size()});
        for (std::size_t i = at; i < unit.begin; ++i) {
            if (static_cast<unsigned char>(text[i]) >= 0x80) units.push_back({i, i + 1});
        }
        if (!found) break;
        units.push_back(unit);
        at = unit.end;
    }
    return units;
}

/// Ids of the units' texts, the same for both sides.
class Vocabulary {
public:
    std::vector<std::uint32_t> idsOf(std::string_view text, const Units& units)
    {
        std::vector<std::uint32_t> ids;
        ids.reserve(units.size());
        for (const TextRange& unit : units) {
            const auto next = static_cast<std::uint32_t>(m_ids.size());
            ids.push_back(m_ids.try_emplace(text.substr(unit.begin, unit.size()), next).first->second);
        }
        return ids;
    }

private:
    std::unordered_map<std::string_view, std::uint32_t> m_ids;
};

bool isSpace(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

/// Collects parts from left to right.
class PartList {
public:
    PartList(std::string_view chosen, std::string_view rejected) : m_chosen(chosen), m_rejected(rejected) {}

    /// What lies between matches: spaces that both have at its ends are equal, the rest differs.
    void addBetween(std::size_t chosenEnd, std::size_t rejectedEnd)
    {
        const auto restOfChosen = m_chosen.substr(m_chosenAt, chosenEnd - m_chosenAt);
        const auto restOfRejected = m_rejected.substr(m_rejectedAt, rejectedEnd - m_rejectedAt);
        const std::size_t most = std::min(restOfChosen.size(), restOfRejected.size());
        std::size_t leading = 0;
        while (leading < most && restOfChosen[leading] == restOfRejected[leading] && isSpace(restOfChosen[leading])) {
            ++leading;
        }
        std::size_t trailing = 0;
        const auto fromEnd = [&trailing](std::string_view text) { return text[text.size() - 1 - trailing]; };
        while (trailing < most - leading && fromEnd(restOfChosen) == fromEnd(restOfRejected) &&
               isSpace(fromEnd(restOfChosen))) {
            ++trailing;
        }
        addEqual(leading);
        addOnly(DiffPart::Kind::OnlyChosen, chosenEnd - trailing - m_chosenAt);
        addOnly(DiffPart::Kind::OnlyRejected, rejectedEnd - trailing - m_rejectedAt);
        addEqual(trailing);
    }

    void addEqual(std::size_t bytes)
    {
        if (bytes == 0) return;
        m_equalBytes += bytes;
        const TextRange chosen{m_chosenAt, m_chosenAt += bytes};
        const TextRange rejected{m_rejectedAt, m_rejectedAt += bytes};
        if (!m_parts.empty() && m_parts.back().kind == DiffPart::Kind::Equal) {
            m_parts.back().chosen.end = chosen.end;
            m_parts.back().rejected.end = rejected.end;
        } else {
            m_parts.push_back({DiffPart::Kind::Equal, chosen, rejected});
        }
    }

    std::size_t equalBytes() const { return m_equalBytes; }
    std::vector<DiffPart> take() { return std::move(m_parts); }

private:
    void addOnly(DiffPart::Kind kind, std::size_t bytes)
    {
        if (bytes == 0) return;
        auto& at = kind == DiffPart::Kind::OnlyChosen ? m_chosenAt : m_rejectedAt;
        DiffPart part{kind, {m_chosenAt, m_chosenAt}, {m_rejectedAt, m_rejectedAt}};
        at += bytes;
        (kind == DiffPart::Kind::OnlyChosen ? part.chosen : part.rejected).end = at;
        m_parts.push_back(part);
    }

    std::string_view m_chosen;
    std::string_view m_rejected;
    std::size_t m_chosenAt = 0;
    std::size_t m_rejectedAt = 0;
    std::size_t m_equalBytes = 0;
    std::vector<DiffPart> m_parts;
};

/// Without the spaces at its ends, if there is anything else.
TextRange trimmed(std::string_view text, TextRange range)
{
    TextRange inner = range;
    while (inner.begin < inner.end && isSpace(text[inner.begin])) ++inner.begin;
    while (inner.begin < inner.end && isSpace(text[inner.end - 1])) --inner.end;
    return inner.size() == 0 ? range : inner;
}

/// Differences of one side, joined where a single space separates them.
std::vector<TextRange> marksOf(std::string_view text, const std::vector<DiffPart>& parts, DiffPart::Kind kind)
{
    std::vector<TextRange> marks;
    for (const DiffPart& part : parts) {
        if (part.kind != kind) continue;
        const TextRange range = kind == DiffPart::Kind::OnlyChosen ? part.chosen : part.rejected;
        const bool isNear = !marks.empty() && (range.begin == marks.back().end ||
                                               text.substr(marks.back().end, range.begin - marks.back().end) == " ");
        if (isNear)
            marks.back().end = range.end;
        else
            marks.push_back(range);
    }
    for (TextRange& mark : marks) mark = trimmed(text, mark);
    return marks;
}

/// Both sides' units, by the finest kind that is not too many.
std::pair<Units, Units> cut(std::string_view chosen, std::string_view rejected, DiffUnit unit, bool& isCoarse)
{
    const TextPattern& fine = patternOf(unit == DiffUnit::Words ? kWord : kLetter);
    std::pair units{unitsOf(chosen, fine), unitsOf(rejected, fine)};
    isCoarse = std::max(units.first.size(), units.second.size()) > kMaxUnits;
    if (isCoarse) units = {unitsOf(chosen, patternOf(kLine)), unitsOf(rejected, patternOf(kLine))};
    return units;
}

}  // namespace

PairDiff diffTexts(std::string_view chosen, std::string_view rejected, DiffUnit unit)
{
    PairDiff diff;
    const auto [chosenUnits, rejectedUnits] = cut(chosen, rejected, unit, diff.isCoarse);
    Vocabulary vocabulary;
    const auto chosenIds = vocabulary.idsOf(chosen, chosenUnits);
    const auto rejectedIds = vocabulary.idsOf(rejected, rejectedUnits);

    PartList parts(chosen, rejected);
    for (const auto& match : matchSequences(chosenIds, rejectedIds)) {
        const TextRange& range = chosenUnits[match.first];
        parts.addBetween(range.begin, rejectedUnits[match.second].begin);
        parts.addEqual(range.size());
    }
    parts.addBetween(chosen.size(), rejected.size());

    const std::size_t bytes = chosen.size() + rejected.size();
    if (bytes > 0) diff.similarity = 2.0 * static_cast<double>(parts.equalBytes()) / static_cast<double>(bytes);
    diff.parts = parts.take();
    if (diff.parts.size() > 1 && diff.parts.front().kind == DiffPart::Kind::Equal) {
        diff.parts.front().kind = DiffPart::Kind::CommonPrefix;
        diff.commonPrefix = diff.parts.front().chosen.size();
    }
    diff.chosenMarks = marksOf(chosen, diff.parts, DiffPart::Kind::OnlyChosen);
    diff.rejectedMarks = marksOf(rejected, diff.parts, DiffPart::Kind::OnlyRejected);
    return diff;
}

}  // namespace preflab
