// SPDX-License-Identifier: GPL-3.0-or-later
// Log-probs of the frozen reference, computed once with the policy itself before its first update, in the batches of
// the run's first epoch: the same kernels on the same tensors, so that rewards start at exactly 0 and no second copy
// of the weights is needed.
#pragma once

#include "core/base/result.h"
#include "core/runs/batch_plan.h"
#include "core/text/pair_source.h"
#include "core/train/engine/engine.h"
#include "core/train/objectives/objective.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace preflab {

/// Called after every batch of a long pass with how many are done; an error (Cancelled) ends the pass.
using PassTick = std::function<Result<>(std::int64_t done, std::int64_t total)>;

/// Log-probs of answers in nats by pair index, as the objective compares them (Objective::answerLogProbs). Doubles hold float32 numbers exactly.
class ReferenceLogProbs {
public:
    explicit ReferenceLogProbs(std::uint32_t pairs);
    /// With these values by pair index, as many of either side.
    ReferenceLogProbs(std::vector<double> chosen, std::vector<double> rejected)
        : m_chosen(std::move(chosen)), m_rejected(std::move(rejected))
    {
    }
    /// Keeps the values of `pairs`; tensors (P).
    void set(std::span<const std::uint32_t> pairs, const PairTensors& values);
    /// Values of `pairs` as tensors (P) with the dtype and device of `like`; all of them must have been set.
    PairTensors of(std::span<const std::uint32_t> pairs, const Tensor& like) const;
    /// True if every pair was set.
    bool covers(std::span<const std::uint32_t> pairs) const;
    std::uint32_t size() const { return static_cast<std::uint32_t>(m_chosen.size()); }
    double chosen(std::uint32_t pair) const { return m_chosen[pair]; }
    double rejected(std::uint32_t pair) const { return m_rejected[pair]; }
    const std::vector<double>& chosen() const { return m_chosen; }
    const std::vector<double>& rejected() const { return m_rejected; }

    /// Writes the values atomically, with their hash.
    Result<> save(const std::filesystem::path& file) const;
    /// Reads them back; nothing if the file is missing, damaged or of another number of pairs.
    static std::optional<ReferenceLogProbs> load(const std::filesystem::path& file, std::uint32_t pairs);

private:
    std::vector<double> m_chosen, m_rejected;  // NaN: not set
};

/// What decides the bits of reference log-probs besides the code: where two runs agree in all of it they may share.
struct ReferenceKey {
    std::string modelHash;
    std::string dataKey;    ///< data, recipe, tokenizer, options
    std::string answerKey;  ///< Objective::answerKey
    std::string dtype;
    BatchPlanOptions plan;  ///< batch composition
    std::int64_t threads = 1;
};

/// The file of that key below `cacheFolder`.
std::filesystem::path referenceFile(const std::filesystem::path& cacheFolder, const ReferenceKey& key);

/// One pass over the micro-batches of the first epoch, as far as the run goes. Pairs that the run does not draw are
/// left out. Cancelled when `tick` says so.
Result<ReferenceLogProbs> computeReference(Engine& engine, const Objective& objective, const PairSource& pairs,
                                           const BatchPlan& plan, const PassTick& tick);

/// True if `reference` has every pair that `computeReference` would visit.
bool coversFirstEpoch(const ReferenceLogProbs& reference, const BatchPlan& plan);

}  // namespace preflab
