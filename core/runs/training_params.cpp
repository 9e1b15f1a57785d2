// SPDX-License-Identifier: GPL-3.0-or-later
// The parameters that every method has, described once: flags, form fields, ranges and help are made from this.
#include "core/runs/run_spec.h"

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

ParamSpec choice(std::string key, std::string title, std::vector<std::string> choices, std::string help,
                 std::string source)
{
    ParamSpec spec{std::move(key), std::move(title), choices.front(), {}, {}, true, {}, std::move(help),
                   std::move(source)};
    spec.choices = std::move(choices);
    return spec;
}

/// How long a run lasts and what a step sees.
void addAmount(std::vector<ParamSpec>& specs)
{
    specs.push_back(above(0, number("num_train_epochs", "Epochs", 3.0, 0, 10000,
                                    "How often training goes through the data; a part of an epoch is allowed.",
                                    "TRL num_train_epochs")));
    specs.push_back(whole("max_steps", "Steps", -1, -1, 1e9,
                          "Number of optimizer steps; -1 or 0 lets the epochs decide.", "TRL max_steps"));
    specs.push_back(whole("per_device_train_batch_size", "Batch size", 8, 1, 65536,
                          "Pairs in one forward pass; larger batches give calmer gradients and need more memory.",
                          "TRL per_device_train_batch_size"));
    specs.push_back(whole("gradient_accumulation_steps", "Gradient accumulation", 1, 1, 65536,
                          "Batches per optimizer step; multiplies the effective batch size at no cost in memory.",
                          "TRL gradient_accumulation_steps"));
    specs.push_back(whole("per_device_eval_batch_size", "Evaluation batch size", 8, 1, 65536,
                          "Pairs in one forward pass of an evaluation.", "TRL per_device_eval_batch_size"));
    specs.push_back(whole("max_length", "Maximum length", 1024, 0, 16777216,
                          "Tokens kept of prompt and answer together; the answer's end goes first. 0 keeps all.",
                          "TRL max_length (None is 0 here), truncation_mode keep_start"));
}

void addOptimizer(std::vector<ParamSpec>& specs)
{
    specs.push_back(above(0, number("learning_rate", "Learning rate", 1e-6, 0, 1,
                                    "Size of a step; larger learns faster and breaks the model sooner.",
                                    "TRL learning_rate (DPO and ORPO 1e-6, SFT 2e-5)")));
    specs.push_back(choice("lr_scheduler_type", "Schedule", {"linear", "constant", "cosine"},
                           "How the learning rate runs after warm-up: down to 0 in a line or a cosine, or constant.",
                           "TRL lr_scheduler_type"));
    specs.push_back(number("warmup_steps", "Warm-up", 0.0, 0, 1e9,
                           "Steps over which the learning rate rises from 0; below 1 it is a share of all steps.",
                           "TRL warmup_steps"));
    specs.push_back(number("max_grad_norm", "Gradient clipping", 1.0, 0, 1e9,
                           "Longest gradient that is used as it is; longer ones are scaled down. 0 switches it off.",
                           "TRL max_grad_norm"));
    specs.push_back(number("weight_decay", "Weight decay", 0.0, 0, 10,
                           "Pull of the weights towards 0 at each step, norms left out; larger pulls harder.",
                           "TRL weight_decay; AdamW, arXiv:1711.05101"));
    specs.push_back(number("adam_beta1", "Adam beta 1", 0.9, 0, 0.999999,
                           "Memory of the mean gradient; larger is smoother and slower to turn.", "TRL adam_beta1"));
    specs.push_back(number("adam_beta2", "Adam beta 2", 0.999, 0, 0.999999,
                           "Memory of the squared gradient; larger adapts step sizes more slowly.",
                           "TRL adam_beta2"));
    specs.push_back(above(0, number("adam_epsilon", "Adam epsilon", 1e-8, 0, 1,
                                    "Added to the root of the squared gradient; larger damps rarely used weights.",
                                    "TRL adam_epsilon")));
}

void addEvaluation(std::vector<ParamSpec>& specs)
{
    specs.push_back(number("eval_fraction", "Held-out share", 0.0, 0, 0.9,
                           "Share of the data that is only evaluated, never trained on; the seed chooses the rows.",
                           "test_size of datasets' train_test_split"));
    specs.push_back(whole("eval_steps", "Evaluate every", 0, 0, 1e9,
                          "Steps between evaluations; 0 evaluates before the first step and after the last only.",
                          "TRL eval_steps"));
    specs.push_back(whole("save_steps", "Save every", 0, 0, 1e9,
                          "Steps between checkpoints; 0 saves at the end only.",
                          "TRL save_steps (500 there; a small run should not fill the disk)"));
}

void addMachine(std::vector<ParamSpec>& specs)
{
    // TRL switches bf16 on by default. Here float32 is the default: CPUs without bf16 arithmetic are slower with
    // it, and the first loss of DPO is then ln 2 to six digits, which shows that policy and reference agree.
    specs.push_back(choice("dtype", "Precision", {"float32", "bfloat16", "float64"},
                           "Numbers used in matrix products; bfloat16 keeps float32 weights, norms and losses.",
                           "TRL bf16 (on by default there, off here)"));
    specs.push_back(whole("seed", "Seed", 42, 0, 4294967295.0,
                          "Decides row order, held-out rows and sampling; equal seeds repeat a run.", "TRL seed"));
    specs.push_back({"shuffle", "Shuffle", true, {}, {}, true, {},
                     "Draws the rows of each epoch in an order made from the seed; off keeps file order.",
                     "TRL train_sampling_strategy (random, sequential)"});
    specs.push_back(whole("threads", "Threads", 0, 0, 1024, "CPU threads; 0 uses every core.",
                          "torch.set_num_threads"));
}

void addText(std::vector<ParamSpec>& specs)
{
    specs.push_back(choice("split", "Prompt split", {"auto", "trl"},
                           "How rows without a prompt are split: transcripts at their last common turn, or all as "
                           "TRL does.",
                           "TRL extract_prompt"));
    specs.push_back(choice("rendering", "Conversation format", {"chatml", "transcript"},
                           "How message lists become text: ChatML turns or Human/Assistant transcripts.",
                           "TRL chat_template"));
}

}  // namespace

const std::vector<ParamSpec>& trainingParams()
{
    static const std::vector<ParamSpec> specs = [] {
        std::vector<ParamSpec> all;
        addOptimizer(all);
        addAmount(all);
        addEvaluation(all);
        addMachine(all);
        addText(all);
        return all;
    }();
    return specs;
}

}  // namespace preflab
