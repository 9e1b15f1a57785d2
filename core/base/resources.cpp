// SPDX-License-Identifier: GPL-3.0-or-later
// Looks for the resources from the executable on.
#include "core/base/resources.h"

#include <cstdlib>

namespace preflab {

std::filesystem::path executablePath()
{
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/exe", ignored);
}

Result<std::filesystem::path> resourceFolder(const std::filesystem::path& executable)
{
    std::error_code ignored;
    if (const char* named = std::getenv("PREFLAB_RESOURCES"); named != nullptr && *named != '\0') {
        if (std::filesystem::is_directory(named, ignored)) return named;
        return fail(ErrorCode::FileNotFound, {{"path", std::string(named) + " (named by PREFLAB_RESOURCES)"}});
    }
    const std::filesystem::path folder = executable.parent_path();
    const std::filesystem::path built = (folder / "../../resources").lexically_normal();
    const std::filesystem::path installed = (folder / "../share/preflab").lexically_normal();
    for (const std::filesystem::path& candidate : {built, installed})
        if (std::filesystem::is_directory(candidate / "demo", ignored)) return candidate;
    return fail(ErrorCode::FileNotFound, {{"path", (built / "demo").string()}});
}

}  // namespace preflab
