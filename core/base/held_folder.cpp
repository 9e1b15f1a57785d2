// SPDX-License-Identifier: GPL-3.0-or-later
// Device and number of a folder tell it from another of the same name.
#include "core/base/held_folder.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace preflab {

HeldFolder::HeldFolder(std::filesystem::path path)
    : m_path(std::move(path)), m_descriptor(::open(m_path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC))
{
    struct stat status {};
    m_wasThere = m_descriptor >= 0 ? ::fstat(m_descriptor, &status) == 0
                                   : ::stat(m_path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    m_device = status.st_dev;
    m_inode = status.st_ino;
}

HeldFolder::~HeldFolder()
{
    if (m_descriptor >= 0) ::close(m_descriptor);
}

bool HeldFolder::isGone() const
{
    if (!m_wasThere) return false;
    struct stat status {};
    if (::stat(m_path.c_str(), &status) != 0) return errno == ENOENT || errno == ENOTDIR;
    return S_ISDIR(status.st_mode) && (status.st_dev != m_device || status.st_ino != m_inode);
}

}  // namespace preflab
