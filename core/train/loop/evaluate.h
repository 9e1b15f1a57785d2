// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluation on held-out rows: the method's own metrics as TRL logs them (eval_*), and heldout/*, on which methods are
// compared. The first evaluation happens before the first update and is what later ones are measured against.
#pragma once

#include "core/base/result.h"
#include "core/text/pair_source.h"
#include "core/train/decoder_forward.h"
#include "core/train/loop/held_out.h"
#include "core/train/loop/metric_values.h"
#include "core/train/loop/reference.h"
#include "core/train/objectives/method.h"

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
    Evaluator(const MethodInfo& method, const ParamValues& params, std::shared_ptr<const PairSource> eval,
              std::shared_ptr<const PairSource> heldOut, std::int64_t batchSize);

    bool isEmpty() const { return !m_eval && !m_heldOut; }

    /// Metrics of the weights as they are, in file order. eval_loss is a mean over rows, the other eval_* are plain
    /// means of the batches' values, eval_num_tokens is training's running total, all as in TRL. heldout/* comes from
    /// float32 products (float64 in fp64 runs). Cancelled when `tick` says so: nothing is kept then.
    Result<NamedValues> run(const DecoderWeights& weights, const RunningTotals& training, const PassTick& tick);

private:
    /// What one evaluation adds up.
    struct Sums {
        MetricAverage metrics;
        double loss = 0.0;  ///< times rows
        std::optional<ReferenceLogProbs> reference;
        HeldOutLogProbs heldOut;
    };
    bool isShared(const DecoderWeights& weights) const;
    void addEvalBatch(const DecoderWeights& weights, std::span<const std::uint32_t> indices,
                      std::span<const TokenPair> pairs, Sums& sums) const;
    Result<> passEval(const DecoderWeights& weights, Sums& sums, const PassTick& tick) const;
    Result<> passHeldOut(const DecoderWeights& weights, Sums& sums, const PassTick& tick) const;
    void appendEval(const Sums& sums, const RunningTotals& training, NamedValues& values) const;

    const MethodInfo& m_method;
    const ParamValues& m_params;
    std::shared_ptr<const PairSource> m_eval, m_heldOut;
    std::int64_t m_batchSize;
    std::optional<ReferenceLogProbs> m_reference;  ///< of `m_eval` under the starting weights
    std::optional<HeldOutLogProbs> m_start;        ///< of `m_heldOut` under the starting weights
};

}  // namespace preflab
