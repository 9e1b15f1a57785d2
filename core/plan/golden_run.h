// SPDX-License-Identifier: GPL-3.0-or-later
// A golden run: what TRL's trainer was given and what it logged, read from one JSON file.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/schema.h"
#include "core/runs/backend.h"
#include "core/text/recipe.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
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
    std::string method;                       ///< id
    ParamValues params;                       ///< completed
    std::vector<TokenPair> pairs, evalPairs;  ///< in training order; rows that the trainer dropped are left out
    std::vector<GoldenReference> reference;   ///< of `pairs`; empty if the file has none
    std::vector<Json> steps;                  ///< what was logged at each optimizer step
    Json evalBefore, evalAfter;               ///< null without evaluation
    std::map<std::int64_t, Json> gradients;   ///< by step: tensor name -> {"sum", "l2", "first"}
    Json finalParameters;

    /// What a method of that id is called, takes and defaults to.
    using DescribeMethod = std::function<Result<ComponentDescription>(std::string_view id)>;

    /// ConfigInvalid for a file of another shape; GoldenUnsupported naming an option that PrefLab does not have; errors of
    /// `describe`.
    static Result<GoldenRun> read(const std::filesystem::path& file, std::int64_t threads,
                                  const DescribeMethod& describe);
};

}  // namespace preflab
