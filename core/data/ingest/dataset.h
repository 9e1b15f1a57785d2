// SPDX-License-Identifier: GPL-3.0-or-later
// A dataset opened for reading: any supported file becomes rows behind one interface. Memory holds an index, not
// the rows.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/base/text_pattern.h"
#include "core/data/ingest/findings.h"
#include "core/data/ingest/row_naming.h"
#include "core/data/rows/column_mapping.h"
#include "core/data/rows/prompt_split.h"
#include "core/data/rows/row.h"
#include "core/data/rows/row_identity.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
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
    /// 1-based number of that row's record in the source file (line of a JSONL, record of another kind), for messages.
    /// Several rows may have one.
    virtual std::uint64_t sourceNumber(std::uint32_t index) const = 0;
    /// The bytes of the row's record exactly as in the row file, without byte order mark and line end, for writing
    /// unedited rows back.
    virtual Result<std::string> rawRow(std::uint32_t index) const = 0;
    /// The columns of the raw form of a row that nobody edited which hold its texts, in the order of preflab::textColumns;
    /// none where a record holds its rows in another way, as where it holds several: then only `row` finds their texts.
    virtual std::span<const std::string> textColumns() const { return {}; }
    /// The bytes of up to `count` rows from `first` on: as many as are read well at once, at least one.
    virtual Result<> rawRows(std::uint32_t first, std::uint32_t count, RawRows& into) const;
};

struct Layout;

/// How to open a dataset.
struct DatasetOptions {
    std::filesystem::path cacheFolder = {};  ///< where inflated and converted row files go; empty: the user's cache
    ColumnMapping mapping = {};              ///< what the user says of the columns
    std::span<const Layout* const> layouts = {};  ///< that come into question; empty: all of layouts()
    SplitRule split = SplitRule::Automatic;       ///< by which implicit prompts will be found: findings judge by it
};

/// An opened dataset.
struct Dataset {
    std::filesystem::path path;        ///< as the user named it
    std::string layoutId;              ///< e.g. "preference-strings"
    std::string layoutTitle;           ///< e.g. "prompt, chosen, rejected (texts)"
    std::string layoutReason;          ///< why it is that one: "text holds a text in all of the first 100 records"
    ColumnMapping mapping;             ///< by which its columns were read
    std::vector<std::string> columns;  ///< of the first rows, in file order, as far as RowProfile lists them
    std::uint64_t otherColumns = 0;    ///< how many more the first rows have
    RowKind kind = RowKind::Preference;
    bool isConversational = false;  ///< columns hold message lists
    bool isPromptImplicit = false;
    bool isTranscript = false;  ///< Anthropic "\n\nHuman: … \n\nAssistant: …" texts
    std::string contentHash;    ///< XXH3-128 of the source file's bytes
    std::uint64_t sourceBytes = 0;
    RowNaming naming = RowNaming::Line;      ///< what RowSource::sourceNumber counts
    SplitRule split = SplitRule::Automatic;  ///< by which `findings` judge implicit prompts
    std::shared_ptr<const RowSource> rows;
    std::shared_ptr<const RowIdentities> identities;  ///< what each of `rows` is
    std::filesystem::path rowFile;                    ///< where they are read from: `path`, or a file in the cache
    std::shared_ptr<const void> spareFolder;          ///< keeps `rowFile` there if the cache could not be written to
    Findings findings;

    /// Names the rows as they were read, for caches of what is made of them: the content, and how columns were mapped.
    std::string rowsKey() const;

    /// Opens JSONL, gzip of it, JSON arrays, CSV and Parquet. NotTheContent, UnknownDataFormat, WrongColumns and
    /// ColumnMissing (which name those found), EmptyDataset, NoUsableRows, ConversionFailed, Cancelled, or a file error.
    static Result<Dataset> open(const std::filesystem::path& path, const DatasetOptions& options = {},
                                const ProgressSink& progress = {}, std::stop_token stop = {});
};

}  // namespace preflab
