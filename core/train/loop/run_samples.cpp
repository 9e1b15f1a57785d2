// SPDX-License-Identifier: GPL-3.0-or-later
// One greedy answer to each prompt.
#include "core/train/loop/run_samples.h"

#include "core/base/rng.h"
#include "core/train/sample.h"

#include <iterator>
#include <string_view>

namespace preflab {

Result<> sampleAnswers(Engine& engine, const TrainingJob& job, const std::string& when, std::int64_t step,
                       RunClock& clock, RunReporter& reporter)
{
    const PassTick tick = reporter.tick("Sampling");
    std::int64_t done = 0;
    for (const std::string& prompt : job.samplePrompts) {
        TRY_VOID(tick(done++, std::ssize(job.samplePrompts)));
        SampleOptions options;
        options.seed = seedFor(job.options.seed, SeedPurpose::Sampling);
        std::string answer;
        Result<> beat;
        const auto collect = [&](std::string_view text) {
            answer += text;
            beat = clock.beat();  // a wish to pause or to end does not wait for the answer's last token
            return beat.has_value();
        };
        TRY(const GenerationEnd end, generateText(engine, *job.text, prompt, options, collect, {}));
        TRY_VOID(beat);
        reporter.note(RunEvent::Kind::Sample, step, prompt, {{"prompt", prompt}, {"answer", answer}, {"when", when}});
        if (end == GenerationEnd::ModelLimit)
            reporter.note(RunEvent::Kind::Note, step,
                          "The last answer ends where prompt and answer have as many tokens as the model reads.");
    }
    return {};
}

}  // namespace preflab
