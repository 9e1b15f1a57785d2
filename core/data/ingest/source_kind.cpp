// SPDX-License-Identifier: GPL-3.0-or-later
// Signatures first, then what the first bytes look like, then the name.
#include "core/data/ingest/source_kind.h"

#include "core/data/ingest/csv_header.h"
#include "core/data/ingest/line_blocks.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

namespace preflab {
namespace {

constexpr std::string_view kGzip = "\x1F\x8B";
constexpr std::string_view kParquet = "PAR1";
constexpr std::string_view kEncryptedParquet = "PARE";

std::string lowerExtension(const FileReader& file)
{
    auto extension = file.path().extension().string();
    for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return extension;
}

/// Bytes that no text has: pickles, archives, pictures, UTF-16.
bool isBinary(std::string_view head)
{
    return head.find('\0') != std::string_view::npos || head.starts_with("\x80") || head.starts_with("PK\x03\x04");
}

/// Columns by which a CSV file is known as data for PrefLab whatever its name.
bool hasKnownColumn(std::string_view head, bool isWhole)
{
    const auto header = parseCsvHeader(head, isWhole);
    return header && std::any_of(header->names.begin(), header->names.end(), [](const std::string& name) {
               return name == "chosen" || name == "completion" || name == "text";
           });
}

SourceKind textKind(const FileReader& file, std::string_view head, bool isWhole)
{
    const auto extension = lowerExtension(file);
    if (extension == ".jsonl" || extension == ".ndjson" || extension == ".json") return SourceKind::Lines;
    if (extension == ".csv" || extension == ".tsv" || hasKnownColumn(head, isWhole)) return SourceKind::Csv;
    // A bad first line does not hide that the others are objects.
    return head.find("\n{") != std::string_view::npos ? SourceKind::Lines : SourceKind::Unknown;
}

SourceKind kindOf(const FileReader& file, std::string_view head)
{
    if (head.starts_with(kGzip)) return SourceKind::Gzip;
    if (head.starts_with(kParquet) || head.starts_with(kEncryptedParquet)) return SourceKind::Parquet;
    const bool isWhole = file.size() <= kHeadBytes;
    const auto first = head.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return isWhole ? SourceKind::Empty : SourceKind::Lines;
    if (head[first] == '{') return SourceKind::Lines;
    if (head[first] == '[') return SourceKind::JsonArray;
    if (isBinary(head)) return SourceKind::Unknown;
    return textKind(file, head, isWhole);
}

}  // namespace

Result<SourceKind> sniffSource(const FileReader& file)
{
    // Not TRY: moving the text out makes GCC 12 warn of memory that is never read.
    const auto head = readHead(file);
    if (!head) return tl::unexpected(head.error());
    return kindOf(file, *head);
}

}  // namespace preflab
