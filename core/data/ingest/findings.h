// SPDX-License-Identifier: GPL-3.0-or-later
// What the loader has to say of a data file: rows left out, rows that are hardly meant so. data_doubts.h has the words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// One thing the loader found.
struct Finding {
    enum class Kind {
        BadRow,           ///< left out of the rows
        IdenticalSides,   ///< loaded; chosen and rejected are the same
        EmptySide,        ///< loaded; an answer has no message, or no text but white space
        IncompleteFile,   ///< the file ends early; what came before is loaded
        OneContinues,     ///< loaded; without prompt column, and one side is the beginning of the other
        NothingInCommon,  ///< loaded; without prompt column, and the sides differ from the beginning
        PromptsDiffer,    ///< loaded; the sides differ in what the user says, so part of that is read as answer
        BytesBehind,      ///< more behind the end of gzip data or of a JSON array; it is not read
        SameColumns,      ///< the header has a name more than once; all but the first are read by another one
        PromptRepeated,   ///< loaded; the answers begin with the whole prompt that stands before them
    };
    static constexpr std::size_t kKinds = 10;
    Kind kind = Kind::BadRow;
    std::uint64_t sourceNumber = 0;  ///< 1-based line or record; 0 for the file as a whole
    std::string reason;              ///< "line 17, column 3: expected ':'"
    std::uint64_t rows = 1;          ///< how many it stands for: of lines that are no rows, each counts
    bool operator==(const Finding&) const = default;
};

/// "empty_sides": stable names of kinds for programs.
std::string_view findingId(Finding::Kind kind);
/// True for what is said of a file, and not of rows: there is one, or none.
bool isOfFile(Finding::Kind kind);

/// Counts of findings, with the first ones spelled out (a file of a million bad lines must not fill memory).
struct Findings {
    static constexpr std::size_t kKept = 1000;
    std::uint64_t badRows = 0;
    std::uint64_t identicalSides = 0;
    std::uint64_t emptySides = 0;
    std::uint64_t continuations = 0;     ///< OneContinues
    std::uint64_t withoutPrompt = 0;     ///< NothingInCommon
    std::uint64_t differingPrompts = 0;  ///< PromptsDiffer
    std::uint64_t repeatedPrompts = 0;   ///< PromptRepeated
    bool isFileIncomplete = false;
    bool hasBytesBehind = false;
    bool hasSameColumns = false;
    std::vector<Finding> first;  ///< up to kKept of each kind
    /// How many rows have messages with a key beside role and content: {"tool_calls": 3}. Up to kKeysKept keys.
    std::map<std::string, std::uint64_t> messageKeys;
    static constexpr std::size_t kKeysKept = 50;

    /// How many rows there are of a kind; 1 for a kind that is of the file.
    std::uint64_t count(Finding::Kind kind) const;
    /// Rows and other things found of all kinds together.
    std::uint64_t total() const;
    /// What is said of the first one of a kind; empty: there is none.
    std::string firstReason(Finding::Kind kind) const;
    /// True if every one of that kind is among `first`.
    bool areAllKept(Finding::Kind kind) const;
    /// Counts `finding`, and keeps it if it is among the first of its kind.
    void add(Finding finding);
    /// Takes back one finding of a row.
    void remove(Finding::Kind kind, std::uint64_t sourceNumber);
    /// Counts all of `later`, and keeps its first ones as far as there is room.
    void append(const Findings& later);
    /// Counts a key of messages that so many rows have.
    void addMessageKey(const std::string& key, std::uint64_t rows = 1);

private:
    void addCount(Finding::Kind kind, std::uint64_t rows);
    void keep(Finding finding);
    std::array<std::size_t, Finding::kKinds> m_kept{};
};

}  // namespace preflab
