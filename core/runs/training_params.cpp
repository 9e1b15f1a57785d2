// SPDX-License-Identifier: GPL-3.0-or-later
// Titles, ranges, help and sources of the common parameters.
#include "core/runs/training_params.h"

#include "core/text/chat_template.h"

#include <string>
#include <utility>

namespace preflab {

namespace {

ParamSpec number(std::string key, std::string title, double value, double minimum, double maximum, std::string help,
                 std::string source)
{
    return {std::move(key), std::move(title), value, minimum, maximum, true, {}, std::move(help), std::move(source)};
}

ParamSpec above(double minimum, ParamSpec spec)
{
    spec.minimum = minimum;
    spec.isMinimumAllowed = false;
    return spec;
}

ParamSpec whole(std::string key, std::string title, std::int64_t value, double minimum, double maximum,
                std::string help, std::string source)
{
    return {std::move(key), std::move(title), value, minimum, maximum, true, {}, std::move(help), std::move(source)};
}

std::vector<std::string> chatTemplateIds()
{
    std::vector<std::string> ids;
    for (const ChatTemplate* known : chatTemplates()) ids.push_back(known->id);
    return ids;
}

ParamSpec choice(std::string key, std::string title, std::vector<std::string> choices, std::string help,
                 std::string source)
{
    ParamSpec spec{std::move(key),  std::move(title), choices.front(), {}, {}, true, {},
                   std::move(help), std::move(source)};
    spec.choices = std::move(choices);
    return spec;
}

ParamSpec onOff(std::string key, std::string title, bool value, std::string help, std::string source)
{
    return {std::move(key), std::move(title), value, {}, {}, true, {}, std::move(help), std::move(source)};
}

/// With its unit.
ParamSpec in(std::string unit, ParamSpec spec)
{
    spec.unit = std::move(unit);
    return spec;
}

/// With a slider from `lowest` to `highest`, on which equal factors are equal distances.
ParamSpec sliding(double lowest, double highest, ParamSpec spec)
{
    spec.isLogScale = true;
    spec.usualMinimum = lowest;
    spec.usualMaximum = highest;
    return spec;
}

/// Folded away in forms.
ParamSpec advanced(ParamSpec spec)
{
    spec.isAdvanced = true;
    return spec;
}

/// All under one heading, in this order.
void addGroup(std::vector<ParamSpec>& all, const char* group, std::vector<ParamSpec> specs)
{
    for (ParamSpec& spec : specs) {
        spec.group = group;
        all.push_back(std::move(spec));
    }
}

std::vector<ParamSpec> optimisation()
{
    return {
        above(0, sliding(1e-7, 1e-3,
                         number("learning_rate", "Learning rate", 1e-6, 0, 1,
                                "Size of a step; larger learns faster and breaks the model sooner.",
                                "TRL learning_rate (DPO and ORPO 1e-6, SFT 2e-5)"))),
        choice("lr_scheduler_type", "Schedule", {"linear", "constant", "constant_with_warmup", "cosine"},
               "After warm-up: down to 0 in a line or a cosine, or constant_with_warmup; constant has no warm-up.",
               "TRL lr_scheduler_type"),
        in("steps",
           number("warmup_steps", "Warm-up", 0.0, 0, 1e9,
                  "Steps in which the learning rate rises from 0; below 1, a share of all. Schedule constant has none.",
                  "TRL warmup_steps")),
        advanced(number("max_grad_norm", "Gradient clipping", 1.0, 0, 1e9,
                        "Longer gradients are cut to this length; smaller is safer and slower. 0 never cuts.",
                        "TRL max_grad_norm")),
        advanced(number("weight_decay", "Weight decay", 0.0, 0, 10,
                        "Pull of the weights towards 0 at each step, norms left out; larger pulls harder.",
                        "TRL weight_decay; AdamW, arXiv:1711.05101")),
        advanced(number("adam_beta1", "Adam beta 1", 0.9, 0, 0.999999,
                        "Memory of the mean gradient; larger is smoother and slower to turn.", "TRL adam_beta1")),
        advanced(number("adam_beta2", "Adam beta 2", 0.999, 0, 0.999999,
                        "Memory of the squared gradient; larger adapts step sizes more slowly.", "TRL adam_beta2")),
        advanced(above(0, number("adam_epsilon", "Adam epsilon", 1e-8, 0, 1,
                                 "Added to the root of the squared gradient; larger damps rarely used weights.",
                                 "TRL adam_epsilon"))),
    };
}

/// How long a run lasts and what a step sees.
std::vector<ParamSpec> length()
{
    return {
        in("epochs", above(0, sliding(0.1, 10,
                                      number("num_train_epochs", "Epochs", 3.0, 0, 10000,
                                             "How often training goes through the data; 0.5 is half of it.",
                                             "TRL num_train_epochs")))),
        in("steps",
           whole("max_steps", "Steps", -1, -1, 1e9,
                 "Number of optimizer steps, whatever the epochs; -1 or 0 lets the epochs decide.", "TRL max_steps")),
        in("pairs", sliding(1, 64,
                            whole("per_device_train_batch_size", "Batch size", 8, 1, 65536,
                                  "Pairs in one forward pass; more give calmer gradients and need more memory.",
                                  "TRL per_device_train_batch_size"))),
        in("batches", sliding(1, 64,
                              whole("gradient_accumulation_steps", "Gradient accumulation", 1, 1, 65536,
                                    "Batches added up to one step; more act as a larger batch without its "
                                    "memory.",
                                    "TRL gradient_accumulation_steps"))),
        in("tokens", sliding(64, 4096,
                             whole("max_length", "Maximum length", 1024, 0, 16777216,
                                   "Tokens kept of prompt and answer; smaller cuts answers at their end. 0 "
                                   "keeps all.",
                                   "TRL max_length (None is 0 here), truncation_mode keep_start"))),
        advanced(onOff("shuffle", "Shuffle", true,
                       "Draws the rows of each epoch in an order made from the seed; off keeps file order.",
                       "TRL train_sampling_strategy (random, sequential)")),
        advanced(choice("split", "Prompt split", {"auto", "trl"},
                        "Rows without a prompt: auto splits transcripts at their last common turn, trl as TRL does.",
                        "TRL extract_prompt")),
        advanced(choice("rendering", "Conversation format", chatTemplateIds(),
                        "How message lists become text: as ChatML turns or as a Human/Assistant transcript.",
                        "TRL chat_template")),
    };
}

std::vector<ParamSpec> evaluation()
{
    return {
        number("eval_fraction", "Held-out share", 0.0, 0, 0.9,
               "Share of the data that is only evaluated: more measures better and trains less. The seed draws it.",
               "test_size of datasets' train_test_split"),
        in("steps", whole("eval_steps", "Evaluate every", 0, 0, 1e9,
                          "Steps between evaluations; fewer show more and take time. 0: before and after only.",
                          "TRL eval_steps")),
        onOff("eval_samples", "Sample answers", true,
              "Answers the sample prompts at every evaluation; off answers them only before and after.",
              "TRL LogCompletionsCallback"),
        advanced(in("pairs", whole("per_device_eval_batch_size", "Evaluation batch size", 8, 1, 65536,
                                   "Pairs in one forward pass of an evaluation; more are faster and need more memory.",
                                   "TRL per_device_eval_batch_size"))),
    };
}

std::vector<ParamSpec> output()
{
    // TRL switches bf16 on by default. Here float32 is the default: CPUs without bf16 arithmetic are slower with
    // it, and the first loss of DPO is then ln 2 to six digits, which shows that policy and reference agree.
    return {
        in("steps", whole("save_steps", "Save every", 0, 0, 1e9,
                          "Steps between checkpoints; fewer lose less and fill the disk. 0 saves at the end only.",
                          "TRL save_steps (500 there; a small run should not fill the disk)")),
        whole("seed", "Seed", 42, 0, 4294967295.0,
              "Decides row order, held-out rows and sampling; equal seeds repeat a run.", "TRL seed"),
        advanced(choice("dtype", "Precision", {"float32", "bfloat16", "float64"},
                        "Numbers in matrix products; bfloat16 is coarser, float64 finer and slower.",
                        "TRL bf16 (on by default there, off here)")),
        advanced(whole("threads", "Threads", 0, 0, 1024,
                       "CPU threads; fewer leave room for other programs. 0 uses every core.",
                       "torch.set_num_threads")),
    };
}

}  // namespace

const std::vector<ParamSpec>& trainingParams()
{
    static const std::vector<ParamSpec> specs = [] {
        std::vector<ParamSpec> all;
        addGroup(all, "Optimisation", optimisation());
        addGroup(all, "Length", length());
        addGroup(all, "Evaluation", evaluation());
        addGroup(all, "Output", output());
        return all;
    }();
    return specs;
}

}  // namespace preflab
