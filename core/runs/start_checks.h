// SPDX-License-Identifier: GPL-3.0-or-later
// What can be said of a run before it starts, without computing anything: codes with numbers, which the window and the
// command line put into words.
#pragma once

#include "core/data/ingest/findings.h"
#include "core/data/rows/row.h"
#include "core/runs/backend.h"
#include "core/text/token_counts.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// What is known of a run that is about to start. What is absent is not known, and nothing is said of it.
struct StartFacts {
    std::string method;                           ///< its title, for sentences
    bool needsPairs = false;                      ///< the method learns from chosen and rejected answers
    std::optional<RowKind> dataKind;              ///< none: the data cannot be read, or not yet
    std::uint32_t rows = 0;                       ///< of the data, without those that the user left out
    Findings findings;                            ///< of the loader
    std::uint64_t openVotes = 0;                  ///< that the rows do not follow
    std::optional<std::int64_t> maxLength;        ///< 0: no limit
    std::optional<TruncationSummary> truncation;  ///< at the maximum length
    bool hasEvalData = false;                     ///< held-out pairs have a file of their own
    std::uint32_t heldOut = 0;                    ///< rows that are held out of the data
    std::string schedule;                         ///< `lr_scheduler_type`; empty: not known
    std::optional<double> warmupSteps;
    std::optional<std::int64_t> steps;
    std::optional<std::int64_t> batchSize;  ///< `per_device_train_batch_size`
    std::optional<Estimate> estimate;       ///< of these very settings
};

/// One result of a check, with the ways out of it.
struct StartCheck {
    enum class Code {
        NeedsPairs,        ///< the method wants pairs, and these are none
        EveryRowLeftOut,   ///< by the user
        RowsUnreadable,    ///< `count` rows
        VotesOpen,         ///< `count` votes that the rows do not follow
        NothingCut,        ///< the longest side has `count` tokens
        Shortened,         ///< `count` pairs at `limit` tokens
        PromptFills,       ///< `count` pairs at `limit` tokens
        EqualOnceCut,      ///< `count` pairs at `limit` tokens
        IdenticalSides,    ///< `count` pairs
        NoIdenticalSides,  ///< none of the pairs
        EmptySides,        ///< `count` pairs
        HeldOutFile,       ///< held-out pairs have a file of their own
        HeldOutShare,      ///< `count` pairs
        NothingHeldOut,
        NoWarmUp,           ///< the schedule has none
        WarmUpTooLong,      ///< for a run of `count` steps
        FitsInMemory,       ///< `count` bytes of `limit`
        TooLargeForMemory,  ///< `count` bytes of `limit`
    };
    enum class Kind {
        Problem,  ///< the run cannot start
        Warning,  ///< to look at
        Passed,
    };
    /// Another value for a parameter.
    struct Remedy {
        std::string key;
        std::string text;
    };
    Code code = Code::NeedsPairs;
    Kind kind = Kind::Problem;
    std::string key = {};  ///< what it is about: "data", or a parameter's key; empty: the run as a whole
    std::uint64_t count = 0;
    std::uint64_t limit = 0;
    std::string method = {};  ///< NeedsPairs: its title
    std::vector<Remedy> remedies = {};
};

/// All that can be said, in the order of a run's settings: the data, its length, answers, held-out rows, memory.
std::vector<StartCheck> startChecks(const StartFacts& facts);

/// "nothing-held-out": stable names for programs.
std::string_view startCheckId(StartCheck::Code code);

/// The English sentence: "12 pairs are longer than 1,024 tokens; their ends are cut off."
std::string startCheckText(const StartCheck& check);

}  // namespace preflab
