// SPDX-License-Identifier: GPL-3.0-or-later
// Source + journal as a dataset of its own, in TRL's columns.
#pragma once

#include "core/base/atomic_file.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/data/journal/row_state.h"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace preflab {

/// Kinds of files that can be written.
enum class ExportKind { JsonLines, Csv, Parquet };

/// The kind that a file's name asks for (".jsonl", ".csv", ".parquet"); nothing for another name.
std::optional<ExportKind> exportKindOf(const std::filesystem::path& target);

/// What is written.
struct ExportOptions {
    ExportKind kind = ExportKind::JsonLines;
    std::optional<std::vector<std::uint32_t>> rows;  ///< only these, ascending; excluded ones among them are left out
    bool areLabelsWritten = false;                   ///< adds columns, see LabelColumns
    bool areExcludedWritten = false;                 ///< excluded rows, too
    TargetLink link = TargetLink::Follow;            ///< what a link in the place of the target stands for
};

/// What was written.
struct ExportSummary {
    std::uint64_t rows = 0;
    std::uint64_t leftOut = 0;  ///< excluded by the user
};

/// Writes every row as it is now in TRL's columns (prompt, chosen and rejected; prompt and completion; text) with the
/// source's other columns and the other keys of messages. Columns that the user mapped get TRL's names, and another column
/// of such a name a number. Where a record holds several rows, each is written in TRL's columns alone. In JSONL, what is not edited stays as it is. In CSV and Parquet
/// texts are texts, message lists are JSON in CSV and lists in Parquet, everything else becomes texts, and names that
/// differ only in case get a number. All rows have the layout of the source's first one: a prompt of their own, or sides
/// that begin with the prompt. Whole or not at all. Cancelled, WriteFailed, DiskFull, ConversionFailed, NoUsableRows when
/// no row is left, or the error of a row that cannot be read.
Result<ExportSummary> exportRows(const Dataset& data, const RowStates& states, const std::filesystem::path& target,
                                 const ExportOptions& options, const ProgressSink& progress = {},
                                 std::stop_token stop = {});

}  // namespace preflab
