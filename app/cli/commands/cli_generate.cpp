// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli generate: continues a prompt, as it is computed.
#include "app/cli/command.h"
#include "app/cli/run_flags.h"
#include "core/base/file_error.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace preflab {

namespace {

constexpr int kPollMilliseconds = 100;

std::vector<Flag> flags(const Backend&)
{
    std::vector<Flag> all{
        {.name = "model", .valueName = "DIR", .help = "Model that answers.", .isRequired = true},
        {.name = "prompt", .valueName = "TEXT", .help = "Text to continue; without it, standard input is read."},
        {.name = "max-new-tokens", .valueName = "N", .help = "Longest answer.", .defaultText = "128"},
        {.name = "temperature",
         .valueName = "X",
         .help = "0 takes the likeliest token; higher is more varied.",
         .defaultText = "0"},
        {.name = "top-k", .valueName = "N", .help = "Choose among the N likeliest tokens; 0: all.", .defaultText = "0"},
        {.name = "top-p",
         .valueName = "X",
         .help = "Choose among the likeliest tokens that make up this share.",
         .defaultText = "1"},
    };
    for (Flag& flag : trainingFlags({"seed", "dtype", "threads"})) all.push_back(std::move(flag));
    return all;
}

// All of standard input. Ctrl+C ends the waiting for it.
Result<std::string> readStandardInput(const std::stop_token& stop)
{
    std::string text;
    std::array<char, 4096> block;
    while (!stop.stop_requested()) {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        if (::poll(&input, 1, kPollMilliseconds) <= 0) continue;
        const ssize_t count = ::read(STDIN_FILENO, block.data(), block.size());
        if (count == 0) return text;
        if (count > 0) text.append(block.data(), std::size_t(count));
        if (count < 0 && errno != EINTR) return tl::unexpected(readError("standard input", errno));
    }
    return fail(ErrorCode::Cancelled);
}

// At temperature 0 nothing is drawn, so what would steer the drawing does nothing.
Result<> checkSampling(const Arguments& arguments, const GenerateRequest& request)
{
    if (request.temperature > 0.0) return {};
    for (const char* flag : {"top-k", "top-p", "seed"})
        if (arguments.has(flag))
            return wrongUse("--" + std::string(flag) +
                            " does nothing at temperature 0, which takes the likeliest token; add --temperature with a "
                            "number above 0");
    return {};
}

Result<GenerateRequest> requestFrom(const Arguments& arguments, const std::stop_token& stop)
{
    TRY(const TrainingOptions options, trainingOptionsFrom(arguments, "generate"));
    GenerateRequest request;
    request.model = absolutePath(arguments.text("model"));
    TRY(request.maxNewTokens, arguments.integer("max-new-tokens", request.maxNewTokens, 1, 1'000'000));
    TRY(request.temperature, arguments.number("temperature", request.temperature, 0.0, 100.0));
    TRY(request.topK, arguments.integer("top-k", request.topK, 0, 1'000'000'000));
    TRY(request.topP, arguments.number("top-p", request.topP, 0.0, 1.0));
    TRY_VOID(checkSampling(arguments, request));
    request.seed = options.seed;
    request.dtype = options.dtype;
    request.threads = options.threads;
    if (arguments.has("prompt")) {
        request.prompt = arguments.text("prompt");
        return request;
    }
    TRY(request.prompt, readStandardInput(stop));
    return request;
}

constexpr const char* kModelLimit =
    "The answer ends here because prompt and answer have as many tokens as the model reads.";

/// The end of an answer as --json names it.
std::string_view endName(GenerationEnd end)
{
    switch (end) {
    case GenerationEnd::EndToken:
        return "end-token";
    case GenerationEnd::TokenLimit:
        return "max-new-tokens";
    case GenerationEnd::ModelLimit:
        return "model-limit";
    case GenerationEnd::StoppedBySink:
        return "stopped";
    }
    return {};
}

Result<int> run(Context& context, const Arguments& arguments)
{
    TRY(GenerateRequest request, requestFrom(arguments, context.stops.polite()));
    GenerationEnd end = GenerationEnd::EndToken;
    request.onEnd = [&end](GenerationEnd found) { end = found; };
    std::string answer;
    const GenerateSink sink = [&](std::string_view piece) {
        answer += piece;
        context.console.text(piece);
        context.console.event({{"event", "text"}, {"text", std::string(piece)}});
        return !context.console.isClosed();
    };
    const Result<> generated = context.backend.generate(request, sink, context.stops.polite());
    // A refused request has printed nothing that a line break could end.
    if (!answer.empty()) context.console.line();
    TRY_VOID(generated);
    if (end == GenerationEnd::ModelLimit) context.console.remark(kModelLimit);
    context.console.event(
        {{"event", "outcome"}, {"prompt", request.prompt}, {"answer", answer}, {"end", endName(end)}});
    return 0;
}

}  // namespace

extern const CommandInfo command_cli_generate;
const CommandInfo command_cli_generate{
    .id = "generate",
    .summary = "Let a model continue a prompt.",
    .description = "Prints the answer while it is computed. The prompt is taken as it is, without a chat template.",
    .examples = {"preflab-cli generate --model my-model --prompt \"Once upon a time\"",
                 "preflab-cli generate --model my-model --temperature 0.8 --top-p 0.9 --seed 7 < prompt.txt"},
    .flags = &flags,
    .run = &run,
};

}  // namespace preflab
