// SPDX-License-Identifier: GPL-3.0-or-later
// Rows as people read them: turns, lengths in characters, the beginning that an implicit prompt hides in.
#pragma once

#include "core/data/rows/row.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace preflab {

/// The row as people read it: an implicit prompt is taken out of both sides where one can be found.
Row shownRow(const Row& row);

/// A text's turns: message lists as they are, transcripts cut at "\n\nHuman:" and "\n\nAssistant:" (roles "user" and
/// "assistant"), any other text as one turn of `role`. An absent or empty text has no turns.
Messages turnsOf(const RowText& text, std::string_view role);

/// How many turns `turnsOf` would give.
std::size_t turnCount(const RowText& text);
/// The content of the last turn that says something; views into `text`.
std::string_view lastTurn(const RowText& text);
/// The contents of all turns, an empty line between them.
std::string plainText(const RowText& text);
/// True for an answer that is none: an absent or empty text, no messages, or nothing in them but white space.
bool saysNothing(const RowText& text);
/// True if there is nothing but white space.
bool isWhiteSpace(std::string_view text);
/// Code points of all contents.
std::size_t characterCount(const RowText& text);
/// Code points of UTF-8.
std::size_t characterCount(std::string_view text);
/// The first `count` code points.
std::string_view firstCharacters(std::string_view text, std::size_t count);

}  // namespace preflab
