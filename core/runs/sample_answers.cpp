// SPDX-License-Identifier: GPL-3.0-or-later
// Answers to sample prompts, read from a log.
#include "core/runs/sample_answers.h"

#include <algorithm>

namespace preflab {

namespace {

std::string fieldOf(const Json& data, const char* name)
{
    const auto field = data.find(name);
    return field != data.end() && field->is_string() ? field->get<std::string>() : std::string();
}

}  // namespace

std::optional<SampleAnswer> sampleOf(const RunEvent& event)
{
    if (event.kind != RunEvent::Kind::Sample || !event.data.is_object()) return std::nullopt;
    return SampleAnswer{fieldOf(event.data, "prompt"), fieldOf(event.data, "when"), fieldOf(event.data, "answer"),
                        event.step};
}

std::vector<SampleAnswer> samplesOf(const RunLog& log)
{
    std::vector<SampleAnswer> samples;
    RunCursor cursor;
    for (const RunEvent& event : log.news(cursor).events) {
        if (auto sample = sampleOf(event)) samples.push_back(*std::move(sample));
    }
    return samples;
}

std::optional<std::string> answerTo(const std::vector<SampleAnswer>& samples, std::string_view prompt,
                                    std::string_view when)
{
    const auto found = std::find_if(samples.rbegin(), samples.rend(), [&](const SampleAnswer& sample) {
        return sample.prompt == prompt && sample.when == when;
    });
    return found == samples.rend() ? std::optional<std::string>() : found->answer;
}

}  // namespace preflab
