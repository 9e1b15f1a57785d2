// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters that describe themselves: command-line flags and form fields are made from these.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace preflab {

/// A parameter's value. Whole numbers are int64, not double, so that step counts stay exact.
using ParamValue = std::variant<bool, std::int64_t, double, std::string>;

/// Values by key ("beta", "learning_rate"); keys are TRL's names.
using ParamValues = std::map<std::string, ParamValue>;

/// One parameter: what a flag, a form field and a validation need to know.
struct ParamSpec {
    std::string key;                       ///< TRL's name in snake case; the flag is --with-dashes
    std::string title{};                   ///< field label, e.g. "Learning rate"
    ParamValue defaultValue = 0.0;         ///< also fixes the type
    std::optional<double> minimum{};       ///< smallest allowed value
    std::optional<double> maximum{};       ///< largest allowed value
    bool isMinimumAllowed = true;          ///< false: the value must be above `minimum`
    std::vector<std::string> choices{};    ///< for strings: the allowed values
    std::string help{};                    ///< at most 110 characters: what it does, then which way is which
    std::string source{};                  ///< where default and meaning come from (paper equation, TRL option)
    std::string group{};                   ///< heading in forms: one of paramGroups()
    std::string unit{};                    ///< "steps", "pairs", "tokens", "epochs", or nothing
    bool isLogScale = false;               ///< equal factors are equal distances on a slider
    bool isAdvanced = false;               ///< forms keep it folded away
    std::optional<double> usualMinimum{};  ///< ends of a slider; values beyond stay allowed up to the range
    std::optional<double> usualMaximum{};
};

/// The headings of forms, in their order: "Preference", "Optimisation", "Length", "Evaluation", "Output".
const std::vector<std::string>& paramGroups();

/// The spec of `key`, or nullptr.
const ParamSpec* findParam(const std::vector<ParamSpec>& specs, std::string_view key);

/// Parses a typed text by the type of the spec (typed_number.h); ParameterNotANumber or ParameterOutOfRange.
Result<ParamValue> parseParam(const ParamSpec& spec, std::string_view text);

/// Checks type, range and choices of a value; NaN is out of range.
Result<> validateParam(const ParamSpec& spec, const ParamValue& value);

/// Every default by key.
ParamValues defaultsOf(const std::vector<ParamSpec>& specs);

/// "0.1", "true", "cosine": the value as a user would type it.
std::string toText(const ParamValue& value);

/// "from 0.001 to 10", "above 0", "one of constant, linear, cosine".
std::string rangeText(const ParamSpec& spec);

/// JSON round trip of values; unknown JSON kinds are ConfigInvalid.
Json toJson(const ParamValues& values);
Result<ParamValues> paramValuesFromJson(const Json& json);

}  // namespace preflab
