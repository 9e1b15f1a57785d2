// SPDX-License-Identifier: GPL-3.0-or-later
// Column widths in characters, not bytes.
#include "app/cli/text_table.h"

#include "core/base/printable.h"
#include "core/base/utf8.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace preflab {

namespace {

std::size_t characters(std::string_view text)
{
    return std::size_t(std::count_if(text.begin(), text.end(), [](char byte) { return !isUtf8Continuation(byte); }));
}

bool isNumber(const std::string& cell)
{
    return cell.find_first_not_of("0123456789+-.,e% ") == std::string::npos;
}

}  // namespace

void TextTable::add(std::vector<std::string> row)
{
    for (std::string& cell : row) cell = printable(cell);
    m_rows.push_back(std::move(row));
}

std::string TextTable::text(std::size_t indent) const
{
    std::vector<std::size_t> widths(m_rows.front().size(), 0);
    std::vector<bool> isRight(widths.size(), true);
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        for (std::size_t column = 0; column < m_rows[row].size(); ++column) {
            widths[column] = std::max(widths[column], characters(m_rows[row][column]));
            if (column == 0 || (row > 0 && !isNumber(m_rows[row][column]))) isRight[column] = false;
        }
    }
    std::string text;
    for (const std::vector<std::string>& row : m_rows) {
        std::string line(indent, ' ');
        for (std::size_t column = 0; column < row.size(); ++column) {
            const std::string padding(widths[column] - characters(row[column]), ' ');
            line += isRight[column] ? padding + row[column] : row[column] + padding;
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string indented(const std::string& label, const std::string& text)
{
    constexpr std::size_t kLabel = 12;
    std::string shown = printable(label) + std::string(label.size() < kLabel ? kLabel - label.size() : 1, ' ');
    for (const char letter : printable(text, LineBreaks::Keep)) {
        shown += letter;
        if (letter == '\n') shown += std::string(kLabel, ' ');
    }
    return shown + "\n";
}

std::string numberText(double value, Sign sign)
{
    if (std::isnan(value)) return "-";
    char buffer[40];
    const double size = std::fabs(value);
    if (size != 0.0 && (size < 1e-4 || size >= 1e6))
        std::snprintf(buffer, sizeof buffer, "%.2e", value);
    else
        std::snprintf(buffer, sizeof buffer, "%.*f",
                      size >= 1000.0  ? 1
                      : size >= 100.0 ? 2
                      : size >= 10.0  ? 3
                                      : 4,
                      value);
    return (sign == Sign::Always && value >= 0.0 ? "+" : "") + std::string(buffer);
}

}  // namespace preflab
