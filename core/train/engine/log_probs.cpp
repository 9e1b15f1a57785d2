// SPDX-License-Identifier: GPL-3.0-or-later
// Token statistics in chunks of rows.
#include "core/train/engine/log_probs.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/log_softmax.h>

#include <algorithm>
#include <vector>

namespace preflab {

namespace {

/// Statistics of some rows: `hidden` (N, H), `labels` (N).
TokenStatistics statisticsOfRows(const DecoderWeights& weights, const Tensor& hidden, const Tensor& labels,
                                 bool hasLogSquares)
{
    const Tensor logits = decoderLogits(weights, hidden);   // (N, V)
    const Tensor logSoftmax = at::log_softmax(logits, -1);  // (N, V)
    TokenStatistics rows;
    rows.logProbs = logSoftmax.gather(-1, labels.unsqueeze(-1)).squeeze(-1);  // (N)

    const at::NoGradGuard noGrad;
    Tensor products = logSoftmax.exp();                                     // (N, V)
    rows.entropy = products.mul_(logSoftmax).sum(-1).neg();                 // (N)
    rows.meanLogit = logits.mean(-1);                                       // (N)
    rows.isTop1 = (logits.argmax(-1) == labels).to(logits.scalar_type());   // (N); argmax is the first maximum
    if (hasLogSquares) rows.logSquares = (logSoftmax * 2.0).logsumexp(-1);  // (N)
    return rows;
}

}  // namespace

TokenStatistics tokenStatistics(const DecoderWeights& weights, const Tensor& hidden, const Tensor& nextIds,
                                std::int64_t chunkElements, bool hasLogSquares)
{
    const Tensor rows = hidden.reshape({-1, hidden.size(-1)});  // (N, H)
    const Tensor labels = nextIds.reshape({-1});                // (N)
    const std::int64_t count = rows.size(0);
    const std::int64_t chunk = std::max<std::int64_t>(1, chunkElements / weights.decoder.vocabularySize);
    std::vector<Tensor> logProbs, entropy, meanLogit, isTop1, logSquares;
    std::int64_t first = 0;
    do {  // once even without rows, so that the results have shape and dtype
        const std::int64_t size = std::min(chunk, count - first);
        const TokenStatistics part =
            statisticsOfRows(weights, rows.narrow(0, first, size), labels.narrow(0, first, size), hasLogSquares);
        logProbs.push_back(part.logProbs);
        entropy.push_back(part.entropy);
        meanLogit.push_back(part.meanLogit);
        isTop1.push_back(part.isTop1);
        if (hasLogSquares) logSquares.push_back(part.logSquares);
        first += size;
    } while (first < count);
    const auto join = [&](const std::vector<Tensor>& parts) { return at::cat(parts).view(nextIds.sizes()); };
    return {join(logProbs), join(entropy), join(meanLogit), join(isTop1), hasLogSquares ? join(logSquares) : Tensor()};
}

}  // namespace preflab
