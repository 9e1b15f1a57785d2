// SPDX-License-Identifier: GPL-3.0-or-later
// What the model answered to sample prompts, as the log of a run holds it.
#pragma once

#include "core/runs/run_log.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// What the model answered to one prompt.
struct SampleAnswer {
    std::string prompt;
    std::string when;  ///< "before", "step 20", "after"
    std::string answer;
    std::int64_t step = 0;
};

/// The answer that an event of kind Sample holds; nothing for other events.
std::optional<SampleAnswer> sampleOf(const RunEvent& event);

/// The committed answers of a run in the order given.
std::vector<SampleAnswer> samplesOf(const RunLog& log);

/// The answer to `prompt`, the latest if there are several; nothing if there is none.
std::optional<std::string> answerTo(const std::vector<SampleAnswer>& samples, std::string_view prompt,
                                    std::string_view when);

}  // namespace preflab
