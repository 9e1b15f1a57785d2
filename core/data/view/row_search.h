// SPDX-License-Identifier: GPL-3.0-or-later
// Finding rows by what their texts say, in the bytes of the row file: parsing a million rows takes seconds.
#pragma once

#include "core/base/result.h"
#include "core/base/text_pattern.h"
#include "core/data/ingest/dataset.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace preflab {

/// What a search field says: words in letters of either case, or an expression between slashes ("/colou?r/").
class RowSearch {
public:
    /// PatternInvalid. The text must not be empty.
    static Result<RowSearch> compile(std::string_view text);

    /// For highlighting hits.
    const TextPattern& pattern() const { return m_pattern; }
    /// True if prompt, chosen or rejected hold it, each text and message by itself.
    bool matches(const Row& row) const;
    /// Sets `kept[i]` to 0 for each row i that does not hold it; rows that are 0 already are not looked at. `rows` are as
    /// the file has them. Cancelled, or the error of a row that cannot be read.
    Result<> keepMatching(const RowSource& rows, std::vector<std::uint8_t>& kept,
                          const std::stop_token& stop = {}) const;

private:
    Result<> keepMatchingRows(const RowSource& rows, std::vector<std::uint8_t>& kept,
                              const std::stop_token& stop) const;
    RowSearch(TextPattern pattern, std::optional<TextPattern> run);
    TextPattern m_pattern;
    std::optional<TextPattern> m_run;  ///< letters and signs that stand in the file as they stand in the text
};

}  // namespace preflab
