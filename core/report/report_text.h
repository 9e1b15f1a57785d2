// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of reports: escaping and numbers.
#pragma once

#include "core/data/rows/row_text.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace preflab {

/// Text for HTML content and attributes: markup characters as entities, control characters (but line breaks and
/// tabs) and bytes that are no UTF-8 as U+FFFD, marks that turn the direction of writing as a terminal shows them: "\u202e".
std::string escapeHtml(std::string_view text);

/// "0.641", "−12.30", "12,040": fixed notation with a real minus sign, whatever the locale; scientific where a number
/// is very small or very large.
std::string numberText(double value, int decimals);

/// With as many decimals as a reader can use: three significant figures and a bit.
std::string valueText(double value);

/// "71.2 %" of 0.712, with a space that does not break.
std::string shareText(double value);

/// The same with an explicit sign: "+0.132", "−1.2".
std::string signedText(const std::string& text);

/// At most `limit` characters (UTF-8 aware), the rest as an ellipsis.
std::string shortened(std::string_view text, std::size_t limit);

}  // namespace preflab
