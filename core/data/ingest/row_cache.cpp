// SPDX-License-Identifier: GPL-3.0-or-later
// A cached file "<hash>.<kind>" lies beside "<hash>.<kind>.json", which says what it must be and what was found.
#include "core/data/ingest/row_cache.h"

#include "core/base/atomic_file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/base/wrong_content.h"
#include "core/data/ingest/convert.h"
#include "core/data/ingest/inflate.h"
#include "core/data/ingest/row_writer.h"

#include <optional>
#include <utility>

namespace preflab {
namespace {

/// Raise it when the way files are made changes, so that older ones are not used.
constexpr int kCacheVersion = 3;
constexpr std::uint64_t kMaxRecordFileBytes = std::uint64_t{4} << 20;

struct CachedFile {
    std::filesystem::path path;
    Findings findings;
};

std::string_view kindName(SourceKind kind)
{
    switch (kind) {
    case SourceKind::Gzip:
        return "inflated";
    case SourceKind::Parquet:
        return "parquet-rows";
    case SourceKind::Csv:
        return "csv-rows";
    default:
        return "array-rows";
    }
}

/// "data.csv.gz" -> ".csv", which is the name's part in judging the content.
std::string innerExtension(const std::filesystem::path& path)
{
    const auto extension = path.stem().extension().string();
    for (const std::string_view known : {".csv", ".tsv", ".json", ".jsonl", ".ndjson"}) {
        if (extension == known) return extension;
    }
    return {};
}

std::filesystem::path recordPath(const std::filesystem::path& cached)
{
    auto path = cached;
    path += ".json";
    return path;
}

Json toJson(const Finding& finding)
{
    return {{"kind", static_cast<int>(finding.kind)}, {"number", finding.sourceNumber}, {"reason", finding.reason}};
}

std::string recordText(const RowWriter& written, const Findings& findings)
{
    auto list = Json::array();
    for (const auto& finding : findings.first) list.push_back(toJson(finding));
    const Json record{{"version", kCacheVersion},
                      {"bytes", written.bytes()},
                      {"hash", written.hash()},
                      {"bad_rows", findings.badRows},
                      {"incomplete", findings.isFileIncomplete},
                      {"findings", std::move(list)}};
    // DuckDB's reasons may quote bytes of the file that are no UTF-8.
    return record.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Findings> findingsFrom(const JsonObject& record)
{
    Findings findings;
    TRY(const auto badRows, record.integer("bad_rows"));
    TRY(findings.isFileIncomplete, record.boolean("incomplete"));
    findings.badRows = static_cast<std::uint64_t>(badRows);
    const auto list = record.json().find("findings");
    if (list == record.json().end() || !list->is_array()) return findings;
    for (const auto& item : *list) {
        const JsonObject object(item, record.file());
        TRY(const auto kind, object.integer("kind"));
        TRY(const auto number, object.integer("number"));
        TRY(auto reason, object.string("reason"));
        const bool isIncomplete = kind == static_cast<int>(Finding::Kind::IncompleteFile);
        findings.first.push_back({isIncomplete ? Finding::Kind::IncompleteFile : Finding::Kind::BadRow,
                                  static_cast<std::uint64_t>(number), std::move(reason)});
    }
    return findings;
}

/// The cached file if it is there and undamaged; an error otherwise, whatever it is, means to make it again.
Result<CachedFile> findCached(const std::filesystem::path& path)
{
    TRY(const auto json, readJsonFile(recordPath(path), kMaxRecordFileBytes));
    const JsonObject record(json, recordPath(path));
    TRY(const auto version, record.integer("version"));
    TRY(const auto bytes, record.integer("bytes"));
    TRY(const auto hash, record.string("hash"));
    TRY(auto findings, findingsFrom(record));
    TRY(const auto file, FileReader::open(path));
    if (version != kCacheVersion || file.size() != static_cast<std::uint64_t>(bytes)) {
        return fail(ErrorCode::FileChanged, {{"path", path.string()}});
    }
    TRY(const auto found, hashFile(path));
    if (found != hash) return fail(ErrorCode::FileChanged, {{"path", path.string()}});
    return CachedFile{path, std::move(findings)};
}

Result<Findings> inflateInto(const FileReader& source, RowWriter& writer, const ProgressSink& progress,
                             const std::stop_token& stop)
{
    TRY(auto incomplete, inflateGzip(source, writer, {}, progress, stop));
    Findings findings;
    if (!incomplete.empty()) findings.add({Finding::Kind::IncompleteFile, 0, std::move(incomplete)});
    return findings;
}

Result<CachedFile> make(const FileReader& source, SourceKind kind, const std::filesystem::path& path,
                        const ProgressSink& progress, const std::stop_token& stop)
{
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error) return fail(ErrorCode::WriteFailed, {{"path", path.string()}, {"reason", error.message()}});
    TRY_VOID(checkFreeSpace(path.parent_path(), source.size()));
    std::filesystem::remove(recordPath(path), error);
    TRY(auto writer, RowWriter::create(path));
    TRY(auto findings, kind == SourceKind::Gzip ? inflateInto(source, writer, progress, stop)
                                                : convertToRows(source.path(), kind, writer, progress, stop));
    TRY_VOID(source.checkUnchanged());
    TRY_VOID(writer.commit());
    TRY_VOID(writeFileAtomically(recordPath(path), recordText(writer, findings)));
    return CachedFile{path, std::move(findings)};
}

Result<CachedFile> findOrMake(const FileReader& source, SourceKind kind, const std::string& contentHash,
                              const std::filesystem::path& cacheFolder, const ProgressSink& progress,
                              const std::stop_token& stop)
{
    const auto extension = kind == SourceKind::Gzip ? innerExtension(source.path()) : std::string();
    const auto path = cacheFolder / "rows" / (contentHash + "." + std::string(kindName(kind)) + extension);
    if (auto cached = findCached(path)) return cached;
    return make(source, kind, path, progress, stop);
}

/// What a gzip file holds, as a row file.
Result<RowFile> inflatedRowFile(const CachedFile& inflated, const FileReader& source,
                                const std::filesystem::path& cacheFolder, const ProgressSink& progress,
                                const std::stop_token& stop)
{
    const auto named = [&source](auto result) {
        // The user does not know the cache's file.
        if (!result && result.error().arguments.contains("path")) {
            result.error().arguments["path"] = source.path().string();
        }
        return result;
    };
    TRY(const auto file, FileReader::open(inflated.path));
    TRY(const auto kind, sniffSource(file));
    if (kind == SourceKind::Gzip) {
        return fail(ErrorCode::DataInvalid, {{"path", source.path().string()},
                                             {"where", "its first byte"},
                                             {"reason", "there is gzip data inside the gzip data"}});
    }
    std::string hash;
    if (kind != SourceKind::Lines) {
        TRY(hash, hashFile(inflated.path));
    }
    TRY(auto rows, named(rowFileOf(file, hash, cacheFolder, progress, stop)));
    for (const auto& finding : inflated.findings.first) rows.findings.add(finding);
    return rows;
}

}  // namespace

Result<RowFile> rowFileOf(const FileReader& source, const std::string& contentHash,
                          const std::filesystem::path& cacheFolder, const ProgressSink& progress, std::stop_token stop)
{
    TRY_VOID(checkContent(source));
    TRY(const auto kind, sniffSource(source));
    if (kind == SourceKind::Empty) return fail(ErrorCode::EmptyDataset, {{"path", source.path().string()}});
    if (kind == SourceKind::Unknown) return fail(ErrorCode::UnknownDataFormat, {{"path", source.path().string()}});
    if (kind == SourceKind::Lines) return RowFile{source.path(), RowNaming::Line, {}};
    TRY(auto cached, findOrMake(source, kind, contentHash, cacheFolder, progress, stop));
    if (kind == SourceKind::Gzip) return inflatedRowFile(cached, source, cacheFolder, progress, stop);
    return RowFile{std::move(cached.path), RowNaming::Record, std::move(cached.findings)};
}

}  // namespace preflab
