// SPDX-License-Identifier: GPL-3.0-or-later
// What the curves of a run say that a person should know.
#pragma once

#include "core/runs/backend.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace preflab {

/// One thing found, with the stretch of steps where it shows.
struct RunFinding {
    enum class Kind {
        ReferenceAgrees,     ///< before the first update, model and reference gave the same log-probs
        ReferenceDiffers,    ///< they did not
        ChosenFalls,         ///< the reward of chosen answers falls while the margin of rewards grows
        HeldOutChosenFalls,  ///< the same of held-out pairs, in nats per token, for methods without a reference
        PreferenceIsWeak,    ///< ORPO's preference part is below 5 % of the loss
        LossDiverges,        ///< the loss is far above that of the first step
        HeldOutDiverges,     ///< held-out chosen answers are far less likely than before training
    };
    Kind kind = Kind::ReferenceAgrees;
    std::int64_t from = 0, to = 0;  ///< steps
    double value = 0.0;             ///< the larger reward's size, by how much chosen fell, the share, where it is now
    double start = 0.0;             ///< of what diverges: where it was at step `from`

    /// Something to worry about.
    bool isAlarm() const { return kind != Kind::ReferenceAgrees; }
};

/// One metric: steps and values, in order.
using RunCurve = std::vector<std::pair<std::int64_t, double>>;
/// The curve of a metric by its name; empty for one that was not logged.
using RunCurves = std::function<RunCurve(std::string_view metric)>;

/// Share of ORPO's loss that the preference causes, in every row that has both "loss" and "nll_loss".
inline constexpr std::string_view kPreferenceShare = "preference_share";
/// (loss - nll_loss) / loss; NaN where there is none.
double preferenceShare(double loss, double nllLoss);

/// Looks at all that was measured, alarms first; `curves` knows kPreferenceShare, too. Some milliseconds for long runs.
std::vector<RunFinding> findingsOf(const RunCurves& curves, const ComponentDescription& method);
/// The same for what is visible of a log.
std::vector<RunFinding> findingsOf(const RunLog& log, const ComponentDescription& method);
/// Of these, what is to be worried about.
std::vector<RunFinding> alarmsOf(const RunLog& log, const ComponentDescription& method);

/// "reference-agrees", "reference-differs", "chosen-falls", "held-out-chosen-falls", "preference-is-weak",
/// "loss-diverges", "held-out-diverges".
std::string_view runFindingId(RunFinding::Kind kind);
/// An English sentence or two: what was found, since when, and what helps.
std::string findingText(const RunFinding& finding);

}  // namespace preflab
