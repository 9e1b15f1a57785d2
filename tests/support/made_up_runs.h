// SPDX-License-Identifier: GPL-3.0-or-later
// Runs with curves of realistic shape, for reports.
#pragma once

#include "core/report/report.h"

#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace preflab::test {

/// Appends the metrics of one step to a log.
inline void logStep(RunLog& log, std::int64_t step, const std::vector<std::pair<std::string, double>>& values)
{
    MetricRow row{step, 0.4 * static_cast<double>(step), {}};
    for (const auto& [name, value] : values) row.values.push_back({log.nameOf(name), value});
    log.append(std::move(row));
}

inline void logEvent(RunLog& log, RunEvent::Kind kind, const std::string& text, Json data = {})
{
    RunEvent event;
    event.kind = kind;
    event.text = text;
    event.data = std::move(data);
    log.append(std::move(event));
}

inline void logSample(RunLog& log, const std::string& prompt, const std::string& when, const std::string& answer)
{
    logEvent(log, RunEvent::Kind::Sample, prompt, {{"prompt", prompt}, {"answer", answer}, {"when", when}});
}

inline std::vector<MetricDescription> madeUpHeldOutMetrics()
{
    return {{"heldout/accuracy_sum", "Held-out accuracy, summed", "share", "", true},
            {"heldout/accuracy_mean", "Held-out accuracy, per token", "share", "", true},
            {"heldout/margin_mean", "Held-out margin", "nats per token", "", true},
            {"heldout/log_odds", "Held-out log-odds", "nats", "", true},
            {"heldout/nll_chosen", "Held-out NLL of chosen", "nats per token", "", false},
            {"heldout/drift_chosen", "Drift of chosen", "nats per token", "", true},
            {"heldout/drift_rejected", "Drift of rejected", "nats per token", "", false}};
}

inline ComponentDescription madeUpMethod(const std::string& id)
{
    const bool isDpo = id == "dpo";
    ComponentDescription method;
    method.id = id;
    method.title = isDpo ? "DPO" : "ORPO";
    method.paper = isDpo ? "arXiv:2305.18290" : "arXiv:2403.07691";
    method.help = "Raises chosen over rejected answers.";
    method.recipe = id;
    method.params = {{isDpo ? "beta" : "lambda", isDpo ? "Beta" : "Lambda", 0.1, 0.0, 10.0, true, {}, "", ""}};
    method.metrics = {{"loss", "Loss", "", "", false},
                      {"rewards/margins", "Reward margin", isDpo ? "nats x beta" : "nats per token x lambda", "", true},
                      {"rewards/accuracies", "Reward accuracy", "share", "", true},
                      {"logps/chosen", "Log-prob of chosen", isDpo ? "nats" : "nats per token", "", true},
                      {"log_odds_chosen", "Log-odds", "nats", "", true},
                      {"nll_loss", "NLL of chosen", "nats per token", "", false}};
    return method;
}

