// SPDX-License-Identifier: GPL-3.0-or-later
// A dataset opened for reading: any supported file becomes rows behind one interface. Memory holds an index, not
// the rows.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/base/text_pattern.h"
#include "core/data/ingest/findings.h"
#include "core/data/rows/row.h"
#include "core/data/rows/row_identity.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Bytes of neighbouring rows, each as RowSource::rawRow gives it, with whatever lies between them.
struct RawRows {
    std::string bytes;
    std::vector<TextRange> ranges;  ///< of the rows in `bytes`, ascending
    std::string_view row(std::size_t i) const
    {
        return std::string_view(bytes).substr(ranges[i].begin, ranges[i].size());
    }
};

/// Random access to rows. Thread-safe for concurrent reads.
class RowSource {
public:
    virtual ~RowSource() = default;
    /// Number of loadable rows.
    virtual std::uint32_t size() const = 0;
    /// The row at `index` (0-based among loadable rows); an error only if the file changed or cannot be read.
    virtual Result<Row> row(std::uint32_t index) const = 0;
    /// 1-based number of that row in the source file (line of a JSONL, record of another kind), for messages.
    virtual std::uint64_t sourceNumber(std::uint32_t index) const = 0;
    /// The row's bytes exactly as in the row file, without byte order mark and line end, for writing unedited rows
    /// back.
    virtual Result<std::string> rawRow(std::uint32_t index) const = 0;
    /// The bytes of up to `count` rows from `first` on: as many as are read well at once, at least one.
    virtual Result<> rawRows(std::uint32_t first, std::uint32_t count, RawRows& into) const;
};

/// How to open a dataset.
struct DatasetOptions {
    std::filesystem::path cacheFolder;  ///< where inflated and converted row files go; empty: the user's cache
};

/// An opened dataset.
struct Dataset {
    std::filesystem::path path;        ///< as the user named it
    std::string formatId;              ///< e.g. "preference-strings"
    std::string formatTitle;           ///< e.g. "prompt, chosen, rejected (texts)"
    std::vector<std::string> columns;  ///< of the first rows, in file order
    RowKind kind = RowKind::Preference;
    bool isConversational = false;  ///< columns hold message lists
    bool isPromptImplicit = false;
    bool isTranscript = false;  ///< Anthropic "\n\nHuman: … \n\nAssistant: …" texts
    std::string contentHash;    ///< XXH3-128 of the source file's bytes
    std::uint64_t sourceBytes = 0;
    std::shared_ptr<const RowSource> rows;
    std::shared_ptr<const RowIdentities> identities;  ///< what each of `rows` is
    std::filesystem::path rowFile;                    ///< where they are read from: `path`, or a file in the cache
    std::shared_ptr<const void> spareFolder;          ///< keeps `rowFile` there if the cache could not be written to
    Findings findings;

    /// Opens JSONL, gzip of it, JSON arrays, CSV and Parquet. NotTheContent, UnknownDataFormat, WrongColumns (names those found),
    /// EmptyDataset, NoUsableRows, ConversionFailed, Cancelled, or a file error.
    static Result<Dataset> open(const std::filesystem::path& path, const DatasetOptions& options = {},
                                const ProgressSink& progress = {}, std::stop_token stop = {});
};

}  // namespace preflab
