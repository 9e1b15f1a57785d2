// SPDX-License-Identifier: GPL-3.0-or-later
// One character at a time where the state may change, whole runs where it cannot.
#include "core/data/ingest/csv_splitter.h"

#include "core/base/system.h"

#include <algorithm>

namespace preflab {

bool CsvSplitter::read(std::string_view& text)
{
    if (m_state == State::Complete) {
        m_record = CsvRecord{.line = m_line};
        m_bytes = 0;
        m_state = State::Start;
    }
    while (!text.empty()) {
        takeRun(text);
        if (text.empty()) return false;
        const char c = text.front();
        text.remove_prefix(1);
        if (take(c)) return true;
    }
    return false;
}

bool CsvSplitter::finish()
{
    if (m_state == State::Complete || (m_state == State::Start && m_record.fields.size() == 1)) return false;
    if (m_state == State::Quoted)
        giveUp("the quotation mark opened in line " + std::to_string(m_record.quoteLine) + " is never closed");
    if (m_lineBytes > 0) endLine();
    return complete();
}

/// Takes what cannot change the state: in quotes everything but quotes and line ends, outside the inside of a field.
void CsvSplitter::takeRun(std::string_view& text)
{
    if (m_state != State::Quoted && m_state != State::Plain) return;
    const char stops[] = {m_delimiter, '\n', '\r', '"', '\0'};
    const auto length = std::min(text.find_first_of(stops), text.size());
    if (length == 0) return;
    m_lineBytes += length;
    m_isAfterReturn = false;
    append(text.substr(0, length));
    text.remove_prefix(length);
}

bool CsvSplitter::take(char c)
{
    if (c == '\n' && m_isAfterReturn) {
        m_isAfterReturn = false;
        if (m_state == State::Quoted) append("\n");
        return false;
    }
    const bool isLineEnd = c == '\n' || c == '\r';
    m_isAfterReturn = c == '\r';
    if (c == m_delimiter) ++m_lineDelimiters;
    if (isLineEnd)
        endLine();
    else
        ++m_lineBytes;
    return takeInField(c, isLineEnd);
}

bool CsvSplitter::takeInField(char c, bool isLineEnd)
{
    switch (m_state) {
    case State::Quoted:
        if (c == '"')
            m_state = State::QuoteInQuoted;
        else
            append({&c, 1});
        return false;
    case State::Start:
        if (c == '"') {
            m_state = State::Quoted;
            m_record.quoteLine = m_line;
            return false;
        }
        m_state = State::Plain;
        break;
    case State::QuoteInQuoted:
        if (c == '"') {
            append({&c, 1});
            m_state = State::Quoted;
            return false;
        }
        if (!isLineEnd && c != m_delimiter)
            giveUp("the quotation mark opened in line " + std::to_string(m_record.quoteLine) +
                   " is closed in the middle of a field, in line " + std::to_string(m_line));
        break;
    default:
        break;
    }
    if (isLineEnd) return complete();
    if (m_state == State::Skipping) return false;
    if (c == m_delimiter)
        nextField();
    else
        append({&c, 1});
    return false;
}

void CsvSplitter::append(std::string_view text)
{
    if (m_state == State::Skipping) return;
    m_bytes += text.size();
    if (m_bytes <= m_maxBytes) {
        m_record.fields.back().append(text);
    } else if (m_state == State::Quoted) {
        giveUp("the quotation mark opened in line " + std::to_string(m_record.quoteLine) + " is not closed within " +
               byteText(m_maxBytes));
    } else {
        giveUp("longer than " + byteText(m_maxBytes));
    }
}

void CsvSplitter::nextField()
{
    if (m_record.fields.size() == kMaxCsvFields) return giveUp("more than " + countText(kMaxCsvFields) + " fields");
    m_record.fields.emplace_back();
    m_state = State::Start;
}

/// Counts the line that ends here.
void CsvSplitter::endLine()
{
    if (m_line == m_record.line) m_record.delimitersALine = m_lineDelimiters;
    if (m_lineDelimiters != m_record.delimitersALine) m_record.haveLinesEqualDelimiters = false;
    m_lineDelimiters = 0;
    m_lineBytes = 0;
    ++m_line;
}

bool CsvSplitter::complete()
{
    m_record.lines = m_line - m_record.line;
    m_state = State::Complete;
    return true;
}

/// The rest of the line is passed over, and the next one begins a record.
void CsvSplitter::giveUp(std::string fault)
{
    m_record.fault = std::move(fault);
    m_record.fields.assign(1, std::string());
    m_state = State::Skipping;
}

}  // namespace preflab
