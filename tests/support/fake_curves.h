// SPDX-License-Identifier: GPL-3.0-or-later
// What an engine without torch tells of itself and of training: methods, a model, curves, scores. Every number is made
// from step or row alone, so that a test can say beforehand what a page has to show.
#pragma once

#include "core/runs/backend.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace preflab::test {

/// Names and values of one step.
using FakeValues = std::vector<std::pair<std::string, double>>;

/// A number between -1 and 1 that looks random and is always the same.
inline double fakeNoise(std::uint64_t a, std::uint64_t b)
{
    std::uint64_t x = a * 0x9E3779B97F4A7C15ULL + b * 0xBF58476D1CE4E5B9ULL + 0x94D049BB133111EBULL;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1.0p-52 - 1.0;
}

inline double fakeParam(const ParamValues& params, const char* key, double otherwise)
{
    const auto found = params.find(key);
    if (found == params.end()) return otherwise;
    if (const auto* whole = std::get_if<std::int64_t>(&found->second)) return static_cast<double>(*whole);
    if (const auto* number = std::get_if<double>(&found->second)) return *number;
    return otherwise;
}

/// One preference parameter as the real methods describe theirs.
inline ParamSpec fakePreference(const char* key, const char* title, const char* help)
{
    ParamSpec spec;
    spec.key = key;
    spec.title = title;
    spec.defaultValue = 0.1;
    spec.minimum = 0.0;
    spec.maximum = 10.0;
    spec.isMinimumAllowed = false;
    spec.help = help;
    spec.source = "made up";
    spec.group = "Preference";
    spec.isLogScale = true;
    spec.usualMinimum = 0.01;
    spec.usualMaximum = 1.0;
    return spec;
}

inline std::vector<MetricDescription> fakeMetrics(bool isDpo)
{
    const std::string reward = isDpo ? "nats x beta" : "nats per token x lambda";
    const std::string logProb = isDpo ? "nats" : "nats per token";
    std::vector<MetricDescription> metrics{
        {"loss", "Loss", "", "What is minimised.", false},
        {"grad_norm", "Gradient norm", "", "Length of the gradient before clipping.", false},
        {"learning_rate", "Learning rate", "", "Used for this step.", false},
        {"epoch", "Epoch", "", "Passes over the data so far.", false},
        {"pair_tokens_per_second", "Speed", "tokens per second", "Tokens of the step by its time.", true},
        {"process/resident_bytes", "Memory", "bytes", "Held by the whole program after the step.", false},
        {"num_tokens", "Tokens seen", "", "Running total.", false},
        {"rewards/chosen", "Reward of chosen", reward, "Mean over chosen answers.", true},
        {"rewards/rejected", "Reward of rejected", reward, "Mean over rejected answers.", false},
        {"rewards/accuracies", "Reward accuracy", "share", "Share of pairs with the larger chosen reward.", true},
        {"rewards/margins", "Reward margin", reward, "Chosen reward minus rejected reward.", true},
        {"logps/chosen", "Log-prob of chosen", logProb, "Mean over pairs.", true},
        {"logps/rejected", "Log-prob of rejected", logProb, "Mean over pairs.", false},
    };
    if (!isDpo) {
        metrics.push_back({"nll_loss", "NLL of chosen", "nats per token", "The part that is plain training.", false});
        metrics.push_back({"log_odds_ratio", "Log-sigmoid of log-odds", "", "Mean of log(sigmoid(log-odds)).", true});
        metrics.push_back({"log_odds_chosen", "Log-odds", "nats", "Of the chosen over the rejected answer.", true});
    }
    for (MetricDescription heldOut : std::vector<MetricDescription>{
             {"heldout/accuracy_sum", "Held-out accuracy, summed", "share", "By summed log-prob.", true},
             {"heldout/accuracy_mean", "Held-out accuracy, per token", "share", "By log-prob per token.", true},
             {"heldout/margin_mean", "Held-out margin", "nats per token", "Chosen minus rejected.", true},
             {"heldout/log_odds", "Held-out log-odds", "nats", "Chosen over rejected, per token.", true},
             {"heldout/nll_chosen", "Held-out NLL of chosen", "nats per token", "Mean over tokens.", false},
             {"heldout/drift_chosen", "Drift of chosen", "nats per token", "Since the start.", true},
             {"heldout/drift_rejected", "Drift of rejected", "nats per token", "Since the start.", false}})
        metrics.push_back(std::move(heldOut));
    return metrics;
}

