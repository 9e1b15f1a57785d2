// SPDX-License-Identifier: GPL-3.0-or-later
// Flags and operands of a command as plain data, and what a user typed for them.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// One flag of a command.
struct Flag {
    std::string name = {};                  ///< without dashes: "max-steps"
    std::string valueName = {};             ///< "N", "DIR"; empty: a switch
    std::string help = {};                  ///< one sentence
    std::string group = "Options";          ///< heading in --help
    std::vector<std::string> aliases = {};  ///< other spellings: TRL's name beside the everyday one
    std::string defaultText = {};           ///< shown in --help
    bool isRequired = false;
    bool isRepeatable = false;  ///< may stand more than once
};

/// One operand: what stands on the line without a flag.
struct Operand {
    std::string name = {};  ///< "PATH"
    std::string help = {};
    std::size_t least = 1;  ///< how many are needed
    std::size_t most = 1;
};

/// What the user typed.
class Arguments {
public:
    Arguments() = default;
    Arguments(std::map<std::string, std::vector<std::string>> flags, std::vector<std::string> operands)
        : m_flags(std::move(flags)), m_operands(std::move(operands))
    {
    }

    /// True if the flag (by its name, not an alias) was given.
    bool has(const std::string& flag) const { return m_flags.contains(flag); }
    /// The flag's text; `fallback` when absent.
    std::string text(const std::string& flag, const std::string& fallback = {}) const;
    /// Every text of a flag that may stand more than once, as typed; none when absent.
    std::vector<std::string> texts(const std::string& flag) const;
    std::optional<std::filesystem::path> path(const std::string& flag) const;
    /// Numbers: ParameterNotANumber, or ParameterOutOfRange outside [minimum, maximum].
    Result<std::int64_t> integer(const std::string& flag, std::int64_t fallback, std::int64_t minimum,
                                 std::int64_t maximum = INT64_MAX) const;
    Result<double> number(const std::string& flag, double fallback, double minimum, double maximum) const;
    /// One of `choices`; ParameterOutOfRange names them.
    Result<std::string> choice(const std::string& flag, const std::string& fallback,
                               const std::vector<std::string>& choices) const;
    const std::vector<std::string>& operands() const { return m_operands; }

private:
    std::map<std::string, std::vector<std::string>> m_flags;  ///< at least one text each
    std::vector<std::string> m_operands;
};

/// The error of a call that makes no sense as it was typed, for the reason given.
tl::unexpected<Error> wrongUse(const std::string& reason);

/// Ends the flags: what stands behind it is operands, whatever it begins with.
inline constexpr std::string_view kEndOfFlags = "--";

/// Parses the words behind the command's name. WrongUse: unknown flag (with the nearest known one), a missing
/// value, a missing or superfluous operand, a missing required flag. `command` is for messages.
Result<Arguments> parseArguments(const std::string& command, const std::vector<Flag>& flags,
                                 const std::vector<Operand>& operands, const std::vector<std::string>& words);

}  // namespace preflab
