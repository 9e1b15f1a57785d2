// SPDX-License-Identifier: GPL-3.0-or-later
// The reference pass and its cache on disk.
#include "core/train/loop/reference.h"

#include "core/base/atomic_file.h"
#include "core/base/file_error.h"
#include "core/base/file_reader.h"
#include "core/base/hash.h"
#include "core/plan/pair_batches.h"
#include "core/train/engine/numbers.h"

#include <torch/headeronly/version.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace preflab {
namespace {

constexpr std::string_view kMagic = "PrefLab reference 1\n";
constexpr std::size_t kHashLength = 32;  // hexadecimal digits of XXH3-128

/// The values at `pairs` as a tensor (P) like `like`.
Tensor gather(const std::vector<double>& values, std::span<const std::uint32_t> pairs, const Tensor& like)
{
    std::vector<double> some;
    for (const std::uint32_t pair : pairs) some.push_back(values[pair]);
    return tensorOf(some, like);
}

void scatter(const Tensor& tensor, std::span<const std::uint32_t> pairs, std::vector<double>& values)
{
    const std::vector<double> some = numbersOf(tensor);
    for (std::size_t i = 0; i < pairs.size(); ++i) values[pairs[i]] = some[i];
}

std::string bytesOf(const std::vector<double>& values)
{
    std::string bytes(values.size() * sizeof(double), '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

std::string hashOf(std::string_view text)
{
    ContentHash hash;
    hash.add(text);
    return hash.hex();
}

/// Calls `visit(pairs)` for every micro-batch of the first epoch that the run reaches.
template <class Visit>
void forFirstEpoch(const BatchPlan& plan, Visit&& visit)
{
    const std::int64_t steps = std::min(plan.stepsPerEpoch(), plan.totalSteps());
    for (std::int64_t step = 1; step <= steps; ++step) {
        for (const auto& microBatch : plan.batchesOf(step).microBatches) {
            if (!visit(microBatch)) return;
        }
    }
}

}  // namespace

ReferenceLogProbs::ReferenceLogProbs(std::uint32_t pairs)
    : m_chosen(pairs, std::numeric_limits<double>::quiet_NaN()),
      m_rejected(pairs, std::numeric_limits<double>::quiet_NaN())
{
}

void ReferenceLogProbs::set(std::span<const std::uint32_t> pairs, const PairTensors& values)
{
    scatter(values.chosen, pairs, m_chosen);
    scatter(values.rejected, pairs, m_rejected);
}

PairTensors ReferenceLogProbs::of(std::span<const std::uint32_t> pairs, const Tensor& like) const
{
    return {gather(m_chosen, pairs, like), gather(m_rejected, pairs, like)};
}

bool ReferenceLogProbs::covers(std::span<const std::uint32_t> pairs) const
{
    return std::ranges::none_of(pairs, [this](std::uint32_t pair) { return std::isnan(m_chosen[pair]); });
}

Result<> ReferenceLogProbs::save(const std::filesystem::path& file) const
{
    std::string text(kMagic);
    text += bytesOf(m_chosen);
    text += bytesOf(m_rejected);
    text += hashOf(text);
    std::error_code failure;
    std::filesystem::create_directories(file.parent_path(), failure);
    if (failure) return tl::unexpected(writeError(file.parent_path(), failure.value()));
    return writeFileAtomically(file, text);
}

std::optional<ReferenceLogProbs> ReferenceLogProbs::load(const std::filesystem::path& file, std::uint32_t pairs)
{
    const std::size_t bytes = pairs * sizeof(double);
    const std::size_t size = kMagic.size() + 2 * bytes + kHashLength;
    const auto text = readTextFile(file, size);
    if (!text || text->size() != size || !text->starts_with(kMagic)) return std::nullopt;
    const std::string_view body(text->data(), size - kHashLength);
    if (hashOf(body) != std::string_view(*text).substr(body.size())) return std::nullopt;
    ReferenceLogProbs reference(pairs);
    std::memcpy(reference.m_chosen.data(), body.data() + kMagic.size(), bytes);
    std::memcpy(reference.m_rejected.data(), body.data() + kMagic.size() + bytes, bytes);
    return reference;
}

std::filesystem::path referenceFile(const std::filesystem::path& cacheFolder, const ReferenceKey& key)
{
    const BatchPlanOptions& plan = key.plan;
    std::string text =
        key.modelHash + '\n' + key.dataKey + '\n' + key.answerKey + '\n' + key.dtype + '\n' + TORCH_VERSION + '\n';
    for (const std::int64_t number :
         {static_cast<std::int64_t>(plan.pairs), plan.batchSize, static_cast<std::int64_t>(plan.seed),
          static_cast<std::int64_t>(plan.isShuffled), key.threads}) {
        text += std::to_string(number) + '\n';
    }
    return cacheFolder / "reference" / (hashOf(text) + ".bin");
}

Result<ReferenceLogProbs> computeReference(Engine& engine, const Objective& objective, const PairSource& pairs,
                                           const BatchPlan& plan, const PassTick& tick)
{
    std::int64_t total = 0;
    forFirstEpoch(plan, [&](const auto&) { return ++total > 0; });

    ReferenceLogProbs reference(pairs.size());
    std::int64_t done = 0;
    Result<> result;
    forFirstEpoch(plan, [&](const std::vector<std::uint32_t>& microBatch) {
        result = [&]() -> Result<> {
            TRY(const std::vector<TokenPair> drawn, drawPairs(pairs, microBatch));
            const SequenceSums sums = engine.evaluate({drawn}, objective.answerSums());
            reference.set(microBatch, objective.answerLogProbs(sums));
            return tick(++done, total);
        }();
        return result.has_value();
    });
    TRY_VOID(std::move(result));
    return reference;
}

bool coversFirstEpoch(const ReferenceLogProbs& reference, const BatchPlan& plan)
{
    bool isCovered = true;
    forFirstEpoch(plan, [&](const auto& microBatch) { return isCovered = reference.covers(microBatch); });
    return isCovered;
}

}  // namespace preflab
