// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of text on a terminal.
#pragma once

#include <string>
#include <vector>

namespace preflab {

/// Rows of cells under a header; the first column stands left, numbers right.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> header) { add(std::move(header)); }
    /// Cells may be names and texts from anywhere; each stays on its line (core/base/printable.h).
    void add(std::vector<std::string> row);
    bool isEmpty() const { return m_rows.size() == 1; }
    /// Lines with two spaces between columns; `indent` spaces in front.
    std::string text(std::size_t indent = 0) const;

private:
    std::vector<std::vector<std::string>> m_rows;
};

/// "label       text" and a line break, with the text's further lines below its first.
std::string indented(const std::string& label, const std::string& text);

/// A value as people read it: 4 significant digits, "-" for NaN; `isSigned` shows a plus.
enum class Sign { Negative, Always };
std::string numberText(double value, Sign sign = Sign::Negative);

}  // namespace preflab
