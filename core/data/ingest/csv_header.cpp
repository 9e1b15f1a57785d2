// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 4180 for one record.
#include "core/data/ingest/csv_header.h"

#include "core/data/ingest/unique_names.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kMaxColumns = 4096;
constexpr std::string_view kDelimiters = ",;\t|";

/// The first record without its line end; nothing if it does not end.
std::optional<std::string_view> firstRecord(std::string_view head, bool isWhole)
{
    bool isQuoted = false;
    for (std::size_t i = 0; i < head.size(); ++i) {
        if (head[i] == '"') isQuoted = !isQuoted;
        if (!isQuoted && (head[i] == '\n' || head[i] == '\r')) return head.substr(0, i);
    }
    if (isQuoted || !isWhole) return std::nullopt;
    return head;
}

char likeliestDelimiter(std::string_view record)
{
    char best = kDelimiters.front();
    std::ptrdiff_t most = 0;
    for (const char delimiter : kDelimiters) {
        bool isQuoted = false;
        const auto count = std::count_if(record.begin(), record.end(), [&](char c) {
            if (c == '"') isQuoted = !isQuoted;
            return !isQuoted && c == delimiter;
        });
        if (count > most) {
            best = delimiter;
            most = count;
        }
    }
    return best;
}

std::vector<std::string> splitRecord(std::string_view record, char delimiter)
{
    std::vector<std::string> fields(1);
    bool isQuoted = false;
    for (std::size_t i = 0; i < record.size(); ++i) {
        const char c = record[i];
        if (c == '"' && isQuoted && i + 1 < record.size() && record[i + 1] == '"') {
            fields.back() += '"';
            ++i;
        } else if (c == '"') {
            isQuoted = !isQuoted;
        } else if (c == delimiter && !isQuoted) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

/// Names that are missing or taken get a number, so that no column hides another.
void makeUnique(std::vector<std::string>& names)
{
    UniqueNames unique;
    for (std::size_t i = 0; i < names.size(); ++i)
        names[i] = unique.take(names[i].empty() ? "column" + std::to_string(i + 1) : names[i]);
}

}  // namespace

std::optional<CsvHeader> parseCsvHeader(std::string_view head, bool isWhole)
{
    const auto record = firstRecord(head, isWhole);
    if (!record || record->empty()) return std::nullopt;
    CsvHeader header;
    header.delimiter = likeliestDelimiter(*record);
    header.names = splitRecord(*record, header.delimiter);
    if (header.names.size() > kMaxColumns) return std::nullopt;
    makeUnique(header.names);
    return header;
}

}  // namespace preflab
