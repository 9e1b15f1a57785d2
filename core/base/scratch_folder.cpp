// SPDX-License-Identifier: GPL-3.0-or-later
// mkdtemp and remove_all.
#include "core/base/scratch_folder.h"

#include "core/base/file_error.h"
#include "core/base/system_limits.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace preflab {
namespace {

/// What the system was told to use, where that is no folder.
std::filesystem::path placeOfVariable()
{
    const char* const place = std::getenv("TMPDIR");
    return place == nullptr ? "/tmp" : place;
}

Error notMade(const std::filesystem::path& parent, int number)
{
    if (auto limit = openFilesLimit(number)) return *std::move(limit);
    return writeError(parent, std::generic_category().message(number),
                      "let the variable TMPDIR name a folder for temporary files that may be written and has room");
}

}  // namespace

Result<ScratchFolder> ScratchFolder::create()
{
    std::error_code failure;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(failure);
    if (failure) return tl::unexpected(notMade(placeOfVariable(), failure.value()));
    std::string name = (parent / "preflab-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return tl::unexpected(notMade(parent, errno));
    return ScratchFolder(name);
}

ScratchFolder::~ScratchFolder()
{
    std::error_code ignored;
    if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
}

}  // namespace preflab
