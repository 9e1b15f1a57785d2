// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a dataset: identity, row file, layout, one pass over the rows.
#include "core/data/ingest/dataset.h"

#include "core/base/caught_error.h"
#include "core/base/file_reader.h"
#include "core/base/hash.h"
#include "core/base/system.h"
#include "core/data/ingest/no_layout.h"
#include "core/data/ingest/row_cache.h"
#include "core/data/ingest/row_file.h"
#include "core/data/ingest/row_profile.h"
#include "core/data/ingest/row_scan.h"
#include "core/data/ingest/source_kind.h"
#include "core/data/rows/prompt_split.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace preflab {
namespace {

constexpr std::size_t kHashBlockBytes = std::size_t{1} << 20;

Result<std::string> hashSource(const FileReader& file, const ProgressSink& progress, const std::stop_token& stop)
{
    ContentHash hash;
    std::vector<std::byte> block(kHashBlockBytes);
    std::uint64_t offset = 0;
    while (true) {
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        TRY(const auto count, file.readSome(offset, block));
        if (count == 0) return hash.hex();
        hash.add(std::span<const std::byte>(block).first(count));
        offset += count;
        if (progress) progress("Reading the file", offset, file.size());
    }
}

tl::unexpected<Error> noUsableRows(const std::filesystem::path& path, const Findings& findings)
{
    const std::string behind = findings.firstReason(Finding::Kind::BytesBehind);
    if (findings.badRows == 0 && !behind.empty())
        return fail(ErrorCode::ConversionFailed, {{"path", path.string()}, {"reason", behind}});
    if (findings.badRows == 0) return fail(ErrorCode::EmptyDataset, {{"path", path.string()}});
    const auto isBad = [](const Finding& finding) { return finding.kind == Finding::Kind::BadRow; };
    const auto bad = std::find_if(findings.first.begin(), findings.first.end(), isBad);
    return fail(ErrorCode::NoUsableRows,
                {{"path", path.string()}, {"rows", countText(findings.badRows)}, {"reason", bad->reason}});
}

void describe(const RowProfile& profile, Dataset& dataset)
{
    // There are rows, so there is a layout.
    const Layout& layout = *profile.layout.layout;
    dataset.layoutId = layout.id;
    dataset.layoutTitle = layout.title;
    dataset.layoutReason = profile.reason;
    dataset.mapping = profile.layout.mapping;
    dataset.kind = layout.kind;
    dataset.columns = profile.columns;
    dataset.otherColumns = profile.otherColumns;
    dataset.isConversational = std::holds_alternative<Messages>(profile.first.chosen);
    dataset.isPromptImplicit = profile.first.isPromptImplicit();
    dataset.isTranscript = isTranscript(profile.first);
}

Result<> loadRows(const RowFile& rowFile, Dataset& dataset, const DatasetOptions& options, const ProgressSink& progress,
                  const std::stop_token& stop)
{
    TRY(auto file, FileReader::open(rowFile.path));
    const auto known = options.layouts.empty() ? layouts() : options.layouts;
    const ProfileRequest request{dataset.path, options.mapping, known};
    TRY(const auto profile, profileRows(file, request));
    TRY_VOID(checkLayout(profile, request));
    // Without objects no layout is asked, and the pass says what is wrong with each line.
    const MappedLayout layout = profile.hasObjects ? profile.layout : MappedLayout{known.front(), options.mapping};
    TRY(auto scan, scanRows(file, {layout, rowFile.naming, options.split}, progress, stop));
    // Another process may put the same content in the cached file's place.
    TRY_VOID(rowFile.hash.empty() ? file.checkUnchanged() : file.checkContentUnchanged());
    if (rowFile.hash.empty()) dataset.contentHash = scan.contentHash;
    if (!rowFile.hash.empty() && rowFile.hash != scan.contentHash)
        return fail(ErrorCode::FileChanged, {{"path", rowFile.path.string()}});
    dataset.findings = rowFile.findings;
    dataset.findings.append(scan.findings);
    if (scan.index.size() == 0) return noUsableRows(dataset.path, dataset.findings);
    describe(profile, dataset);
    dataset.identities = std::make_shared<const RowIdentities>(std::move(scan.identities));
    dataset.naming = rowFile.naming;
    dataset.split = options.split;
    dataset.rowFile = rowFile.path;
    dataset.spareFolder = rowFile.spare;
    dataset.rows = makeRowSource(std::move(file), std::move(scan.index), layout);
    return {};
}

/// True if a file of the cache is not what was written.
bool isDamaged(const RowFile& rowFile)
{
    if (rowFile.hash.empty()) return false;
    const auto found = hashFile(rowFile.path);
    return !found || *found != rowFile.hash;
}

Result<Dataset> openDataset(const std::filesystem::path& path, const DatasetOptions& options,
                            const ProgressSink& progress, const std::stop_token& stop)
{
    TRY(const auto source, FileReader::open(path));
    Dataset dataset;
    dataset.path = path;
    dataset.sourceBytes = source.size();
    TRY(const auto kind, sourceKindOf(source));
    // Lines are hashed by the pass over the rows.
    if (kind != SourceKind::Lines) {
        TRY(dataset.contentHash, hashSource(source, progress, stop));
    }
    const auto cache = options.cacheFolder.empty() ? cacheFolder() : options.cacheFolder;
    TRY(auto rowFile, rowFileOf(source, kind, dataset.contentHash, cache, progress, stop));
    auto loaded = loadRows(rowFile, dataset, options, progress, stop);
    if (!loaded && loaded.error().code != ErrorCode::Cancelled && isDamaged(rowFile)) {
        forgetRowFile(rowFile);
        TRY(rowFile, rowFileOf(source, kind, dataset.contentHash, cache, progress, stop));
        loaded = loadRows(rowFile, dataset, options, progress, stop);
    }
    TRY_VOID(std::move(loaded));
    TRY_VOID(source.checkUnchanged());
    return dataset;
}

}  // namespace

Result<> RowSource::rawRows(std::uint32_t first, std::uint32_t, RawRows& into) const
{
    TRY(into.bytes, rawRow(first));
    into.ranges.assign(1, TextRange{0, into.bytes.size()});
    return {};
}

std::string Dataset::rowsKey() const
{
    return mapping.isPlain() ? contentHash : contentHash + " " + toJson(mapping).dump();
}

Result<Dataset> Dataset::open(const std::filesystem::path& path, const DatasetOptions& options,
                              const ProgressSink& progress, std::stop_token stop)
{
    try {
        return openDataset(path, options, progress, stop);
    } catch (const std::exception& exception) {
        return tl::unexpected(caughtError(exception, "opening " + path.string()));
    }
}

}  // namespace preflab
