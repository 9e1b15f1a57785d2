// SPDX-License-Identifier: GPL-3.0-or-later
// What the loader has to say of a data file: rows left out, rows that are hardly meant so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace preflab {

/// One thing the loader found.
struct Finding {
    enum class Kind {
        BadRow,          ///< left out of the rows
        IdenticalSides,  ///< loaded; chosen and rejected are the same
        EmptySide,       ///< loaded; a side has no text or no message
        IncompleteFile,  ///< the file ends early; what came before is loaded
    };
    Kind kind = Kind::BadRow;
    std::uint64_t sourceNumber = 0;  ///< 1-based line or record; 0 for the file as a whole
    std::string reason;              ///< "line 17, column 3: expected ':'"
    bool operator==(const Finding&) const = default;
};

/// Counts of findings, with the first ones spelled out (a file of a million bad lines must not fill memory).
struct Findings {
    static constexpr std::size_t kKept = 1000;
    std::uint64_t badRows = 0;
    std::uint64_t identicalSides = 0;
    std::uint64_t emptySides = 0;
    bool isFileIncomplete = false;
    std::vector<Finding> first;  ///< up to kKept of each kind

    /// Counts `finding`, and keeps it if it is among the first of its kind.
    void add(Finding finding);
    /// Counts all of `later`, and keeps its first ones as far as there is room.
    void append(const Findings& later);
};

}  // namespace preflab
