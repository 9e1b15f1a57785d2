// SPDX-License-Identifier: GPL-3.0-or-later
// A golden run: what TRL's trainer was given and what it logged, read from one JSON file.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/schema.h"
#include "core/text/recipe.h"
#include "core/train/objectives/method.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace preflab {

/// Reference log-probs of one row.
struct GoldenReference {
    double chosen = 0.0;
    double rejected = 0.0;
};

/// One run to repeat.
struct GoldenRun {
    std::string name;
    std::string dtype;
    const MethodInfo* method = nullptr;
    ParamValues params;                       ///< completed
    std::vector<TokenPair> pairs, evalPairs;  ///< in training order; rows that the trainer dropped are left out
    std::vector<GoldenReference> reference;   ///< of `pairs`; empty if the file has none
    std::vector<Json> steps;                  ///< what was logged at each optimizer step
    Json evalBefore, evalAfter;               ///< null without evaluation
    std::map<std::int64_t, Json> gradients;   ///< by step: tensor name -> {"sum", "l2", "first"}
    Json finalParameters;

    /// ConfigInvalid for a file of another shape; GoldenUnsupported naming an option that PrefLab does not have.
    static Result<GoldenRun> read(const std::filesystem::path& file, std::int64_t threads);
};

}  // namespace preflab
