// SPDX-License-Identifier: GPL-3.0-or-later
// Parsing, checking and printing of parameters by their specs.
#include "core/base/schema.h"

#include "core/base/typed_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <type_traits>

namespace preflab {
namespace {

/// 1e-06 is how to_chars writes what a person types as 1e-6.
std::string numberText(double value)
{
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    std::string text(buffer.data(), end);
    const auto exponent = text.find('e');
    if (exponent == std::string::npos) return text;
    auto digit = exponent + 1;
    if (text[digit] == '+') text.erase(digit, 1);
    if (text[digit] == '-') ++digit;
    while (digit + 1 < text.size() && text[digit] == '0') text.erase(digit, 1);
    return text;
}

/// Models compute in float32, where smaller numbers are 0 or lose their digits: a beta of 1e-46 would teach nothing.
constexpr double kSmallestPositive = 1.2e-38;
static_assert(kSmallestPositive > std::numeric_limits<float>::min());

/// Above the limit of a setting that must not be 0, and yet as good as 0.
bool isVanishing(const ParamSpec& spec, double value)
{
    return spec.minimum == 0.0 && !spec.isMinimumAllowed && value > 0.0 && value < kSmallestPositive;
}

bool isInRange(const ParamSpec& spec, double value)
{
    if (!std::isfinite(value) || isVanishing(spec, value)) return false;
    if (spec.minimum && (spec.isMinimumAllowed ? value < *spec.minimum : value <= *spec.minimum)) return false;
    return !spec.maximum || value <= *spec.maximum;
}

/// `number`: the value, where it is one.
tl::unexpected<Error> outOfRange(const ParamSpec& spec, std::string value, double number = 0.0)
{
    const std::string range = isVanishing(spec, number)
                                  ? "at least " + numberText(kSmallestPositive) + ", since models compute in float32"
                                  : rangeText(spec);
    return fail(ErrorCode::ParameterOutOfRange, {{"key", spec.key}, {"value", std::move(value)}, {"range", range}});
}

std::string numberRangeText(const ParamSpec& spec)
{
    if (spec.minimum && !spec.isMinimumAllowed) {
        return "above " + numberText(*spec.minimum) + (spec.maximum ? " and at most " + numberText(*spec.maximum) : "");
    }
    if (spec.minimum && spec.maximum) {
        return "from " + numberText(*spec.minimum) + " to " + numberText(*spec.maximum);
    }
    if (spec.minimum) return "at least " + numberText(*spec.minimum);
    if (spec.maximum) return "at most " + numberText(*spec.maximum);
    return {};
}

}  // namespace

const std::vector<std::string>& paramGroups()
{
    static const std::vector<std::string> groups{"Preference", "Optimisation", "Length", "Evaluation", "Output"};
    return groups;
}

const ParamSpec* findParam(const std::vector<ParamSpec>& specs, std::string_view key)
{
    const auto found = std::find_if(specs.begin(), specs.end(), [&](const ParamSpec& spec) { return spec.key == key; });
    return found == specs.end() ? nullptr : &*found;
}

Result<ParamValue> parseParam(const ParamSpec& spec, std::string_view text)
{
    ParamValue value{std::string(text)};
    const auto isAllowed = [&spec](double number) { return isInRange(spec, number); };
    if (std::holds_alternative<bool>(spec.defaultValue)) {
        if (text != "true" && text != "false") return outOfRange(spec, std::string(text));
        value = text == "true";
    } else if (std::holds_alternative<std::int64_t>(spec.defaultValue)) {
        TRY(const auto whole, typedWholeNumber(spec.key, text, isAllowed));
        if (!whole) return outOfRange(spec, std::string(text));
        value = *whole;
    } else if (std::holds_alternative<double>(spec.defaultValue)) {
        TRY(value, typedNumber(spec.key, text, isAllowed));
    }
    TRY_VOID(validateParam(spec, value));
    return value;
}

Result<> validateParam(const ParamSpec& spec, const ParamValue& value)
{
    bool isValid = value.index() == spec.defaultValue.index();
    if (isValid && std::holds_alternative<std::int64_t>(value)) {
        isValid = isInRange(spec, static_cast<double>(std::get<std::int64_t>(value)));
    } else if (isValid && std::holds_alternative<double>(value)) {
        isValid = isInRange(spec, std::get<double>(value));
    } else if (isValid && std::holds_alternative<std::string>(value) && !spec.choices.empty()) {
        isValid =
            std::find(spec.choices.begin(), spec.choices.end(), std::get<std::string>(value)) != spec.choices.end();
    }
    const double* number = std::get_if<double>(&value);
    if (!isValid) return outOfRange(spec, toText(value), number ? *number : 0.0);
    return {};
}

ParamValues defaultsOf(const std::vector<ParamSpec>& specs)
{
    ParamValues values;
    for (const ParamSpec& spec : specs) values[spec.key] = spec.defaultValue;
    return values;
}

std::string toText(const ParamValue& value)
{
    return std::visit(
        [](const auto& held) -> std::string {
            using Held = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<Held, bool>) {
                return held ? "true" : "false";
            } else if constexpr (std::is_same_v<Held, std::int64_t>) {
                return std::to_string(held);
            } else if constexpr (std::is_same_v<Held, double>) {
                return numberText(held);
            } else {
                return held;
            }
        },
        value);
}

std::string rangeText(const ParamSpec& spec)
{
    if (std::holds_alternative<bool>(spec.defaultValue)) return "true or false";
    if (std::holds_alternative<std::string>(spec.defaultValue)) {
        if (spec.choices.empty()) return "a text";
        std::string text = "one of ";
        for (std::size_t i = 0; i < spec.choices.size(); ++i) text += (i == 0 ? "" : ", ") + spec.choices[i];
        return text;
    }
    const std::string range = numberRangeText(spec);
    if (std::holds_alternative<double>(spec.defaultValue)) return range.empty() ? "a number" : range;
    return range.empty() ? "a whole number" : "a whole number " + range;
}

Json toJson(const ParamValues& values)
{
    Json json = Json::object();
    for (const auto& [key, value] : values) {
        std::visit([&json, name = key](const auto& held) { json[name] = held; }, value);
    }
    return json;
}

Result<ParamValues> paramValuesFromJson(const Json& json)
{
    const auto invalid = [](const std::string& key, const char* reason) {
        return fail(ErrorCode::ConfigInvalid, {{"path", "The list of settings"}, {"key", key}, {"reason", reason}});
    };
    if (!json.is_object()) return invalid("its beginning", "must be an object");
    const JsonObject object(json, "The list of settings");
    ParamValues values;
    for (const auto& item : json.items()) {
        const Json& value = item.value();
        if (value.is_boolean()) {
            values[item.key()] = value.get<bool>();
        } else if (value.is_string()) {
            values[item.key()] = value.get<std::string>();
        } else if (value.is_number_integer()) {
            TRY(values[item.key()], object.integer(item.key()));
        } else if (value.is_number_float()) {
            values[item.key()] = value.get<double>();
        } else {
            return invalid(item.key(), "must be a number, a text, true or false");
        }
    }
    return values;
}

}  // namespace preflab
