// SPDX-License-Identifier: GPL-3.0-or-later
// Texts from files, models and projects on their way to a terminal.
#pragma once

#include <string>
#include <string_view>

namespace preflab {

/// What becomes of line breaks and tabs.
enum class LineBreaks {
    Show,  ///< as \x0a, \x0d and \x09: for names, which stand on one line
    Keep,  ///< as they are: for texts of several lines; a carriage return, which overwrites its line, is shown even so
};

/// `text` as a terminal may get it: control characters (also DEL and those of ISO 6429, U+0080 to U+009F), marks that turn
/// the direction of writing or break lines, and bytes that are no UTF-8 become \x1b or \u202e; all else stays.
std::string printable(std::string_view text, LineBreaks breaks = LineBreaks::Show);

/// The beginning of `text`, at most `bytes` long and not cut inside a character.
std::string_view wholeCharacters(std::string_view text, std::size_t bytes);

}  // namespace preflab
