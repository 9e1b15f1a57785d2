// SPDX-License-Identifier: GPL-3.0-or-later
// From words to arguments; the only unit that knows CLI11.
#include "app/cli/arguments.h"

#include "app/cli/nearest_word.h"
#include "core/base/schema.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>

namespace preflab {

namespace {

std::string spellings(const Flag& flag)
{
    std::string names = "--" + flag.name;
    for (const std::string& alias : flag.aliases) names += ",--" + alias;
    return names;
}

std::vector<std::string> allSpellings(const std::vector<Flag>& flags)
{
    std::vector<std::string> names{"help"};
    for (const Flag& flag : flags) {
        names.push_back(flag.name);
        names.insert(names.end(), flag.aliases.begin(), flag.aliases.end());
    }
    return names;
}

std::string tooManyReason(const std::string& command, const std::string& word)
{
    return "\"" + word + "\" is one argument too many for " + command;
}

// What CLI11 left over: the first unknown flag, or an operand too many.
std::string leftOverReason(const std::string& command, const std::string& word, const std::vector<Flag>& flags)
{
    const bool isFlag = word.size() > 1 && word.front() == '-' && word.find_first_not_of('-') != std::string::npos;
    if (!isFlag) return tooManyReason(command, word);
    const std::string name = word.substr(word.find_first_not_of('-'), word.find('=') - word.find_first_not_of('-'));
    const std::string nearest = nearestWord(name, allSpellings(flags));
    const std::string typed = word.substr(0, word.find('='));
    if (nearest.empty()) return command + " has no option " + typed;
    return command + " has no option " + typed + " (did you mean --" + nearest + "?)";
}

// A flag without its value, under the name that was typed: CLI11 names the last of several spellings.
std::string missingValue(const std::vector<Flag>& flags, const std::vector<std::string>& words,
                         const std::string& fault)
{
    for (const Flag& flag : flags) {
        const std::vector<std::string> names = allSpellings({flag});
        const auto isOf = [&names](const std::string& word) {
            return std::any_of(names.begin() + 1, names.end(), [&](const auto& name) { return word == "--" + name; });
        };
        if (!isOf(fault.substr(0, fault.find(':')))) continue;
        const auto typed = std::find_if(words.rbegin(), words.rend(), isOf);
        return (typed == words.rend() ? "--" + flag.name : *typed) + " needs a value (" + flag.valueName + ")";
    }
    return fault;
}

// The flag of which a word is a spelling, alone or with "=value"; null for other words.
const Flag* flagIn(const std::vector<Flag>& flags, const std::string& word)
{
    if (!word.starts_with("--")) return nullptr;
    const std::string name = word.substr(2, word.find('=') - 2);
    const auto found = std::find_if(flags.begin(), flags.end(), [&name](const Flag& flag) {
        return flag.name == name || std::find(flag.aliases.begin(), flag.aliases.end(), name) != flag.aliases.end();
    });
    return found == flags.end() ? nullptr : &*found;
}

// The first flag that stands twice, under the names typed; else empty. CLI11 takes the second one for a missing value.
std::string flagGivenTwice(const std::vector<Flag>& flags, const std::vector<std::string>& words)
{
    std::map<const Flag*, std::string> typed;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Flag* flag = flagIn(flags, words[i]);
        if (flag == nullptr) continue;
        const std::string name = words[i].substr(0, words[i].find('='));
        const auto [first, isFirst] = typed.emplace(flag, name);
        if (!isFirst && !flag->isRepeatable)
            return first->second + " is given twice" + (name == first->second ? "" : ", the second time as " + name);
        if (!flag->valueName.empty() && name == words[i]) ++i;  // its value, whatever that looks like
    }
    return {};
}

// A flag of this command where another one's value should stand, which CLI11 takes for the value; else empty.
std::string flagForValue(const std::vector<Flag>& flags, const std::vector<std::string>& words)
{
    const std::vector<std::string> names = allSpellings(flags);
    const auto isFlag = [&names](const std::string& word) {
        return std::any_of(names.begin(), names.end(), [&](const auto& name) { return word == "--" + name; });
    };
    for (const Flag& flag : flags) {
        if (flag.valueName.empty()) continue;
        const std::vector<std::string> own = allSpellings({flag});
        for (std::size_t i = 0; i + 1 < words.size(); ++i)
            for (auto name = own.begin() + 1; name != own.end(); ++name)
                if (words[i] == "--" + *name && isFlag(words[i + 1]))
                    return words[i] + " needs a value (" + flag.valueName + ")";
    }
    return {};
}

// CLI11's own message names the option and what is wrong with its value.
std::string parseFault(const CLI::ParseError& fault, const std::vector<Flag>& flags,
                       const std::vector<std::string>& words)
{
    std::string message = fault.what();
    for (char& letter : message)
        if (letter == '\n') letter = ' ';
    const bool isMissing = dynamic_cast<const CLI::ArgumentMismatch*>(&fault) != nullptr;
    return isMissing ? missingValue(flags, words, message) : message;
}

// CLI11 keeps only one of several spellings for messages, so texts are gathered under the flag's own name.
struct Gathered {
    std::map<std::string, std::vector<std::string>> values;
    std::map<std::string, bool> switches;
    std::vector<std::string> operands;
};

void declare(CLI::App& app, const std::vector<Flag>& flags, Gathered& gathered)
{
    app.allow_extras();
    app.set_help_flag();
    for (const Flag& flag : flags) {
        if (flag.valueName.empty())
            app.add_flag(spellings(flag), gathered.switches[flag.name]);
        else
            // Without extra arguments CLI11 leaves "[INST] hi [/INST]" as it is instead of taking it for a list.
            app.add_option(spellings(flag), gathered.values[flag.name])
                ->expected(1, flag.isRepeatable ? CLI::detail::expected_max_vector_size : 1)
                ->allow_extra_args(false);
    }
}

// "compare needs at least 2 arguments RUN, and 1 is given; add another RUN (id, number or name of a run)".
std::string missingOperand(const std::string& command, const Operand& operand, std::size_t given)
{
    std::string help = operand.help;
    if (!help.empty()) help[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(help[0])));
    while (help.ends_with('.')) help.pop_back();
    const std::string what = operand.name + (help.empty() ? "" : " (" + help + ")");
    if (operand.least <= 1) return command + " needs " + what;
    const std::string count = given == 0 ? "none" : std::to_string(given);
    return command + " needs at least " + std::to_string(operand.least) + " arguments " + operand.name + ", and " +
           count + (given == 1 ? " is" : " are") + " given; add " + (given == 0 ? "" : "another ") + what;
}

