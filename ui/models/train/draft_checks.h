// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a run being composed, what to look at, and what is in order.
#pragma once

#include "core/data/ingest/dataset.h"
#include "core/runs/start_checks.h"
#include "ui/models/app/destination.h"
#include "ui/models/train/run_draft.h"

#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// What others know of the draft's sources.
struct DraftFacts {
    std::optional<Error> modelError;
    std::optional<Error> dataError;
    Findings findings;                            ///< of the loader
    std::uint64_t openVotes = 0;                  ///< that the pairs do not follow
    std::optional<TruncationSummary> truncation;  ///< at the draft's maximum length, once tokens are counted
    std::optional<Estimate> estimate;             ///< of these very settings
};

/// One result of a check, with the ways out of it.
struct DraftFinding {
    enum class Kind {
        Problem,  ///< nothing can start before it is solved
        Warning,  ///< to look at
        Passed,
    };
    /// Sets a parameter.
    struct Remedy {
        QString label;
        std::string key;
        QString text;
    };
    Kind kind = Kind::Problem;
    std::string key;  ///< of the field: "model", "data" or a parameter's
    QString text;
    std::vector<Remedy> remedies;
    std::optional<Destination> place;  ///< where it can be seen
};

/// Problems first, in the order of the form; then what to look at, then what passed.
std::vector<DraftFinding> checkDraft(const RunDraft& draft, const DraftFacts& facts);

/// How many are of that kind.
int countOf(const std::vector<DraftFinding>& findings, DraftFinding::Kind kind);

}  // namespace preflab
