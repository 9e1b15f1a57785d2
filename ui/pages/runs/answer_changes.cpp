// SPDX-License-Identifier: GPL-3.0-or-later
// The same marks as for pairs.
#include "ui/pages/runs/answer_changes.h"

#include "core/data/rows/pair_diff.h"

#include <algorithm>

namespace preflab {

std::vector<TextMark> AnswerChange::marks() const
{
    std::vector<TextMark> marks;
    if (!before) return marks;
    for (const TextRange& range : diffTexts(after.answer, before->answer).chosenMarks)
        marks.push_back({range.begin, range.end, TextMark::Kind::OnlyChosen});
    return marks;
}

std::vector<std::string> promptsOf(const std::vector<SampleAnswer>& samples)
{
    std::vector<std::string> prompts;
    for (const SampleAnswer& sample : samples) {
        if (std::ranges::find(prompts, sample.prompt) == prompts.end()) prompts.push_back(sample.prompt);
    }
    return prompts;
}

std::vector<AnswerChange> changesOf(const std::vector<SampleAnswer>& samples, const std::string& prompt)
{
    std::vector<AnswerChange> changes;
    for (const SampleAnswer& sample : samples) {
        if (sample.prompt != prompt) continue;
        const auto before = changes.empty() ? std::nullopt : std::optional(changes.back().after);
        changes.push_back({before, sample});
    }
    return changes;
}

std::optional<AnswerChange> latestChange(const std::vector<SampleAnswer>& samples)
{
    if (samples.empty()) return std::nullopt;
    const std::string& when = samples.back().when;
    const std::int64_t step = samples.back().step;
    const auto first = std::ranges::find_if(
        samples, [&](const SampleAnswer& sample) { return sample.step == step && sample.when == when; });
    return changesOf(samples, first->prompt).back();
}

}  // namespace preflab
