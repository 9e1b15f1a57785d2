// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as people type and paste them: one rule for flags, forms and files, whatever the locale.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace preflab {

/// Whether a number may be the value that is asked for; an empty one allows all.
using NumberTest = std::function<bool(double value)>;

/// The number that `text` is, with a point or a comma before the decimals: "0.5" and "0,5" are one half, "0,001" is a
/// thousandth. Spaces around it, a plus and U+2212 as a minus do not matter; "5e-7", "nan" and "inf" are numbers, spaces or
/// several marks within are not. ParameterNotANumber under the name `key`; ParameterOutOfRange, naming both ways to read
/// it, for what may be a group of thousands: "1,000", "1,234" and "1.000" (but 1.234 is as programs write it). A way that
/// `isAllowed` refuses is not named as a remedy; where it refuses both, the text is read with a decimal mark.
Result<double> typedNumber(const std::string& key, std::string_view text, const NumberTest& isAllowed = {});

/// The same for whole numbers, which have no mark at all: ParameterNotANumber for a text; nothing for a number that is not
/// whole, or too large. Of "2.500" the only reading is 2500, and of "1,000" both are whole.
Result<std::optional<std::int64_t>> typedWholeNumber(const std::string& key, std::string_view text,
                                                     const NumberTest& isAllowed = {});

}  // namespace preflab
