// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the prompt of rows that have none of their own.
#pragma once

#include "core/base/result.h"
#include "core/data/rows/row.h"

#include <string_view>

namespace preflab {

/// How implicit prompts are found.
enum class SplitRule {
    Automatic,  ///< Anthropic transcripts at the last common "\n\nAssistant:", everything else as Trl without its fault
    Trl,        ///< always as TRL's extract_prompt (trl-spec 1.3), transcripts and sides without a common beginning too
};

/// "auto", "trl".
std::string_view splitRuleId(SplitRule rule);

/// True for two whole Anthropic transcripts: texts that begin with "\n\nHuman:" and hold "\n\nAssistant:".
bool isTranscript(const Row& row);

/// What makes the prompt of a row without one doubtful where a rule finds it.
struct SplitDoubts {
    bool isChosenEmpty = false;       ///< behind the prompt nothing is said
    bool isRejectedEmpty = false;     ///< the same of the other side
    bool oneContinues = false;        ///< one side is the beginning of the other, so that only its last part is answer
    bool hasNothingInCommon = false;  ///< the sides differ from the beginning, so there is no prompt
    bool doPromptsDiffer = false;     ///< transcripts or conversations that differ in what the user says
};

/// The doubts about a row without a prompt whose sides are neither empty nor the same; none for other rows.
SplitDoubts splitDoubts(const Row& row, SplitRule rule);

/// The row with an explicit prompt; rows that have one come back unchanged. The error is the row's reason, e.g. that
/// a side is empty.
tl::expected<Row, std::string> splitPrompt(const Row& row, SplitRule rule);

}  // namespace preflab