Result<> checkCounts(const std::string& command, const std::vector<Flag>& flags, const std::vector<Operand>& operands,
                     const Gathered& gathered)
{
    for (const Flag& flag : flags) {
        if (flag.isRequired && gathered.values.at(flag.name).empty())
            return wrongUse(command + " needs --" + flag.name + " " + flag.valueName);
    }
    std::size_t least = 0;
    std::size_t most = 0;
    for (const Operand& operand : operands) {
        if (gathered.operands.size() < least + operand.least)
            return wrongUse(missingOperand(command, operand, gathered.operands.size() - least));
        least += operand.least;
        most = operand.most > SIZE_MAX - most ? SIZE_MAX : most + operand.most;
    }
    if (gathered.operands.size() > most) return wrongUse(tooManyReason(command, gathered.operands[most]));
    return {};
}

ParamSpec flagSpec(const std::string& flag, ParamValue fallback)
{
    ParamSpec spec;
    spec.key = "--" + flag;
    spec.defaultValue = std::move(fallback);
    return spec;
}

}  // namespace

tl::unexpected<Error> wrongUse(const std::string& reason)
{
    return fail(ErrorCode::WrongUse, {{"reason", reason}});
}

Result<Arguments> parseArguments(const std::string& command, const std::vector<Flag>& flags,
                                 const std::vector<Operand>& operands, const std::vector<std::string>& words)
{
    Gathered gathered;
    CLI::App app;
    declare(app, flags, gathered);
    const auto end = std::find(words.begin(), words.end(), kEndOfFlags);
    const std::vector<std::string> parsed(words.begin(), end);
    if (const std::string fault = flagForValue(flags, parsed); !fault.empty()) return wrongUse(fault);
    if (const std::string fault = flagGivenTwice(flags, parsed); !fault.empty()) return wrongUse(fault);
    try {
        app.parse(std::vector<std::string>(parsed.rbegin(), parsed.rend()));
    } catch (const CLI::ParseError& fault) {
        return wrongUse(parseFault(fault, flags, parsed));
    }
    // What CLI11 did not know are operands and unknown flags, in the order typed.
    for (const std::string& word : app.remaining()) {
        if (word.size() > 1 && word.front() == '-') return wrongUse(leftOverReason(command, word, flags));
        gathered.operands.push_back(word);
    }
    if (end != words.end()) gathered.operands.insert(gathered.operands.end(), end + 1, words.end());
    TRY_VOID(checkCounts(command, flags, operands, gathered));

    std::map<std::string, std::vector<std::string>> given;
    for (const auto& [name, values] : gathered.values)
        if (!values.empty()) given[name] = values;
    for (const auto& [name, isGiven] : gathered.switches)
        if (isGiven) given[name] = {std::string()};
    return Arguments(std::move(given), std::move(gathered.operands));
}

std::string Arguments::text(const std::string& flag, const std::string& fallback) const
{
    const auto found = m_flags.find(flag);
    return found == m_flags.end() ? fallback : found->second.front();
}

std::vector<std::string> Arguments::texts(const std::string& flag) const
{
    const auto found = m_flags.find(flag);
    return found == m_flags.end() ? std::vector<std::string>() : found->second;
}

std::optional<std::filesystem::path> Arguments::path(const std::string& flag) const
{
    if (!has(flag)) return std::nullopt;
    return std::filesystem::path(text(flag));
}

Result<std::int64_t> Arguments::integer(const std::string& flag, std::int64_t fallback, std::int64_t minimum,
                                        std::int64_t maximum) const
{
    if (!has(flag)) return fallback;
    ParamSpec spec = flagSpec(flag, fallback);
    spec.minimum = double(minimum);
    if (maximum != INT64_MAX) spec.maximum = double(maximum);
    TRY(const ParamValue value, parseParam(spec, text(flag)));
    return std::get<std::int64_t>(value);
}

Result<double> Arguments::number(const std::string& flag, double fallback, double minimum, double maximum) const
{
    if (!has(flag)) return fallback;
    ParamSpec spec = flagSpec(flag, fallback);
    spec.minimum = minimum;
    spec.maximum = maximum;
    TRY(const ParamValue value, parseParam(spec, text(flag)));
    return std::get<double>(value);
}

Result<std::string> Arguments::choice(const std::string& flag, const std::string& fallback,
                                      const std::vector<std::string>& choices) const
{
    if (!has(flag)) return fallback;
    ParamSpec spec = flagSpec(flag, fallback);
    spec.choices = choices;
    TRY(const ParamValue value, parseParam(spec, text(flag)));
    return std::get<std::string>(value);
}

}  // namespace preflab
