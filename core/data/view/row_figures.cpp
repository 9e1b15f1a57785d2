// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of rows. Words are compared by hash: a rare collision shifts a percentage by a point.
#include "core/data/view/row_figures.h"

#include "core/base/parallel.h"
#include "core/base/utf8.h"
#include "core/data/rows/row_text.h"

#include <algorithm>
#include <limits>
#include <string>

namespace preflab {
namespace {

constexpr std::size_t kRowsPerBlock = 512;
constexpr std::uint32_t kLengthGapCharacters = 100;
constexpr double kLengthGapRatio = 1.8;
constexpr int kNearCopyPercent = 80;
constexpr std::uint16_t kCommonPrefixWords = 5;

using Words = std::vector<std::uint32_t>;

bool isAsciiWordByte(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           byte == '_' || byte == '\'';
}

/// True for the first byte of characters that are words of their own: U+2000 and above (Chinese, Japanese, Korean,
/// emoji and signs).
bool isOwnWord(unsigned char byte)
{
    return byte >= 0xE2;
}

/// FNV-1a.
std::uint32_t hashOf(std::string_view text)
{
    std::uint32_t hash = 2166136261U;
    for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
    return hash;
}

void appendWords(std::string_view text, Words& words)
{
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t begin = at;
        const auto byte = static_cast<unsigned char>(text[at++]);
        if (isOwnWord(byte)) {
            while (at < text.size() && isUtf8Continuation(text[at])) ++at;
        } else if (isAsciiWordByte(byte) || byte >= 0x80) {
            const auto continues = [](unsigned char next) {
                return isAsciiWordByte(next) || (next >= 0x80 && !isOwnWord(next));
            };
            while (at < text.size() && continues(static_cast<unsigned char>(text[at]))) ++at;
        } else {
            continue;
        }
        words.push_back(hashOf(text.substr(begin, at - begin)));
    }
}

void collectWords(const RowText& text, Words& words)
{
    words.clear();
    if (const auto* whole = std::get_if<std::string>(&text)) return appendWords(*whole, words);
    if (const auto* messages = std::get_if<Messages>(&text)) {
        for (const auto& message : *messages) appendWords(message.content, words);
    }
}

std::uint16_t commonStart(const Words& left, const Words& right)
{
    const auto end = left.begin() + static_cast<std::ptrdiff_t>(std::min(left.size(), right.size()));
    const auto count = std::mismatch(left.begin(), end, right.begin()).first - left.begin();
    return static_cast<std::uint16_t>(std::min<std::ptrdiff_t>(count, std::numeric_limits<std::uint16_t>::max()));
}

/// Words of both, in percent of all; the order does not count.
std::uint8_t sharedPercent(Words& left, Words& right)
{
    if (left.empty() && right.empty()) return 100;
    std::sort(left.begin(), left.end());
    std::sort(right.begin(), right.end());
    std::size_t shared = 0;
    for (auto a = left.begin(), b = right.begin(); a != left.end() && b != right.end();) {
        if (*a == *b) {
            ++shared;
            ++a;
            ++b;
        } else if (*a < *b) {
            ++a;
        } else {
            ++b;
        }
    }
    const auto percent = 200.0 * static_cast<double>(shared) / static_cast<double>(left.size() + right.size());
    return static_cast<std::uint8_t>(percent + 0.5);
}

std::uint8_t flagsOf(const Row& given, const Row& shown, const RowFigures& figures)
{
    std::uint8_t flags = 0;
    const auto set = [&flags](RowFlag flag) { flags = static_cast<std::uint8_t>(flags | static_cast<unsigned>(flag)); };
    const bool isPair = given.kind == RowKind::Preference;
    const bool isIdentical = isPair && given.chosen == given.rejected;
    // An identical pair without prompt of its own is split somewhere inside its answer: judge what was given.
    const Row& row = isIdentical ? given : shown;
    if (saysNothing(row.chosen) || (isPair && saysNothing(row.rejected))) set(RowFlag::EmptySide);
    if (!isPair) return flags;
    if (isIdentical) set(RowFlag::IdenticalSides);
    if (!isIdentical && !saysNothing(row.chosen) && figures.similarity >= kNearCopyPercent) set(RowFlag::NearCopy);
    const auto [shorter, longer] = std::minmax(figures.chosenLength, figures.rejectedLength);
    if (longer - shorter >= kLengthGapCharacters && longer >= kLengthGapRatio * shorter) set(RowFlag::LengthGap);
    if (!isIdentical && figures.commonWords >= kCommonPrefixWords) set(RowFlag::CommonPrefix);
    return flags;
}

std::uint32_t lengthOf(const RowText& text)
{
    return static_cast<std::uint32_t>(
        std::min<std::size_t>(characterCount(text), std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

std::array<unsigned char, 20> sortKey(std::string_view text)
{
    std::array<unsigned char, 20> key{};
    for (std::size_t i = 0; i < std::min(key.size(), text.size()); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        key[i] = byte >= 'A' && byte <= 'Z' ? static_cast<unsigned char>(byte + ('a' - 'A')) : byte;
    }
    return key;
}

RowFigures figuresOf(const Row& given)
{
    // Scratch that keeps its memory from row to row.
    static thread_local Words chosen;
    static thread_local Words rejected;
    const Row split = given.isPromptImplicit() ? shownRow(given) : Row{};
    const Row& row = given.isPromptImplicit() ? split : given;
    const bool hasPrompt = row.prompt.index() != 0;

    RowFigures figures;
    figures.promptKey = sortKey(lastTurn(hasPrompt ? row.prompt : row.chosen));
    figures.promptLength = lengthOf(row.prompt);
    figures.chosenLength = lengthOf(row.chosen);
    figures.rejectedLength = lengthOf(row.rejected);
    figures.turns = static_cast<std::uint16_t>(std::min<std::size_t>(turnCount(hasPrompt ? row.prompt : row.chosen),
                                                                     std::numeric_limits<std::uint16_t>::max()));
    if (row.kind == RowKind::Preference) {
        collectWords(row.chosen, chosen);
        collectWords(row.rejected, rejected);
        figures.commonWords = commonStart(chosen, rejected);
        figures.similarity = sharedPercent(chosen, rejected);
    }
    figures.flags = flagsOf(given, row, figures);
    return figures;
}

Result<FiguresByRow> measureRows(const RowSource& rows, const ProgressSink& progress, std::stop_token stop)
{
    FiguresByRow columns(rows.size());
    const auto measure = [&](std::size_t begin, std::size_t end) -> Result<> {
        for (std::size_t i = begin; i < end; ++i) {
            TRY(const Row row, rows.row(static_cast<std::uint32_t>(i)));
            columns[i] = figuresOf(row);
        }
        return {};
    };
    const auto report = [&](std::size_t done) {
        if (progress) progress("Measuring rows", done, columns.size());
    };
    TRY_VOID(forEachBlock(columns.size(), kRowsPerBlock, stop, measure, report));
    return columns;
}

}  // namespace preflab
