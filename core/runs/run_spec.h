// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that defines a run, serialisable and comparable.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/schema.h"
#include "core/data/rows/column_mapping.h"
#include "core/runs/batch_plan.h"
#include "core/runs/training_params.h"
#include "core/text/recipe.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// What a user orders. Parameters keep TRL's names; absent ones take the method's defaults.
struct RunSpec {
    std::string name;             ///< shown in lists; empty: made from method and data
    std::string method;           ///< "dpo", "orpo", "sft"
    std::filesystem::path model;  ///< model folder: policy, and reference where there is one
    std::filesystem::path data;
    std::optional<std::filesystem::path> evalData;  ///< held-out pairs; otherwise eval_fraction of `data`
    ColumnMapping columns;                          ///< by which `data` is read
    std::optional<ColumnMapping> evalColumns = {};  ///< by which `evalData` is read; none: by `columns`
    ParamValues params;                             ///< training and method parameters by key
    std::vector<std::string> usableBy;              ///< matched pair: only rows usable by all these recipes
    std::vector<std::string> samplePrompts;         ///< answered before and after training, and at evaluations
    std::string dataHash = {};                      ///< content of `data` as the user saw it; empty: not known
    bool areIdenticalPairsWanted = false;           ///< the user's yes to a run whose pairs all have identical sides

    /// The columns by which held-out pairs are read.
    const ColumnMapping& heldOutColumns() const { return evalColumns ? *evalColumns : columns; }
};

/// The typed, validated view of the training parameters that the engine works with.
struct TrainingOptions {
    double learningRate = 1e-6;
    std::string schedule = "linear";  ///< linear, constant, constant_with_warmup, cosine
    double warmupSteps = 0.0;         ///< below 1: a share of all steps, rounded up (TRL)
    double weightDecay = 0.0;
    double adamBeta1 = 0.9;
    double adamBeta2 = 0.999;
    double adamEpsilon = 1e-8;
    double maxGradNorm = 1.0;  ///< 0: no clipping
    std::int64_t batchSize = 8;
    std::int64_t evalBatchSize = 8;
    std::int64_t gradientAccumulation = 1;
    double epochs = 3.0;
    std::optional<std::int64_t> maxSteps;
    std::optional<std::int64_t> maxLength = 1024;  ///< 0 on the command line: no truncation
    std::int64_t evalEvery = 0;                    ///< steps between evaluations; 0: only before and after
    double evalFraction = 0.0;
    bool areSamplesEvaluated = true;  ///< sample prompts are answered at every evaluation, too
    std::int64_t saveEvery = 0;       ///< steps between checkpoints; 0: only at the end
    std::string dtype = "float32";    ///< float32, bfloat16, float64
    std::uint64_t seed = 42;
    std::int64_t threads = 0;  ///< 0: all cores
    bool isShuffled = true;
    SplitRule split = SplitRule::Automatic;
    const ChatTemplate* chatTemplate = &defaultChatTemplate();  ///< writes message lists (`rendering`)

    RecipeOptions recipeOptions() const;
    BatchPlanOptions batchPlan(std::uint32_t pairs) const;
};

/// Checks every key and value of `values` against trainingParams() and `methodParams` and fills the defaults:
/// UnknownParameter, ParameterOutOfRange, ParameterNotANumber.
Result<ParamValues> completeParams(const ParamValues& values, const std::string& method,
                                   const std::vector<ParamSpec>& methodParams, const ParamValues& methodDefaults);

/// Reads the typed view from completed values.
Result<TrainingOptions> trainingOptions(const ParamValues& completed);

/// JSON round trip, stored with the run. Paths stand as they are in the spec.
Json toJson(const RunSpec& spec);
Result<RunSpec> runSpecFromJson(const Json& json);

}  // namespace preflab