/// Curves of `steps` steps with `evaluations` evaluations after the first; `strength` scales what is learned.
inline std::shared_ptr<RunLog> madeUpLog(const std::string& method, std::int64_t steps, std::int64_t evaluations,
                                         double strength, unsigned seed)
{
    auto log = std::make_shared<RunLog>();
    log->setAutoCommit();
    std::mt19937 generator(seed);
    std::normal_distribution<double> noise;
    const bool isDpo = method == "dpo";
    for (std::int64_t step = 0; step <= steps; ++step) {
        const double done = static_cast<double>(step) / static_cast<double>(steps);
        const double learned = strength * (1 - std::exp(-3 * done));
        if (evaluations > 0 && step % (steps / evaluations) == 0) {
            const double wobble = step == 0 ? 0 : 0.006 * noise(generator);
            logStep(*log, step,
                    {{"heldout/accuracy_sum", 0.514 + 0.16 * learned + wobble},
                     {"heldout/accuracy_mean", 0.526 + (isDpo ? 0.17 : 0.21) * learned + wobble},
                     {"heldout/margin_mean", 0.021 + (isDpo ? 0.19 : 0.13) * learned + wobble},
                     {"heldout/log_odds", 0.024 + (isDpo ? 0.22 : 0.16) * learned + wobble},
                     {"heldout/nll_chosen", 2.087 + (isDpo ? 0.11 : -0.36) * learned + wobble},
                     {"heldout/drift_chosen", (isDpo ? -0.11 : 0.36) * learned + wobble},
                     {"heldout/drift_rejected", (isDpo ? -0.30 : 0.23) * learned + wobble},
                     {"eval_loss", isDpo ? 0.693147 - 0.07 * learned + wobble : 2.31 - 0.4 * learned},
                     {"eval_rewards/margins", (isDpo ? 0.5 : 0.02) * learned}});
        }
        if (step == 0) continue;
        const double n = noise(generator);
        const double m = noise(generator);
        logStep(*log, step,
                {{"loss", !isDpo      ? 2.30 - 0.45 * learned + 0.08 * n
                          : step == 1 ? 0.693147
                                      : 0.693147 - 0.11 * learned + 0.035 * n},
                 {"rewards/margins", (isDpo ? 0.6 : 0.025) * learned + (isDpo ? 0.12 : 0.008) * m * done},
                 {"rewards/accuracies", std::round(std::min(1.0, 0.5 + 0.2 * learned + 0.12 * m) * 8) / 8},
                 {"logps/chosen", isDpo ? -147.0 - 4 * learned + 1.6 * n : -2.1 + 0.35 * learned + 0.05 * n},
                 {"logps/rejected", isDpo ? -139.0 - 10 * learned + 1.6 * m : -2.12 + 0.2 * learned + 0.05 * m}});
        if (!isDpo)
            logStep(
                *log, step,
                {{"nll_loss", 2.22 - 0.44 * learned + 0.08 * n}, {"log_odds_chosen", 0.02 + 0.2 * learned + 0.05 * m}});
    }
    return log;
}

/// A finished run of method "dpo" or "orpo" with samples and notes.
inline ComparedRun madeUpRun(const std::string& method, std::int64_t steps, std::int64_t evaluations,
                             double strength = 1.0, unsigned seed = 1)
{
    ComparedRun run;
    run.method = madeUpMethod(method);
    run.record.id = std::string(method == "dpo" ? "0001-" : "0002-") + method + "-courtesy";
    run.record.name = method + "-courtesy";
    run.record.method = method;
    run.record.created = "2026-03-02T14:05:31.120Z";
    run.record.outcome = "finished";
    run.record.steps = steps;
    run.record.dataHash = "1f0c";
    run.record.spec.method = method;
    run.record.spec.model = "demo/small-talker";
    run.record.spec.data = "demo/courtesy.jsonl";
    run.record.spec.usableBy = {"dpo", "orpo"};
    run.record.spec.params = {{"learning_rate", method == "dpo" ? 5e-5 : 2e-4},
                              {"max_steps", steps},
                              {"eval_fraction", 0.15},
                              {"eval_steps", std::int64_t{25}}};
    auto log = madeUpLog(method, steps, evaluations, strength, seed);
    logEvent(*log, RunEvent::Kind::Note,
             "Trains on 374 of 380 pairs of courtesy.jsonl; left out: 6 because the prompt fills the maximum length.",
             {{"rows", 447U},
              {"pairs", 374U},
              {"dropped", 6U},
              {"held_out", 67U},
              {"is_pairs", true},
              {"held_out_trained_on", 0U}});
    logEvent(*log, RunEvent::Kind::Note, "Evaluates on 67 pairs held out from courtesy.jsonl by the seed.");
    const bool isDpo = method == "dpo";
    logSample(*log, "Could you tell me where the library is?", "before", "Down the road. Look for it yourself.");
    logSample(
        *log, "Could you tell me where the library is?", "after",
        isDpo ? "Of course! The library is on Mill Street, just past the bakery. Would you like me to show you the way?"
              : "Gladly. It is down the road, past the bakery. Let me know if you need anything else.");
    logSample(*log, "I lost my umbrella on the bus.", "before", "Then buy one. It happens.");
    logSample(*log, "I lost my umbrella on the bus.", "after",
              isDpo ? "Oh, I am sorry to hear that. The bus office keeps what is found, and they open at nine. I hope "
                      "it turns up soon!"
                    : "I am sorry to hear that. Ask at the bus office, they keep what is found.");
    run.log = log;
    return run;
}

}  // namespace preflab::test
