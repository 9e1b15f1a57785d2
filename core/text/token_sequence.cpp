// SPDX-License-Identifier: GPL-3.0-or-later
// Label runs.
#include "core/text/token_sequence.h"

#include <algorithm>
#include <utility>

namespace preflab {

TokenSequence TokenSequence::afterPrompt(TokenIds ids, std::size_t promptLength)
{
    TokenSequence sequence{std::move(ids), {}};
    if (promptLength < sequence.ids.size())
        sequence.labels.push_back(
            {static_cast<std::uint32_t>(promptLength), static_cast<std::uint32_t>(sequence.ids.size())});
    return sequence;
}

std::size_t TokenSequence::promptLength() const
{
    return labels.empty() ? ids.size() : labels.front().begin;
}

std::size_t TokenSequence::predictedLabels() const
{
    std::size_t count = 0;
    for (const LabelRun& run : labels) count += run.end - std::max(run.begin, std::uint32_t{1});
    return count;
}

void TokenSequence::keepStart(std::size_t limit)
{
    if (ids.size() <= limit) return;
    ids.resize(limit);
    while (!labels.empty() && labels.back().begin >= limit) labels.pop_back();
    if (!labels.empty()) labels.back().end = std::min(labels.back().end, static_cast<std::uint32_t>(limit));
}

}  // namespace preflab
