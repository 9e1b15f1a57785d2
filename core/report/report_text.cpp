// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of reports: escaping and numbers.
#include "core/report/report_text.h"

#include "core/base/printable.h"
#include "core/base/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace preflab {

namespace {

constexpr std::string_view kMinus = "\u2212";
constexpr std::string_view kNarrowSpace = "\u202F";  // does not break
constexpr std::string_view kReplacement = "\uFFFD";
constexpr std::string_view kEllipsis = "\u2026";

std::string unsignedText(double value, int decimals)
{
    std::array<char, 64> buffer{};
    const bool isPlain = value < 1e7 && (value == 0 || value >= 1e-4 || decimals == 0);
    const auto format = isPlain ? std::chars_format::fixed : std::chars_format::scientific;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, isPlain ? decimals : 2);
    return {buffer.data(), end.ptr};
}

void groupThousands(std::string& digits)
{
    const std::size_t point = std::min(digits.find('.'), digits.size());
    if (digits.find('e') != std::string::npos || point <= 4) return;
    for (std::size_t at = point; at > 3; at -= 3) digits.insert(at - 3, ",");
}

/// A character of one byte, or a stray byte.
void appendEscaped(std::string& escaped, char c)
{
    switch (c) {
    case '&':
        escaped += "&amp;";
        return;
    case '<':
        escaped += "&lt;";
        return;
    case '>':
        escaped += "&gt;";
        return;
    case '"':
        escaped += "&quot;";
        return;
    case '\'':
        escaped += "&#39;";
        return;
    default: {
        const auto byte = static_cast<unsigned char>(c);
        const bool isControl = (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte >= 0x7F;
        if (isControl)
            escaped += kReplacement;
        else
            escaped += c;
    }
    }
}

}  // namespace

std::string escapeHtml(std::string_view text)
{
    std::string escaped;
    escaped.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = std::max<std::size_t>(1, utf8Length(text));
        if (length > 1)
            escaped += printable(text.substr(0, length));
        else
            appendEscaped(escaped, text.front());
        text.remove_prefix(length);
    }
    return escaped;
}

std::string numberText(double value, int decimals)
{
    if (!std::isfinite(value)) return std::isnan(value) ? "not a number" : "infinite";
    std::string digits = unsignedText(std::abs(value), decimals);
    const bool isZero = digits.find_first_of("123456789") == std::string::npos;
    groupThousands(digits);
    return (value < 0 && !isZero ? std::string(kMinus) : std::string()) + digits;
}

std::string valueText(double value)
{
    const double size = std::abs(value);
    return numberText(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.01 || size == 0 ? 3 : 4);
}

std::string shareText(double value)
{
    return numberText(value * 100, 1) + std::string(kNarrowSpace) + "%";
}

std::string signedText(const std::string& text)
{
    const bool isZero = text.find_first_of("123456789") == std::string::npos;
    return isZero || text.starts_with(kMinus) ? text : "+" + text;
}

std::string shortened(std::string_view text, std::size_t limit)
{
    if (characterCount(text) <= limit) return std::string(text);
    std::size_t end = 0;
    for (std::size_t characters = 0; end < text.size(); ++end) {
        if (!isUtf8Continuation(text[end]) && ++characters == limit) break;
    }
    return std::string(text.substr(0, end)) + std::string(kEllipsis);
}

}  // namespace preflab
