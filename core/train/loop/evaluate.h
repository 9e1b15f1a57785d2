// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluation on held-out rows: the method's own metrics as TRL logs them (eval_*), and heldout/*, on which methods are
// compared. The first evaluation happens before the first update and is what later ones are measured against.
#pragma once

#include "core/base/result.h"
#include "core/plan/metric_values.h"
#include "core/text/pair_source.h"
#include "core/train/engine/engine.h"
#include "core/train/loop/held_out.h"
#include "core/train/loop/reference.h"
#include "core/train/loop/training_state.h"
#include "core/train/objectives/objective.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace preflab {

/// Held-out rows of one run.
class Evaluator {
public:
    /// `eval` by the method's recipe, `heldOut` by the DPO recipe; either may be null. Where both are one source and
    /// the run's products are not rounded, one forward pass serves both.
    Evaluator(const Objective& objective, std::shared_ptr<const PairSource> eval,
              std::shared_ptr<const PairSource> heldOut, std::int64_t batchSize);

    bool isEmpty() const { return !m_eval && !m_heldOut; }

    /// Metrics of the engine's parameters as they are, in file order. eval_loss is a mean over rows, the other eval_* are
    /// plain means of the batches' values, eval_num_tokens is training's running total, all as in TRL. heldout/* comes
    /// from float32 products (float64 in fp64 runs). Sets `baselines` if they are not. Cancelled when `tick` says so:
    /// nothing is kept then.
    Result<NamedValues> run(Engine& engine, const RunningTotals& training, EvaluationBaselines& baselines,
                            const PassTick& tick) const;

private:
    /// What one evaluation adds up, and the reference it compares with.
    struct Sums {
        const std::optional<ReferenceLogProbs>& known;  ///< of an earlier evaluation
        MetricAverage metrics = {};
        double loss = 0.0;                                ///< times rows
        std::optional<ReferenceLogProbs> reference = {};  ///< filled where none is known
        HeldOutLogProbs heldOut = {};
    };
    bool isShared(const Engine& engine) const;
    void addEvalBatch(Engine& engine, std::span<const std::uint32_t> indices, std::span<const TokenPair> pairs,
                      Sums& sums) const;
    Result<> passEval(Engine& engine, Sums& sums, const PassTick& tick) const;
    Result<> passHeldOut(Engine& engine, Sums& sums, const PassTick& tick) const;
    void appendEval(const Sums& sums, const RunningTotals& training, NamedValues& values) const;

    const Objective& m_objective;
    std::shared_ptr<const PairSource> m_eval, m_heldOut;
    std::int64_t m_batchSize;
};

}  // namespace preflab
