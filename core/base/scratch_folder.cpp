// SPDX-License-Identifier: GPL-3.0-or-later
// mkdtemp and remove_all.
#include "core/base/scratch_folder.h"

#include "core/base/file_error.h"

#include <cerrno>
#include <cstdlib>
#include <string>

namespace preflab {

Result<ScratchFolder> ScratchFolder::create()
{
    std::error_code ignored;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(ignored);
    std::string name = (parent / "preflab-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return tl::unexpected(writeError(name, errno));
    return ScratchFolder(name);
}

ScratchFolder::~ScratchFolder()
{
    std::error_code ignored;
    if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
}

}  // namespace preflab
