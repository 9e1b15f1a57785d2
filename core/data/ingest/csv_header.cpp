// SPDX-License-Identifier: GPL-3.0-or-later
// The first record is read with each delimiter; the one that finds most fields is the file's.
#include "core/data/ingest/csv_header.h"

#include "core/base/excerpt.h"
#include "core/base/system.h"
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
void makeUnique(CsvHeader& header)
{
    constexpr std::size_t kNamed = 5;
    UniqueNames unique;
    std::size_t repeated = 0;
    for (std::size_t i = 0; i < header.names.size(); ++i) {
        const std::string wanted = std::move(header.names[i]);
        header.names[i] = unique.take(wanted.empty() ? "column" + std::to_string(i + 1) : wanted);
        if (wanted.empty() || header.names[i] == wanted || ++repeated > kNamed) continue;
        header.repeated += (repeated == 1 ? "another \"" : ", another \"") + excerptOf(wanted) + "\" is read as \"" +
                           excerptOf(header.names[i]) + "\"";
    }
    if (repeated > kNamed) header.repeated += ", and " + countText(repeated - kNamed) + " more";
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
    makeUnique(header);
    return header;
}

}  // namespace preflab
