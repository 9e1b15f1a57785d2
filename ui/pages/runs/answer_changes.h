// SPDX-License-Identifier: GPL-3.0-or-later
// Sample answers over time: what is new in one against the one before.
#pragma once

#include "core/runs/sample_answers.h"
#include "ui/widgets/pair_text.h"

#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// An answer and the one that was given to the same prompt before it.
struct AnswerChange {
    std::optional<SampleAnswer> before;
    SampleAnswer after;

    /// The words of `after` that are new.
    std::vector<TextMark> marks() const;
};

/// The prompts in the order in which they were first asked.
std::vector<std::string> promptsOf(const std::vector<SampleAnswer>& samples);
/// All answers to a prompt, each with the one before.
std::vector<AnswerChange> changesOf(const std::vector<SampleAnswer>& samples, const std::string& prompt);
/// The latest answer to the first prompt that has been asked in the latest round.
std::optional<AnswerChange> latestChange(const std::vector<SampleAnswer>& samples);

}  // namespace preflab
