// SPDX-License-Identifier: GPL-3.0-or-later
// A run in the few numbers that tables, lists and comparisons show.
#pragma once

#include "core/runs/run_log.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace preflab {

/// One metric over a whole run; values that are not finite are left out.
struct MetricSummary {
    std::string metric;  ///< TRL's name
    double first = 0.0, last = 0.0, lowest = 0.0, highest = 0.0;
    std::int64_t firstStep = 0, lastStep = 0, lowestStep = 0, highestStep = 0;
};

/// Points of a sparkline at most.
inline constexpr std::size_t kSparklinePoints = 60;

/// One run.
struct RunSummary {
    std::int64_t lastStep = 0;
    double seconds = 0.0;                                    ///< that training took so far, pauses left out
    std::vector<MetricSummary> metrics;                      ///< in the order in which they were first logged
    std::vector<std::pair<std::int64_t, double>> sparkline;  ///< of the loss: step and mean of as many equal parts
    std::vector<std::string> checkpoints;                    ///< folder names below the run's folder, oldest first

    /// The summary of that metric, or nullptr.
    const MetricSummary* find(std::string_view metric) const;
};

/// Sums up what is visible of a log.
RunSummary summarize(const RunLog& log);

/// A metric at the first and the last evaluation.
struct BeforeAfter {
    std::string metric;
    double before = 0.0;
    std::optional<double> after;  ///< none: measured once only, so that nothing is known of what training did
    std::int64_t afterStep = 0;   ///< of `before` where there is no `after`
    std::int64_t beforeStep = 0;
};

/// One metric; nothing where it was never measured.
std::optional<BeforeAfter> beforeAfter(const RunLog& log, std::string_view metric);

/// Every heldout/* metric, in the order of their names' first appearance; of held-out rows that are no pairs, which have
/// none, eval_loss. Empty without held-out rows.
std::vector<BeforeAfter> heldOutBeforeAfter(const RunLog& log);

}  // namespace preflab