inline ComponentDescription fakeMethod(const std::string& id)
{
    const bool isDpo = id == "dpo";
    ComponentDescription method;
    method.id = id;
    method.title = isDpo ? "DPO" : "ORPO";
    method.paper = isDpo ? "arXiv:2305.18290" : "arXiv:2403.07691";
    method.help = isDpo ? "Raises chosen over rejected answers, measured against the starting model."
                        : "Trains on chosen answers and lowers the odds of rejected ones, without a reference.";
    method.recipe = id;
    method.needsReference = isDpo;
    method.params = {isDpo
                         ? fakePreference("beta", "Beta", "Pull towards the reference: higher stays closer to it.")
                         : fakePreference("lambda", "Lambda", "Weight of the preference term: higher pushes harder.")};
    method.defaults = {{"learning_rate", 1e-6}};
    method.metrics = fakeMetrics(isDpo);
    return method;
}

inline ModelReport fakeModel(const std::filesystem::path& path)
{
    ModelReport report;
    report.path = path;
    report.architecture = "fake";
    report.dtype = "F32";
    report.layers = 2;
    report.hiddenSize = 64;
    report.heads = 4;
    report.keyValueHeads = 2;
    report.intermediateSize = 172;
    report.vocabularySize = 512;
    report.maxPositions = 256;
    report.isHeadTied = true;
    report.tokenizer = "SentencePiece, 512 pieces";
    report.contentHash = "0123456789abcdef0123456789abcdef";
    const auto add = [&report](const std::string& name, std::int64_t rows, std::int64_t columns) {
        const auto count = rows * std::max<std::int64_t>(columns, 1);
        report.tensors.push_back({name, "F32",
                                  std::to_string(rows) + (columns > 0 ? " x " + std::to_string(columns) : ""),
                                  static_cast<std::uint64_t>(count) * 4, count});
        report.parameters += count;
        report.weightBytes += static_cast<std::uint64_t>(count) * 4;
    };
    add("model.embed_tokens.weight", 512, 64);
    for (int layer = 0; layer < 2; ++layer) {
        const std::string prefix = "model.layers." + std::to_string(layer);
        add(prefix + ".self_attn.q_proj.weight", 64, 64);
        add(prefix + ".self_attn.k_proj.weight", 32, 64);
        add(prefix + ".self_attn.v_proj.weight", 32, 64);
        add(prefix + ".self_attn.o_proj.weight", 64, 64);
        add(prefix + ".mlp.gate_proj.weight", 172, 64);
        add(prefix + ".input_layernorm.weight", 64, 0);
    }
    add("model.norm.weight", 64, 0);
    return report;
}

/// How much was learned after `step` of `steps`: 0 before the first, towards 1.
inline double fakeLearned(std::int64_t step, std::int64_t steps)
{
    return 1.0 - std::exp(-3.0 * static_cast<double>(step) / static_cast<double>(std::max<std::int64_t>(steps, 1)));
}

/// What a step logs.
inline FakeValues fakeStep(const RunSpec& spec, std::int64_t step, std::int64_t steps)
{
    const bool isDpo = spec.method != "orpo";
    const double learned = fakeLearned(step - 1, steps);  // the loss of a step is that of the weights before it
    const auto noise = [step](std::uint64_t salt) { return fakeNoise(static_cast<std::uint64_t>(step), salt); };
    const double weight = fakeParam(spec.params, isDpo ? "beta" : "lambda", 0.1);
    const double batch = fakeParam(spec.params, "per_device_train_batch_size", 8.0);
    const double done = static_cast<double>(step - 1) / static_cast<double>(std::max<std::int64_t>(steps, 1));
    const double chosen = isDpo ? weight * (2.0 * learned + 0.5 * noise(1) * learned) : weight * (-2.1 + 0.3 * learned);
    const double margin =
        isDpo ? weight * (9.0 * learned + 2.0 * noise(2) * learned) : weight * (0.05 + 0.3 * learned + 0.05 * noise(2));
    const double logOdds = 0.04 + 0.7 * learned + 0.08 * noise(3);
    const double logSigmoid = -std::log1p(std::exp(-logOdds));
    const double nll = 2.2 - 0.6 * learned + 0.06 * noise(4);
    FakeValues values{
        {"loss", isDpo ? std::log1p(std::exp(-margin)) + 0.02 * noise(5) * learned : nll - weight * logSigmoid},
        {"grad_norm", 0.8 + 0.4 * (1.0 - learned) + 0.2 * noise(6)},
        {"learning_rate", fakeParam(spec.params, "learning_rate", 1e-6) * (1.0 - done)},
        {"epoch", static_cast<double>(step) * batch / 200.0},
        {"pair_tokens_per_second", 5200.0 + 300.0 * noise(7)},
        {"process/resident_bytes", 412e6 + 1e6 * noise(8)},
        {"num_tokens", static_cast<double>(step) * batch * 118.0},
        {"rewards/chosen", chosen},
        {"rewards/rejected", chosen - margin},
        {"rewards/accuracies",
         step == 1 ? 0.0 : std::clamp(std::round((0.52 + 0.4 * learned + 0.1 * noise(9)) * batch) / batch, 0.0, 1.0)},
        {"rewards/margins", margin},
        {"logps/chosen", isDpo ? -147.0 + 20.0 * learned + 2.0 * noise(10) : -2.1 + 0.3 * learned},
        {"logps/rejected", isDpo ? -139.0 - 70.0 * learned + 2.0 * noise(11) : -2.15},
    };
    if (!isDpo) {
        values.emplace_back("nll_loss", nll);
        values.emplace_back("log_odds_ratio", logSigmoid);
        values.emplace_back("log_odds_chosen", logOdds);
    }
    return values;
}

