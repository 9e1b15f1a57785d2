// SPDX-License-Identifier: GPL-3.0-or-later
// Leaves a folder that is not there, before any library looks for it.
#include "core/base/working_folder.h"

#include <array>
#include <cerrno>
#include <sys/syscall.h>
#include <unistd.h>

namespace preflab {
namespace {

bool isGone = false;

/// Runs before anything is set up, a sanitizer's hooks included, so it only makes system calls.
void leaveGoneFolder()
{
    std::array<char, 4096> path;
    isGone = ::syscall(SYS_getcwd, path.data(), path.size()) < 0 && errno == ENOENT;
    if (isGone) ::syscall(SYS_chdir, "/");
}

/// The one list of functions that come before those of the libraries.
[[gnu::section(".preinit_array"), gnu::used]] void (*const before)() = &leaveGoneFolder;

}  // namespace

bool wasWorkingFolderGone()
{
    return isGone;
}

}  // namespace preflab
