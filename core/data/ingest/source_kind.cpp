// SPDX-License-Identifier: GPL-3.0-or-later
// Signatures first, then what the first bytes look like, then the name.
#include "core/data/ingest/source_kind.h"

#include "core/base/json_tokens.h"
#include "core/base/wrong_content.h"
#include "core/data/ingest/csv_header.h"
#include "core/data/ingest/line_blocks.h"
#include "core/data/ingest/utf16.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

namespace preflab {
namespace {

constexpr std::string_view kGzip = "\x1F\x8B";
constexpr std::string_view kParquet = "PAR1";
constexpr std::string_view kEncryptedParquet = "PARE";

/// Bytes that no text begins with: pickles, archives, pictures. A zero in a later line may stand in a text of a CSV
/// file, which is then known as one by its name or its header.
bool isBinary(std::string_view head)
{
    const auto firstLine = head.substr(0, head.find('\n'));
    return firstLine.find('\0') != std::string_view::npos || head.starts_with("\x80") || head.starts_with("PK\x03\x04");
}

/// Columns by which a CSV file is known as data for PrefLab whatever its name.
bool hasKnownColumn(std::string_view head, bool isWhole)
{
    const auto header = parseCsvHeader(head, isWhole);
    return header && std::any_of(header->names.begin(), header->names.end(), [](const std::string& name) {
               return name == "chosen" || name == "completion" || name == "text";
           });
}

std::optional<SourceKind> textKind(const FileReader& file, std::string_view head, bool isWhole)
{
    const auto extension = lowerExtension(file.path());
    if (extension == ".jsonl" || extension == ".ndjson" || extension == ".json") return SourceKind::Lines;
    if (extension == ".csv" || extension == ".tsv" || hasKnownColumn(head, isWhole)) return SourceKind::Csv;
    // A bad first line does not hide that the others are objects.
    const bool hasZero = head.find('\0') != std::string_view::npos;
    if (!hasZero && head.find("\n{") != std::string_view::npos) return SourceKind::Lines;
    return std::nullopt;
}

/// True if the text begins with an object that runs over several lines: the first line is no JSON, and the next one
/// begins with a key.
bool isPrettyPrinted(std::string_view text)
{
    const auto lineEnd = text.find('\n');
    if (lineEnd == std::string_view::npos) return false;
    const auto next = text.find_first_not_of(" \t\r\n", lineEnd);
    return next != std::string_view::npos && text[next] == '"' && jsonFault(text.substr(0, lineEnd));
}

/// Nothing for a file of no kind that is read.
std::optional<SourceKind> kindOf(const FileReader& file, std::string_view head, bool isWhole)
{
    if (head.starts_with(kGzip)) return SourceKind::Gzip;
    if (head.starts_with(kParquet) || head.starts_with(kEncryptedParquet)) return SourceKind::Parquet;
    if (isUtf16(head)) return SourceKind::Utf16;
    const auto first = head.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return SourceKind::Lines;
    if (head[first] == '{') return isPrettyPrinted(head.substr(first)) ? SourceKind::JsonRecords : SourceKind::Lines;
    if (head[first] == '[') return SourceKind::JsonRecords;
    if (isBinary(head)) return std::nullopt;
    return textKind(file, head, isWhole);
}

}  // namespace

std::string lowerExtension(const std::filesystem::path& path)
{
    auto extension = path.extension().string();
    for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return extension;
}

std::string unpackedExtension(const std::filesystem::path& path)
{
    auto extension = lowerExtension(path);
    return extension == ".gz" ? lowerExtension(path.stem()) : extension;
}

Result<SourceKind> sourceKindOf(const FileReader& file)
{
    TRY_VOID(checkContent(file));
    // Not TRY: moving the text out makes GCC 12 warn of memory that is never read.
    const auto head = readHead(file);
    if (!head) return tl::unexpected(head.error());
    if (isUtf32(*head))
        return fail(ErrorCode::ConversionFailed,
                    {{"path", file.path().string()},
                     {"reason", "it is text in UTF-32, which PrefLab does not read; save it as UTF-8"}});
    const bool isWhole = file.size() <= kHeadBytes;
    if (isWhole && isBlank(*head)) return fail(ErrorCode::EmptyDataset, {{"path", file.path().string()}});
    if (const auto kind = kindOf(file, *head, isWhole)) return *kind;
    return fail(ErrorCode::UnknownDataFormat, {{"path", file.path().string()}});
}

}  // namespace preflab
