// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the prompt of rows that have none of their own.
#pragma once

#include "core/base/result.h"
#include "core/data/rows/row.h"

#include <string_view>

namespace preflab {

/// How implicit prompts are found.
enum class SplitRule {
    Automatic,  ///< Anthropic transcripts at the last common "\n\nAssistant:", everything else as Trl
    Trl,        ///< always as TRL's extract_prompt (trl-spec 1.3), transcripts too
};

/// "auto", "trl".
std::string_view splitRuleId(SplitRule rule);

/// True for two whole Anthropic transcripts: texts that begin with "\n\nHuman:" and hold "\n\nAssistant:".
bool isTranscript(const Row& row);

/// TRL's extract_prompt on characters or messages, with its quirks; an empty side is an error's reason text.
tl::expected<Row, std::string> extractPromptAsTrl(const Row& row);

/// The row with an explicit prompt; rows that have one come back unchanged. The error is the row's reason.
tl::expected<Row, std::string> splitPrompt(const Row& row, SplitRule rule);

}  // namespace preflab
