// SPDX-License-Identifier: GPL-3.0-or-later
// A tokenised text and which of its tokens are learned or scored.
#pragma once

#include "core/text/tokenizer.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace preflab {

/// Positions begin .. end-1 of a sequence.
struct LabelRun {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool operator==(const LabelRun&) const = default;
};

/// One sequence as it reaches the model.
struct TokenSequence {
    TokenIds ids;
    /// The tokens that are trained or scored (token 0 has no prediction): ascending, apart from each other, none of
    /// them empty, all within `ids`. Normally one run up to the end: an answer, or the whole text.
    std::vector<LabelRun> labels;

    /// A prompt of `promptLength` tokens and what answers it; 0: every token is a label.
    static TokenSequence afterPrompt(TokenIds ids, std::size_t promptLength);
    /// Tokens before the first label; all of them without labels.
    std::size_t promptLength() const;
    /// Number of labels that have a prediction: all but one at position 0.
    std::size_t predictedLabels() const;
    /// Keeps the first `limit` tokens and the labels among them (TRL truncation_mode "keep_start").
    void keepStart(std::size_t limit);
    bool operator==(const TokenSequence&) const = default;
};

}  // namespace preflab
