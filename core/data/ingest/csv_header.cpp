// SPDX-License-Identifier: GPL-3.0-or-later
// The first record is read with each delimiter; the one that finds most fields is the file's.
#include "core/data/ingest/csv_header.h"

#include "core/data/ingest/csv_splitter.h"
#include "core/data/ingest/unique_names.h"

#include <cstddef>
#include <utility>

namespace preflab {
namespace {

constexpr std::string_view kDelimiters = ",;\t|";

/// The fields of the first record; none if it does not end within `head`, or is none.
std::vector<std::string> firstRecord(std::string_view head, bool isWhole, char delimiter)
{
    CsvSplitter splitter(delimiter, head.size());
    auto rest = head;
    const bool isComplete = splitter.read(rest) || (isWhole && splitter.finish());
    if (!isComplete || !splitter.record().fault.empty() || splitter.record().isBlank()) return {};
    return splitter.record().fields;
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
    CsvHeader header;
    for (const char delimiter : kDelimiters) {
        auto names = firstRecord(head, isWhole, delimiter);
        if (names.size() <= header.names.size()) continue;
        header.delimiter = delimiter;
        header.names = std::move(names);
    }
    if (header.names.empty()) return std::nullopt;
    makeUnique(header.names);
    return header;
}

}  // namespace preflab
