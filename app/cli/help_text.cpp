// SPDX-License-Identifier: GPL-3.0-or-later
// Help made from the tables, wrapped to 80 columns.
#include "app/cli/help_text.h"

#include <algorithm>

namespace preflab {

namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kHelpColumn = 32;

// `text` wrapped at words, every line but the first indented.
std::string wrapped(const std::string& text, std::size_t indent)
{
    std::string result;
    std::size_t column = indent;
    std::size_t start = 0;
    while (start < text.size()) {
        std::size_t end = text.find(' ', start);
        if (end == std::string::npos) end = text.size();
        const std::string word = text.substr(start, end - start);
        if (column > indent && column + 1 + word.size() > kColumns) {
            result += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            result += " ";
            ++column;
        }
        result += word;
        column += word.size();
        start = end + 1;
    }
    return result;
}

std::string entry(const std::string& left, const std::string& help, std::size_t indent)
{
    std::string line = "  " + left;
    if (line.size() + 2 > indent)
        line += "\n" + std::string(indent, ' ');
    else
        line += std::string(indent - line.size(), ' ');
    return line + wrapped(help, indent) + "\n";
}

std::string flagEntry(const Flag& flag)
{
    std::string left = "--" + flag.name;
    if (!flag.valueName.empty()) left += " " + flag.valueName;
    std::string help = flag.help;
    if (flag.isRequired) help += " (required)";
    if (!flag.defaultText.empty()) help += " [" + flag.defaultText + "]";
    for (const std::string& alias : flag.aliases) help += " (also --" + alias + ")";
    return entry(left, help, kHelpColumn);
}

std::string usageLine(const CommandInfo& command, const std::vector<Flag>& flags)
{
    std::string usage = "preflab-cli " + command.id;
    for (const Operand& operand : command.operands) {
        const std::string shown = operand.least == 0 ? "[" + operand.name + "]" : operand.name;
        usage += " " + shown + (operand.most > 1 ? "..." : "");
    }
    for (const Flag& flag : flags)
        if (flag.isRequired) usage += " --" + flag.name + " " + flag.valueName;
    return usage + " [options]";
}

std::vector<std::string> groupsOf(const std::vector<Flag>& flags)
{
    std::vector<std::string> groups;
    for (const Flag& flag : flags)
        if (std::find(groups.begin(), groups.end(), flag.group) == groups.end()) groups.push_back(flag.group);
    // What every command has comes last.
    std::stable_partition(groups.begin(), groups.end(), [](const std::string& group) { return group != "Options"; });
    return groups;
}

}  // namespace

std::string versionText()
{
    return "preflab-cli " PREFLAB_VERSION "\n";
}

std::string overviewText()
{
    std::string text = "PrefLab trains small language models on preference pairs, with DPO or ORPO, on this\n"
                       "machine, and shows what came of it.\n\nUsage: preflab-cli COMMAND [options]\n\nCommands:\n";
    for (const CommandInfo* command : commands()) text += entry(command->id, command->summary, 14);
    text += "\nStart here:\n  preflab-cli demo\n  preflab-cli inspect FILE_OR_FOLDER\n"
            "  preflab-cli train --method dpo --model DIR --data FILE --max-steps 50\n"
            "\n`preflab-cli COMMAND --help` explains a command and gives examples. Ctrl+C stops a run\n"
            "after the current step and saves it; a second one aborts.\n"
            "Exit codes: 0 done, 1 failed, 2 wrong use or unusable input, 130 stopped by Ctrl+C,\n"
            "143 stopped by SIGTERM.\n";
    return text;
}

std::string helpText(const CommandInfo& command, const std::vector<Flag>& flags)
{
    std::string text = "Usage: " + usageLine(command, flags) + "\n\n" + wrapped(command.description, 0) + "\n";
    text += "\nExamples:\n";
    for (const std::string& example : command.examples) text += "  " + example + "\n";
    if (!command.operands.empty()) text += "\nArguments:\n";
    for (const Operand& operand : command.operands) text += entry(operand.name, operand.help, kHelpColumn);
    for (const std::string& group : groupsOf(flags)) {
        text += "\n" + group + ":\n";
        for (const Flag& flag : flags)
            if (flag.group == group) text += flagEntry(flag);
        if (group == "Options") text += entry("--help", "Show this help.", kHelpColumn);
    }
    return text;
}

}  // namespace preflab
