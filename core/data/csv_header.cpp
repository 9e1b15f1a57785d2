// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 4180 for one record.
#include "core/data/csv_header.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <set>
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

std::string lowerCase(std::string text)
{
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// Names that are missing or taken get a number, so that no column hides another.
void makeUnique(std::vector<std::string>& names)
{
    std::set<std::string> taken;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].empty()) names[i] = "column" + std::to_string(i + 1);
        const auto wanted = names[i];
        for (int copy = 2; !taken.insert(lowerCase(names[i])).second; ++copy) {
            names[i] = wanted + "_" + std::to_string(copy);
        }
    }
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
