// SPDX-License-Identifier: GPL-3.0-or-later
// What a run knows between two steps besides its job and its parameters: all that going on later needs.
#pragma once

#include "core/base/result.h"
#include "core/plan/metric_values.h"
#include "core/train/loop/held_out.h"
#include "core/train/loop/reference.h"
#include "core/train/optimizers/optimizer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace preflab {

/// Log-probs under the starting weights, which evaluations are measured against; the first evaluation sets them.
struct EvaluationBaselines {
    std::optional<ReferenceLogProbs> reference;  ///< of the pairs evaluated by the method's recipe
    std::optional<HeldOutLogProbs> heldOut;      ///< of the pairs on which methods are compared
};

/// Nothing else of a run changes from step to step: batches are drawn by seed and step. Written and read back by tests
/// only, until runs go on where an earlier one left off: then a checkpoint writes it, and TrainingJob::resumeFrom names it.
struct TrainingState {
    std::int64_t step = 0;  ///< steps that are done
    double seconds = 0.0;   ///< what they took, pauses left out
    RunningTotals totals;
    std::optional<ReferenceLogProbs> reference;  ///< of the training pairs, for methods that need one
    EvaluationBaselines baselines;
    std::unique_ptr<Optimizer> optimizer;

    /// Writes everything atomically as a safetensors file. DiskFull, WriteFailed.
    Result<> save(const std::filesystem::path& file) const;
    /// Reads it back; `optimizer` must be there, over the parameters of the same model. Errors of the file;
    /// ConfigInvalid for a file that lacks something or belongs to another model.
    Result<> load(const std::filesystem::path& file);
};

}  // namespace preflab
