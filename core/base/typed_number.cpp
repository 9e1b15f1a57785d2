// SPDX-License-Identifier: GPL-3.0-or-later
// Normalises what was typed to what std::from_chars reads.
#include "core/base/typed_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace preflab {
namespace {

constexpr std::string_view kMinus = "\u2212";
constexpr std::array<std::string_view, 6> kSpaces{" ", "\t", "\n", "\r", "\u00A0", "\u202F"};

std::string_view trimmed(std::string_view text)
{
    for (bool isCut = true; isCut;) {
        isCut = false;
        for (const std::string_view space : kSpaces) {
            if (text.starts_with(space)) {
                text.remove_prefix(space.size());
                isCut = true;
            } else if (text.ends_with(space)) {
                text.remove_suffix(space.size());
                isCut = true;
            }
        }
    }
    return text;
}

/// Without spaces and plus, with a hyphen as minus.
std::string plain(std::string_view typed)
{
    std::string_view text = trimmed(typed);
    if (text.starts_with('+')) text.remove_prefix(1);
    std::string plain(text);
    for (auto at = plain.find(kMinus); at != std::string::npos; at = plain.find(kMinus))
        plain.replace(at, kMinus.size(), "-");
    return plain;
}

enum class Whole { No, Yes };

template <class Number>
std::optional<Number> read(const std::string& text)
{
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

tl::unexpected<Error> noNumber(const std::string& key, std::string_view text)
{
    return fail(ErrorCode::ParameterNotANumber, {{"key", key}, {"value", std::string(text)}});
}

/// One mark before exactly three digits and behind one to three that are no zero: "1,000". A point counts as such only
/// before a last zero, which no program writes.
bool mayBeThousands(std::string_view text)
{
    if (text.starts_with('-')) text.remove_prefix(1);
    const std::size_t mark = text.find_first_of(".,");
    if (mark == std::string_view::npos || mark == 0 || mark > 3 || text.size() != mark + 4) return false;
    if (text.front() == '0' || text.find_first_not_of("0123456789") != mark) return false;
    if (text.find_first_not_of("0123456789", mark + 1) != std::string_view::npos) return false;
    return text[mark] == ',' || text.back() == '0';
}

/// The two numbers that "1,500" may be, as nobody misreads them: "1500" and "1.5".
std::array<std::string, 2> readingsOf(const std::string& text)
{
    const std::size_t mark = text.find_first_of(".,");
    const std::string whole = text.substr(0, mark);
    std::string decimals = text.substr(mark + 1);
    std::array<std::string, 2> readings{whole + decimals, {}};
    decimals.erase(decimals.find_last_not_of('0') + 1);
    readings[1] = decimals.empty() ? whole : whole + "." + decimals;
    return readings;
}

bool mayBe(const std::string& reading, Whole whole, const NumberTest& isAllowed)
{
    const double value = *read<double>(reading);
    return (whole == Whole::No || value == std::trunc(value)) && (!isAllowed || isAllowed(value));
}

/// Names the readings that are allowed, if there is one: whoever follows the advice must not be refused again.
Result<> checkOneReading(const std::string& key, std::string_view typed, const std::string& number, Whole whole,
                         const NumberTest& isAllowed)
{
    if (!mayBeThousands(number)) return {};
    const auto [grouped, decimal] = readingsOf(number);
    const bool mayBeGrouped = mayBe(grouped, whole, isAllowed);
    const bool mayBeDecimal = mayBe(decimal, whole, isAllowed);
    if (!mayBeGrouped && !mayBeDecimal) return {};
    const std::string& likely = mayBeGrouped ? grouped : decimal;
    const std::string& other = mayBeGrouped ? decimal : grouped;
    const std::string why = mayBeGrouped && mayBeDecimal ? " or as " + other + ", because it can mean either"
                                                         : ", because it can also be read as " + other;
    return fail(ErrorCode::ParameterOutOfRange,
                {{"key", key}, {"value", std::string(typed)}, {"range", "written as " + likely + why}});
}

Result<double> numberIn(const std::string& key, std::string_view text, Whole whole, const NumberTest& isAllowed)
{
    std::string number = plain(text);
    TRY_VOID(checkOneReading(key, text, number, whole, isAllowed));
    const auto marks = std::count_if(number.begin(), number.end(), [](char c) { return c == '.' || c == ','; });
    if (marks == 1) std::replace(number.begin(), number.end(), ',', '.');
    if (const auto value = read<double>(number)) return *value;
    return noNumber(key, text);
}

}  // namespace

Result<double> typedNumber(const std::string& key, std::string_view text, const NumberTest& isAllowed)
{
    return numberIn(key, text, Whole::No, isAllowed);
}

Result<std::optional<std::int64_t>> typedWholeNumber(const std::string& key, std::string_view text,
                                                     const NumberTest& isAllowed)
{
    const auto whole = read<std::int64_t>(plain(text));
    if (whole) return whole;
    TRY_VOID(numberIn(key, text, Whole::Yes, isAllowed));
    return std::optional<std::int64_t>();
}

}  // namespace preflab
