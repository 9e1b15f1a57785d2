// SPDX-License-Identifier: GPL-3.0-or-later
// Leaves a folder that has no path, before any library looks for it.
#include "core/base/working_folder.h"

#include <array>
#include <cerrno>
#include <sys/syscall.h>
#include <unistd.h>

namespace preflab {
namespace {

int fault = 0;

/// Runs before anything is set up, a sanitizer's hooks included, so it only makes system calls.
void leaveNamelessFolder()
{
    std::array<char, 4096> path;
    if (::syscall(SYS_getcwd, path.data(), path.size()) >= 0) return;
    fault = errno;
    ::syscall(SYS_chdir, "/");
}

/// The one list of functions that come before those of the libraries.
[[gnu::section(".preinit_array"), gnu::used]] void (*const before)() = &leaveNamelessFolder;

}  // namespace

int workingFolderFault()
{
    return fault;
}

}  // namespace preflab
