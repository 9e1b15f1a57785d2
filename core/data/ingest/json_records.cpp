// SPDX-License-Identifier: GPL-3.0-or-later
// Only brackets, commas and quotes are looked at; they tell where an element ends.
#include "core/data/ingest/json_records.h"

#include "core/base/system.h"
#include "core/data/ingest/line_blocks.h"
#include "core/data/ingest/row_naming.h"
#include "core/data/ingest/strict_line.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;

/// Cuts a text that comes in pieces into elements.
class Elements {
public:
    explicit Elements(RowWriter& target) : m_target(target) {}

    Result<> read(std::string_view text)
    {
        for (const char c : text) TRY_VOID(take(c));
        return {};
    }

    /// At the end of the file.
    Result<> finish()
    {
        const bool isInArray = m_state == State::InArray;
        if (isInArray || m_depth > 0 || m_isInText) {
            const std::string what = isInArray ? "the array is never closed" : "the last object is never closed";
            m_findings.add({Finding::Kind::IncompleteFile, 0, what});
        }
        return isBlank(m_element) && !m_isTooLong ? Result<>() : end();
    }

    Findings takeFindings() { return std::move(m_findings); }

private:
    enum class State {
        Start,      ///< nothing but white space so far
        InArray,    ///< behind the '['
        InObjects,  ///< objects that follow one another
        Behind,     ///< behind the ']'
    };

    Result<> take(char c)
    {
        if (m_isInText) {
            add(c);
            m_isInText = m_isEscaped || c != '"';
            m_isEscaped = !m_isEscaped && c == '\\';
            return {};
        }
        if (m_depth == 0) return takeOutside(c);
        add(c);
        m_isInText = c == '"';
        if (c == '{' || c == '[') ++m_depth;
        if (c == '}' || c == ']') --m_depth;
        return m_depth == 0 && m_state == State::InObjects ? end() : Result<>();
    }

    /// A character between elements, or of an element that is no list and no object.
    Result<> takeOutside(char c)
    {
        const bool isSpace = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (m_state == State::Start && !isSpace) {
            m_state = c == '[' ? State::InArray : State::InObjects;
            if (c == '[') return {};
        }
        if (m_state == State::Behind) {
            if (!isSpace && !std::exchange(m_hasMore, true))
                m_findings.add({Finding::Kind::BytesBehind, 0, behindArray()});
            return {};
        }
        if (m_state == State::InArray && c == ',') {
            m_hasComma = true;
            return end();
        }
        if (m_state == State::InArray && c == ']') {
            m_state = State::Behind;
            // An empty array has no element, but "[1,]" lacks one.
            return isBlank(m_element) && !m_isTooLong && !m_hasComma ? Result<>() : end();
        }
        if (isSpace && m_element.empty()) return {};
        add(c);
        m_isInText = c == '"';
        if (c == '{' || c == '[') m_depth = 1;
        return {};
    }

    /// How many rows stand behind the end is not known, so they are not counted.
    std::string behindArray() const
    {
        const std::string array = m_number == 0 ? "the empty array at its beginning"
                                                : "the array that ends with " + placeText(RowNaming::Record, m_number);
        return "what follows " + array + " is not read; put all rows into one array";
    }

    void add(char c)
    {
        if (m_element.size() < kMaxRecordBytes)
            m_element += c;
        else
            m_isTooLong = true;
    }

    /// Writes the element as a line.
    Result<> end()
    {
        ++m_number;
        auto line = strictLine(m_element);
        // A line end inside a text is wrong, but must not make two rows of one. A tab there is as wrong.
        std::replace_if(
            line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, '\t');
        if (m_isTooLong || isBlank(line)) {
            const std::string reason =
                m_isTooLong ? "longer than " + byteText(kMaxRecordBytes) : "nothing between commas";
            m_findings.add({Finding::Kind::BadRow, m_number, placeText(RowNaming::Record, m_number) + ": " + reason});
            line.clear();
        }
        m_element.clear();
        m_isTooLong = false;
        return m_target.write(line + "\n");
    }

    RowWriter& m_target;
    Findings m_findings;
    State m_state = State::Start;
    std::string m_element;
    std::uint64_t m_number = 0;  ///< of the elements that ended
    std::uint64_t m_depth = 0;
    bool m_isInText = false;
    bool m_isEscaped = false;
    bool m_isTooLong = false;
    bool m_hasComma = false;
    bool m_hasMore = false;
};

}  // namespace

Result<Findings> writeJsonRecords(const FileReader& source, RowWriter& target, const ProgressSink& progress,
                                  std::stop_token stop)
{
    Elements elements(target);
    std::string buffer(kReadBytes, '\0');
    std::uint64_t offset = 0;
    while (true) {
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        TRY(const auto count, source.readSome(offset, std::as_writable_bytes(std::span(buffer))));
        if (count == 0) break;
        auto text = std::string_view(buffer).substr(0, count);
        if (offset == 0 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
        TRY_VOID(elements.read(text));
        offset += count;
        if (progress) progress("Converting rows", offset, source.size());
    }
    TRY_VOID(elements.finish());
    return elements.takeFindings();
}

}  // namespace preflab
