// SPDX-License-Identifier: GPL-3.0-or-later
// The one pass over a row file.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/findings.h"
#include "core/data/ingest/row_file.h"

#include <stop_token>
#include <string>

namespace preflab {

/// The result of the one pass over a row file.
struct RowScan {
    RowIndex index;
    RowIdentities identities;  ///< of the rows
    Findings findings;
    std::string contentHash;  ///< XXH3-128 of the row file's bytes
};

/// How the lines of a row file are read and named.
struct ScanRequest {
    MappedLayout layout;
    RowNaming naming = RowNaming::Line;
    SplitRule split = SplitRule::Automatic;  ///< by which implicit prompts are judged
};

/// Reads every line once, on all processors: finds the rows and what is wrong with the others. Blank lines are no
/// rows, but keep their number. DataInvalid for more than 2^32 - 1 rows, Cancelled, FileUnreadable.
Result<RowScan> scanRows(const FileReader& file, const ScanRequest& request, const ProgressSink& progress,
                         std::stop_token stop);

}  // namespace preflab
