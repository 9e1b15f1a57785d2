// SPDX-License-Identifier: GPL-3.0-or-later
// The first record of a CSV file: which character separates the fields, and what the columns are called.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Fields are separated by `delimiter` and quoted by '"' (RFC 4180).
struct CsvHeader {
    char delimiter = ',';
    std::vector<std::string> names;  ///< never empty, unique without regard to case
    /// What became of names that were taken: "another \"chosen\" is read as \"chosen_2\""; empty if none was. Names
    /// five columns at most.
    std::string repeated = {};
};

/// The header in the first bytes of a file (after a byte order mark). The delimiter is the one of comma, semicolon,
/// tab and bar that is there most often outside quotes. Nothing if the first record does not end within `head`
/// although `isWhole` is false, if a quote is not closed, or if there are more than 4096 columns.
std::optional<CsvHeader> parseCsvHeader(std::string_view head, bool isWhole);

}  // namespace preflab
