// SPDX-License-Identifier: GPL-3.0-or-later
// Looks at the texts of flags and operands whose names say that they are paths.
#include "app/cli/path_check.h"

#include "core/base/file_error.h"
#include "core/base/working_folder.h"
#include "core/project/path_text.h"

#include <algorithm>
#include <array>
#include <cerrno>

namespace preflab {
namespace {

/// How help calls a value that is a path.
bool isPath(std::string_view valueName)
{
    constexpr std::array<std::string_view, 4> kPaths{"DIR", "FILE", "PATH", "DATA"};
    return std::find(kPaths.begin(), kPaths.end(), valueName) != kPaths.end();
}

Result<> checkPath(const std::string& name, const std::string& text)
{
    if (text.empty())
        return fail(ErrorCode::WrongUse, {{"reason", name + " is given as an empty text, not as a path"}});
    if (pathOfText(text).is_absolute() || workingFolderFault() == 0) return {};
    const std::string reason = workingFolderFault() == ENOENT
                                   ? "the current folder, in which it is looked for, was deleted"
                                   : "the path of the current folder, in which it is looked for, is too long";
    return tl::unexpected(readError(text, reason, "change to another folder, or give a path that begins with /"));
}

}  // namespace

Result<> checkPaths(const std::vector<Flag>& flags, const std::vector<Operand>& operands, const Arguments& arguments)
{
    for (const Flag& flag : flags) {
        if (!isPath(flag.valueName)) continue;
        for (const std::string& text : arguments.texts(flag.name)) TRY_VOID(checkPath("--" + flag.name, text));
    }
    // Commands with a path as an operand have no other.
    if (operands.empty() || !isPath(operands.front().name)) return {};
    for (const std::string& text : arguments.operands()) TRY_VOID(checkPath(operands.front().name, text));
    return {};
}

}  // namespace preflab
