// SPDX-License-Identifier: GPL-3.0-or-later
// Runs set side by side: what they share, where they differ, what may be compared, and whether that is fair. The
// command line, reports and the window show this one truth.
#pragma once

#include "core/runs/backend.h"
#include "core/runs/run_log.h"
#include "core/runs/run_store.h"
#include "core/runs/run_summary.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// One run to set beside others.
struct ComparedRun {
    RunRecord record;
    std::shared_ptr<const RunLog> log;  ///< what is visible of it counts; the run may still be going on
    ComponentDescription method;        ///< the record's method: titles, units and directions of its metrics
};

/// One setting with the value of each run; nothing for a run whose method does not have it.
struct ComparedSetting {
    std::string key;
    std::string title;
    std::vector<std::optional<ParamValue>> values;
};

/// One held-out metric with the numbers of each run that has it. It does not depend on the method, but for the eval_loss of
/// runs whose held-out rows are no pairs.
struct ComparedMetric {
    MetricDescription metric;
    std::vector<std::optional<BeforeAfter>> values;
    /// The run that ends best, when the metric's direction is known, one run stands alone, and all were measured on the
    /// same pairs after training.
    std::optional<std::size_t> best;
};

/// Why nothing can be said of how a run compares with others.
struct Unjudged {
    enum class Reason {
        NotMeasured,         ///< held-out rows were not measured after training began: the run was ended, or goes on
        SettingsUnreadable,  ///< what is stored of them is damaged
    };
    std::size_t run = 0;  ///< its index
    Reason reason = Reason::NotMeasured;
};

/// Two or more runs side by side; the order of runs is kept.
struct Comparison {
    std::vector<ComparedSetting> differing;  ///< methods' own settings first
    std::vector<ComparedSetting> shared;
    std::vector<ComparedMetric> heldOut;  ///< empty when no run has held-out figures
    std::vector<std::string> unmatched;   ///< what makes the comparison unfair: "training data", "seed", …
    std::vector<Unjudged> unjudged;       ///< runs that are neither matched nor unmatched
    /// The runs differ only in what was changed on purpose, as far as all of them are known.
    bool isMatched() const { return unmatched.empty() && unjudged.empty(); }
};

/// Sets runs side by side. Settings that were not given count with their defaults.
Comparison compareRuns(const std::vector<ComparedRun>& runs);

/// What differs between runs besides method and its settings: same model, data, held-out pairs, rows, order, lengths,
/// number of steps and steps of measuring make runs matched. Runs whose settings cannot be read are passed over. Empty
/// for a single run.
std::vector<std::string> unmatchedConditions(const std::vector<ComparedRun>& runs);

/// Runs of which nothing can be said beside others. Empty for a single run.
std::vector<Unjudged> unjudgedRuns(const std::vector<ComparedRun>& runs);

/// "Run 2 (0002-dpo-pairs) was not measured after training, so nothing is known of what it learned."
std::string unjudgedText(const Unjudged& unjudged, const std::vector<ComparedRun>& runs);

/// "2 (0002-dpo-pairs)": a run as sentences name it.
std::string runLabelOf(const ComparedRun& run);

/// The settings of a run with its method's defaults filled in; as they were given where the method is unknown; none
/// where they cannot be read.
ParamValues completedParams(const ComparedRun& run);

/// The method of that id; for one that this program no longer has, a description without metrics.
ComponentDescription methodOrUnknown(const Backend& backend, const std::string& method);

}  // namespace preflab
