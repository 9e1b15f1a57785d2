// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 4180 as a state machine. It knows the line of everything, and gives up on a record, never on the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// A header with more columns is hostile or broken.
inline constexpr std::size_t kMaxCsvFields = 4096;

/// One record of a CSV file, or the lines that hold none and why.
struct CsvRecord {
    std::uint64_t line = 1;   ///< 1-based, in which it begins
    std::uint64_t lines = 1;  ///< how many it covers
    std::vector<std::string> fields = {1, std::string()};
    std::string fault = {};       ///< empty if it is well formed
    std::uint64_t quoteLine = 0;  ///< in which the last field in quotes begins; 0: none is in quotes
    /// Delimiters of its first line, in quotes or not, if all its lines have as many.
    std::uint64_t delimitersALine = 0;
    bool haveLinesEqualDelimiters = true;

    /// True for a line with nothing on it.
    bool isBlank() const { return fault.empty() && quoteLine == 0 && fields.size() == 1 && fields.front().empty(); }
};

/// Cuts a text that comes in pieces into records. A field in quotes may hold delimiters, line ends and doubled quotes; a
/// quote inside a field that did not begin with one is an ordinary character. Lines end in LF, CR LF or CR.
class CsvSplitter {
public:
    CsvSplitter(char delimiter, std::uint64_t maxRecordBytes) : m_delimiter(delimiter), m_maxBytes(maxRecordBytes) {}

    /// Reads from the front of `text` and removes what it read. True if record() is complete; false if `text` is used up.
    bool read(std::string_view& text);
    /// At the end of the file: true if there is a last record, which no line end closed.
    bool finish();
    /// The complete record, until the next call of read.
    const CsvRecord& record() const { return m_record; }

private:
    enum class State { Start, Plain, Quoted, QuoteInQuoted, Skipping, Complete };

    bool take(char c);
    bool takeInField(char c, bool isLineEnd);
    void takeRun(std::string_view& text);
    void append(std::string_view text);
    void nextField();
    void endLine();
    bool complete();
    void giveUp(std::string fault);

    char m_delimiter;
    std::uint64_t m_maxBytes;
    State m_state = State::Start;
    CsvRecord m_record;
    std::uint64_t m_line = 1;            ///< of the next character
    std::uint64_t m_bytes = 0;           ///< of the record so far
    std::uint64_t m_lineBytes = 0;       ///< of the line so far
    std::uint64_t m_lineDelimiters = 0;  ///< of the line so far, in quotes or not
    bool m_isAfterReturn = false;        ///< an LF now belongs to the CR before it
};

}  // namespace preflab
