// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the command, parses its arguments, prints help and errors.
#include "app/cli/command_line.h"

#include "app/cli/help_text.h"
#include "app/cli/nearest_word.h"
#include "app/cli/path_check.h"
#include "app/cli/run_flags.h"
#include "core/base/caught_error.h"
#include "core/base/excerpt.h"

#include <algorithm>
#include <csignal>
#include <exception>

namespace preflab {

namespace {

constexpr int kDone = 0;
/// Of a program that SIGPIPE ends: shells and scripts know it, and a person at `... | head` need not read of it.
constexpr int kReaderGone = 128 + SIGPIPE;

bool isHelp(const std::string& word)
{
    return word == "--help" || word == "-h";
}

// Behind "--" stand operands.
bool hasFlag(const std::vector<std::string>& words, bool (*isWanted)(const std::string& word))
{
    return std::any_of(words.begin(), std::find(words.begin(), words.end(), kEndOfFlags), isWanted);
}

bool hasHelp(const std::vector<std::string>& words)
{
    return hasFlag(words, &isHelp);
}

Result<const CommandInfo*> findCommand(const std::string& word)
{
    std::vector<std::string> ids;
    for (const CommandInfo* command : commands()) {
        if (command->id == word) return command;
        ids.push_back(command->id);
    }
    const std::string nearest = nearestWord(word, ids);
    const std::string what = word.starts_with('-') ? "option " : "command ";
    const std::string hint = nearest.empty() ? "" : " (did you mean " + nearest + "?)";
    return fail(ErrorCode::WrongUse, {{"reason", "there is no " + what + (word.empty() ? "\"\"" : word) + hint}});
}

std::vector<Flag> flagsOf(const CommandInfo& command, const Backend& backend)
{
    std::vector<Flag> flags = command.flags(backend);
    flags.push_back({.name = "json", .help = "Print one JSON object a line instead of text."});
    return flags;
}

// A setting that was refused, under the name that the user typed.
Error asTyped(Error error, const Arguments& arguments)
{
    if (error.code != ErrorCode::ParameterOutOfRange && error.code != ErrorCode::ParameterNotANumber) return error;
    const auto key = error.arguments.find("key");
    if (key != error.arguments.end() && arguments.has(flagOf(key->second))) key->second = "--" + flagOf(key->second);
    return error;
}

Result<int> dispatch(const std::vector<std::string>& words, Context& context)
{
    if (words.empty() || isHelp(words.front()) || words.front() == "help") {
        if (words.size() > 1 && words.front() == "help") return dispatch({words[1], "--help"}, context);
        context.console.text(overviewText());
        return kDone;
    }
    if (words.front() == "--version") {
        context.console.text(versionText());
        return kDone;
    }
    TRY(const CommandInfo* const command, findCommand(words.front()));
    const std::vector<Flag> flags = flagsOf(*command, context.backend);
    if (hasHelp(words)) {
        context.console.text(helpText(*command, flags));
        return kDone;
    }
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    TRY(const Arguments arguments, parseArguments(command->id, flags, command->operands, rest));
    TRY_VOID(checkPaths(flags, command->operands, arguments));
    const Result<int> code = command->run(context, arguments);
    if (!code) return tl::unexpected(asTyped(code.error(), arguments));
    return code;
}

Result<int> dispatchSafely(const std::vector<std::string>& words, Context& context)
{
    try {
        TRY(const int code, dispatch(words, context));
        TRY_VOID(context.console.checkWritten());
        return code == kDone && context.console.isReaderGone() ? kReaderGone : code;
    } catch (const std::exception& exception) {
        return tl::unexpected(
            caughtError(exception, "running " + (words.empty() ? "preflab-cli" : excerptOf(words.front()))));
    }
}

}  // namespace

int runCommandLine(const std::vector<std::string>& words, Context& context)
{
    // Known before parsing, so that a wrong line is also reported in the form asked for. Help stays text.
    const bool isJson = hasFlag(words, [](const std::string& word) { return word == "--json"; });
    context.console.setJson(isJson && !hasHelp(words));
    const Result<int> code = dispatchSafely(words, context);
    context.console.clearProgress();
    if (code) return *code;
    context.console.error(code.error());
    // Whoever demanded the end twice gave up what could not be saved: the program ends as the signal wants it.
    const bool isStopped = code.error().code == ErrorCode::Cancelled || context.stops.urgent().stop_requested();
    return isStopped ? context.stops.exitCode() : exitCode(code.error().code);
}

}  // namespace preflab
