// SPDX-License-Identifier: GPL-3.0-or-later
// Commands that can be typed as they are shown.
#pragma once

#include <string>
#include <string_view>

namespace preflab {

/// A word for a POSIX shell: as it is where nothing in it means anything to a shell, else in single quotes; with what a
/// terminal cannot show, such as bytes that are no UTF-8, as $'a\377'.
std::string shellWord(std::string_view word);

}  // namespace preflab
