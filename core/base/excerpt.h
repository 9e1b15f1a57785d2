// SPDX-License-Identifier: GPL-3.0-or-later
// Foreign text in our sentences.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace preflab {

/// How many characters of a foreign text (a name, a number, a value from a file) a message quotes at most.
constexpr std::size_t kQuotedCharacters = 80;

/// `text` if it has at most `most` characters, else its beginning with an ellipsis, `most` characters together. Never
/// cuts a UTF-8 character; in what is no UTF-8 each stray byte counts as one.
std::string excerptOf(std::string_view text, std::size_t most = kQuotedCharacters);

}  // namespace preflab
