// SPDX-License-Identifier: GPL-3.0-or-later
// From an order to what the engine needs: model opened, data opened, split, tokenised, planned. Torch-free.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/model/model_folder.h"
#include "core/runs/backend.h"
#include "core/runs/batch_plan.h"
#include "core/runs/run_spec.h"
#include "core/text/pair_source.h"
#include "core/text/row_counts.h"
#include "core/text/text_model.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace preflab {

/// A sentence on what is hardly meant so, with what programs know it by: {"check", "parameter"} of start_checks.h, or
/// {"finding", "count"} of findings.h; null for one that has no name.
struct RunWarning {
    std::string text;
    Json data = {};
};

/// Everything a run works with, before any tensor.
struct PreparedRun {
    ModelFolder model;
    TextModel text;
    Dataset data;
    TrainingOptions options;
    ParamValues params;                         ///< completed
    std::shared_ptr<const PairSource> train;    ///< by the method's recipe
    std::shared_ptr<const PairSource> eval;     ///< held-out rows by the method's recipe; may be null
    std::shared_ptr<const PairSource> heldOut;  ///< the same rows by the DPO recipe, for heldout/*; may be null
    std::uint64_t droppedTrain = 0;
    RowCounts rows;                  ///< what became of the training data's rows
    std::vector<std::string> notes;  ///< sentences for the log: drops, rendering, split rule
    std::vector<RunWarning> warnings;
    Json counts;                       ///< for reports, into the data of the log's first note: "rows",
                                       ///< "pairs" (trained on), "dropped", "held_out", "is_pairs", kHeldOutTrainedOn
    std::int64_t journalPosition = 0;  ///< last record whose edits are in the rows; 0: there are none
    std::string heldOutHash;           ///< content of the held-out rows' file; empty: there are none
    std::int64_t heldOutPosition = 0;  ///< as journalPosition, of the held-out rows' file
    std::string dataKey;               ///< hash of data, rows, recipe, tokenizer and options, for caches
};

/// Of PreparedRun::counts: how many held-out rows are trained on as well (shared_sequences.h); absent without held-out rows.
/// Runs that compared columns instead of what is trained on called their count something else, and it is not believed.
inline constexpr const char* kHeldOutTrainedOn = "held_out_trained_on";

/// WrongColumns unless every row of the dataset has two answers.
Result<> checkHoldsPairs(const Dataset& data);

/// Opens and tokenises. The data files are not read any more afterwards: what a run needs lies in token stores. Held-out rows are those of `evalData`, or a share of the data drawn by the seed before any
/// row is dropped, so that all methods get the same ones. Errors: any of model, data and settings; NoAnswerLeft when max_length leaves no row,
/// NoUsableRows when nothing else is left.
Result<PreparedRun> prepareRun(const RunSpec& spec, const ComponentDescription& method, const RunFolders& folders,
                               const RunData& data, const ProgressSink& progress, std::stop_token stop);

}  // namespace preflab