/// What an evaluation after `step` logs; the one before training is that of step 0.
inline FakeValues fakeEvaluation(const RunSpec& spec, std::int64_t step, std::int64_t steps)
{
    const bool isDpo = spec.method != "orpo";
    const double learned = fakeLearned(step, steps);
    const double weight = fakeParam(spec.params, isDpo ? "beta" : "lambda", 0.1);
    const double margin = isDpo ? weight * 7.0 * learned : weight * (0.05 + 0.2 * learned);
    return {
        {"eval_loss", isDpo ? std::log1p(std::exp(-margin)) : 2.25 - 0.5 * learned},
        {"eval_rewards/margins", margin},
        {"eval_rewards/accuracies", step == 0 && isDpo ? 0.0 : 0.53 + 0.25 * learned},
        {"heldout/accuracy_sum", 0.51 + 0.18 * learned},
        {"heldout/accuracy_mean", 0.53 + (isDpo ? 0.2 : 0.24) * learned},
        {"heldout/margin_mean", 0.02 + (isDpo ? 0.2 : 0.14) * learned},
        {"heldout/log_odds", 0.03 + (isDpo ? 0.24 : 0.18) * learned},
        {"heldout/nll_chosen", 2.09 + (isDpo ? 0.1 : -0.36) * learned},
        {"heldout/drift_chosen", (isDpo ? -0.1 : 0.36) * learned},
        {"heldout/drift_rejected", (isDpo ? -0.3 : 0.22) * learned},
    };
}

/// One of `pairs` scored pairs, with margins on both sides of 0.
inline PairScore fakeScore(const ScoreRequest& request, std::uint32_t row)
{
    PairScore score;
    score.row = row;
    score.sourceNumber = row + 1;
    score.chosenTokens = 20 + static_cast<std::int64_t>(row % 17);
    score.rejectedTokens = 18 + static_cast<std::int64_t>(row % 13);
    score.chosenLogProb = -1.9 * static_cast<double>(score.chosenTokens) * (1.0 + 0.2 * fakeNoise(row, 21));
    score.rejectedLogProb = -2.0 * static_cast<double>(score.rejectedTokens) * (1.0 + 0.2 * fakeNoise(row, 22));
    const auto oddsOf = [](double mean) { return mean - std::log1p(-std::exp(mean)); };
    score.logOdds = oddsOf(score.chosenLogProb / static_cast<double>(score.chosenTokens)) -
                    oddsOf(score.rejectedLogProb / static_cast<double>(score.rejectedTokens));
    if (!request.reference) return score;
    // A model against itself has moved nowhere.
    const double moved = *request.reference == request.model ? 0.0 : 6.0;
    score.referenceChosenLogProb = score.chosenLogProb - moved * (0.3 + fakeNoise(row, 23));
    score.referenceRejectedLogProb = score.rejectedLogProb + moved * (0.5 + fakeNoise(row, 24));
    score.chosenReward = request.beta * (score.chosenLogProb - *score.referenceChosenLogProb);
    score.rejectedReward = request.beta * (score.rejectedLogProb - *score.referenceRejectedLogProb);
    score.margin = *score.chosenReward - *score.rejectedReward;
    return score;
}

}  // namespace preflab::test
