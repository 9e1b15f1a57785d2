// SPDX-License-Identifier: GPL-3.0-or-later
// A growing token sequence as text that is shown once and never taken back.
#include "core/train/sample.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace preflab {

namespace {

/// U+FFFD, which decoders put where the bytes of a character are not complete yet.
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Bytes of a character by its first byte; 1 for bytes that begin none.
std::size_t characterBytes(unsigned char first)
{
    if (first >= 0xF0 && first <= 0xF4) return 4;
    if (first >= 0xE0) return first <= 0xEF ? 3 : 1;
    return first >= 0xC2 ? 2 : 1;
}

/// `text` without an unfinished character at its end.
std::string_view withoutPartialCharacter(std::string_view text)
{
    std::size_t tail = 0;  // continuation bytes at the end
    while (tail < text.size() && tail < 3 && (static_cast<unsigned char>(text[text.size() - 1 - tail]) & 0xC0) == 0x80)
        ++tail;
    if (tail == text.size()) return text;
    const std::size_t begin = text.size() - 1 - tail;
    const bool isUnfinished = characterBytes(static_cast<unsigned char>(text[begin])) > tail + 1;
    return isUnfinished ? text.substr(0, begin) : text;
}

/// `text` without what the next token may still change at its end.
std::string_view certainPart(std::string_view text)
{
    text = withoutPartialCharacter(text);
    while (text.ends_with(kReplacement)) text.remove_suffix(kReplacement.size());
    return text;
}

}  // namespace

TextStream::TextStream(const Tokenizer& tokenizer, TokenIds context)
    : m_tokenizer(tokenizer), m_ids(std::move(context)), m_shown(tokenizer.decode(m_ids).size())
{
}

std::string TextStream::add(TokenId id)
{
    m_ids.push_back(id);
    // The whole is decoded again, because the text of a token depends on its neighbours (spaces, bytes).
    const std::string text = m_tokenizer.decode(m_ids);
    const std::string_view certain = certainPart(text);
    if (certain.size() <= m_shown) return {};
    const std::string fresh(certain.substr(m_shown));
    m_shown = certain.size();
    return fresh;
}

std::string TextStream::finish()
{
    const std::string text = m_tokenizer.decode(m_ids);
    const std::size_t shown = std::min(m_shown, text.size());
    m_shown = text.size();
    return text.substr(shown);
}

}  // namespace preflab
