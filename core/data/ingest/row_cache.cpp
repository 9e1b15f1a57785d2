// SPDX-License-Identifier: GPL-3.0-or-later
// A cached file "<hash>.<kind>" lies beside "<hash>.<kind>.json", which says what it must be and what was found.
#include "core/data/ingest/row_cache.h"

#include "core/base/atomic_file.h"
#include "core/base/file_error.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/data/ingest/csv_rows.h"
#include "core/data/ingest/inflate.h"
#include "core/data/ingest/json_records.h"
#include "core/data/ingest/parquet_rows.h"
#include "core/data/ingest/row_writer.h"
#include "core/data/ingest/utf16.h"

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

namespace preflab {
namespace {

/// Raise it when the way files are made changes, so that older ones are not used.
constexpr int kCacheVersion = 6;
constexpr std::uint64_t kMaxRecordFileBytes = std::uint64_t{4} << 20;

struct CachedFile {
    std::filesystem::path path;
    Findings findings;
    std::string hash;
    std::shared_ptr<const ScratchFolder> spare = {};
};

/// Where files are looked for and made.
struct Places {
    std::filesystem::path cacheFolder;
    std::shared_ptr<const ScratchFolder> spare = {};
};

std::string_view kindName(SourceKind kind)
{
    switch (kind) {
    case SourceKind::Gzip:
        return "inflated";
    case SourceKind::Utf16:
        return "utf8";
    case SourceKind::Parquet:
        return "parquet-rows";
    case SourceKind::Csv:
        return "csv-rows";
    default:
        return "json-rows";
    }
}

/// True for kinds that hold a file of another kind.
bool isWrapper(SourceKind kind)
{
    return kind == SourceKind::Gzip || kind == SourceKind::Utf16;
}

/// The name's part in judging what a wrapper holds: "data.csv.gz" -> ".csv".
std::string innerExtension(const std::filesystem::path& path)
{
    auto extension = unpackedExtension(path);
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
    return {{"kind", static_cast<int>(finding.kind)},
            {"number", finding.sourceNumber},
            {"reason", finding.reason},
            {"rows", finding.rows}};
}

std::string recordText(const RowWriter& written, const Findings& findings)
{
    auto list = Json::array();
    for (const auto& finding : findings.first) list.push_back(toJson(finding));
    const Json record{{"version", kCacheVersion},
                      {"bytes", written.bytes()},
                      {"hash", written.hash()},
                      {"bad_rows", findings.badRows},
                      {"findings", std::move(list)}};
    // DuckDB's reasons may quote bytes of the file that are no UTF-8.
    return record.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Findings> findingsFrom(const JsonObject& record)
{
    Findings findings;
    TRY(const auto badRows, record.integer("bad_rows"));
    const auto list = record.json().find("findings");
    if (list == record.json().end() || !list->is_array()) return findings;
    for (const auto& item : *list) {
        const JsonObject object(item, record.file());
        TRY(const auto kind, object.integer("kind"));
        TRY(const auto number, object.integer("number"));
        TRY(auto reason, object.string("reason"));
        TRY(const auto rows, object.integer("rows"));
        const auto known = kind < 0 || kind >= std::int64_t{Finding::kKinds} ? 0 : kind;
        findings.add({static_cast<Finding::Kind>(known), static_cast<std::uint64_t>(number), std::move(reason),
                      static_cast<std::uint64_t>(rows)});
    }
    findings.badRows = static_cast<std::uint64_t>(badRows);
    return findings;
}

/// The cached file if it is there with its size; an error otherwise, whatever it is, means to make it again.
Result<CachedFile> findCached(const std::filesystem::path& path)
{
    TRY(const auto json, readJsonFile(recordPath(path), kMaxRecordFileBytes));
    const JsonObject record(json, recordPath(path));
    TRY(const auto version, record.integer("version"));
    TRY(const auto bytes, record.integer("bytes"));
    TRY(auto hash, record.string("hash"));
    TRY(auto findings, findingsFrom(record));
    TRY(const auto file, FileReader::open(path));
    if (version != kCacheVersion || file.size() != static_cast<std::uint64_t>(bytes)) {
        return fail(ErrorCode::FileChanged, {{"path", path.string()}});
    }
    return CachedFile{path, std::move(findings), std::move(hash)};
}

Result<Findings> inflateInto(const FileReader& source, RowWriter& writer, const ProgressSink& progress,
                             const std::stop_token& stop)
{
    TRY(auto found, inflateGzip(source, writer, {}, progress, stop));
    Findings findings;
    if (found) findings.add(*std::move(found));
    return findings;
}

/// Writes what a file of `kind` holds; the value is what was found on the way.
Result<Findings> writeInto(const FileReader& source, SourceKind kind, RowWriter& writer, const ProgressSink& progress,
                           const std::stop_token& stop)
{
    switch (kind) {
    case SourceKind::Gzip:
        return inflateInto(source, writer, progress, stop);
    case SourceKind::Csv:
        return writeCsvRows(source, writer, progress, stop);
    case SourceKind::JsonRecords:
        return writeJsonRecords(source, writer, progress, stop);
    case SourceKind::Utf16:
        TRY_VOID(writeAsUtf8(source, writer, progress, stop));
        return Findings();
    default:
        TRY_VOID(writeParquetRows(source.path(), writer, progress, stop));
        return Findings();
    }
}

Result<CachedFile> make(const FileReader& source, SourceKind kind, const std::filesystem::path& path,
                        const ProgressSink& progress, const std::stop_token& stop)
{
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error) return tl::unexpected(writeError(path.parent_path(), error.value()));
    TRY_VOID(checkFreeSpace(path.parent_path(), source.size()));
    std::filesystem::remove(recordPath(path), error);
    TRY(auto writer, RowWriter::create(path));
    TRY(auto findings, writeInto(source, kind, writer, progress, stop));
    TRY_VOID(source.checkUnchanged());
    TRY_VOID(writer.commit());
    TRY_VOID(writeFileAtomically(recordPath(path), recordText(writer, findings)));
    return CachedFile{path, std::move(findings), writer.hash()};
}

/// True for what another folder may mend.
bool isOfTheCache(ErrorCode code)
{
    return code == ErrorCode::WriteFailed || code == ErrorCode::DiskFull || code == ErrorCode::FileUnreadable;
}

/// The file of this name, made if it is not there: in the cache, or beside it.
Result<CachedFile> findOrMake(const FileReader& source, SourceKind kind, const std::string& contentHash, Places& places,
                              const ProgressSink& progress, const std::stop_token& stop)
{
    const auto extension = isWrapper(kind) ? innerExtension(source.path()) : std::string();
    const auto name = contentHash + "." + std::string(kindName(kind)) + extension;
    const auto path = places.cacheFolder / "rows" / name;
    if (auto cached = findCached(path)) return cached;
    if (!places.spare) {
        auto made = make(source, kind, path, progress, stop);
        if (made || !isOfTheCache(made.error().code)) return made;
        auto spare = ScratchFolder::create();
        if (!spare) return made;
        places.spare = std::make_shared<const ScratchFolder>(*std::move(spare));
    }
    TRY(auto made, make(source, kind, places.spare->path() / name, progress, stop));
    made.spare = places.spare;
    return made;
}

Result<RowFile> rowFileIn(Places& places, const FileReader& source, SourceKind kind, const std::string& contentHash,
                          const ProgressSink& progress, const std::stop_token& stop);

/// What a wrapper holds, as a row file.
Result<RowFile> innerRowFile(const CachedFile& wrapped, Places& places, const ProgressSink& progress,
                             const std::stop_token& stop)
{
    TRY(const auto file, FileReader::open(wrapped.path));
    TRY(const auto kind, sourceKindOf(file));
    if (kind == SourceKind::Gzip) {
        return fail(ErrorCode::DataInvalid, {{"path", wrapped.path.string()},
                                             {"where", "its first byte"},
                                             {"reason", "there is gzip data inside the gzip data"}});
    }
    if (kind == SourceKind::Lines) return RowFile{wrapped.path, RowNaming::Line, {}, wrapped.hash, wrapped.spare};
    TRY(const auto hash, hashFile(wrapped.path));
    if (hash != wrapped.hash) return fail(ErrorCode::FileChanged, {{"path", wrapped.path.string()}});
    return rowFileIn(places, file, kind, hash, progress, stop);
}

Result<RowFile> rowFileIn(Places& places, const FileReader& source, SourceKind kind, const std::string& contentHash,
                          const ProgressSink& progress, const std::stop_token& stop)
{
    TRY(auto cached, findOrMake(source, kind, contentHash, places, progress, stop));
    if (!isWrapper(kind)) {
        const auto naming = kind == SourceKind::Csv ? RowNaming::Line : RowNaming::Record;
        return RowFile{std::move(cached.path), naming, std::move(cached.findings), std::move(cached.hash),
                       std::move(cached.spare)};
    }
    auto inner = innerRowFile(cached, places, progress, stop);
    if (!inner && inner.error().code == ErrorCode::FileChanged) {
        // The cached file is not what was written.
        TRY(cached, make(source, kind, cached.path, progress, stop));
        inner = innerRowFile(cached, places, progress, stop);
    }
    if (inner) {
        inner->findings.append(cached.findings);
    } else if (inner.error().arguments.contains("path")) {
        // The user does not know the cache's file.
        inner.error().arguments["path"] = source.path().string();
    }
    return inner;
}

}  // namespace

Result<RowFile> rowFileOf(const FileReader& source, SourceKind kind, const std::string& contentHash,
                          const std::filesystem::path& cacheFolder, const ProgressSink& progress, std::stop_token stop)
{
    if (kind == SourceKind::Lines) return RowFile{source.path(), RowNaming::Line};
    Places places{cacheFolder};
    return rowFileIn(places, source, kind, contentHash, progress, stop);
}

void forgetRowFile(const RowFile& file)
{
    std::error_code ignored;
    std::filesystem::remove(recordPath(file.path), ignored);
}

}  // namespace preflab
