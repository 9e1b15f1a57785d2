// SPDX-License-Identifier: GPL-3.0-or-later
// One remedy for each kind of errno.
#include "core/base/file_error.h"

#include "core/base/system_limits.h"

#include <cerrno>
#include <system_error>
#include <utility>

namespace preflab {
namespace {

std::string remedyToWrite(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
        return "make room on its disk and try again, or choose another disk";
    case EACCES:
    case EPERM:
        return "permit writing in its folder, or choose another place";
    case EROFS:
        return "choose a place on a disk that may be written";
    case ENAMETOOLONG:
        return "choose a shorter name";
    case ENOENT:
    case ENOTDIR:
        return "check that the folder it should be in is there";
    case EISDIR:
        return "choose a name that no folder has";
    case EFBIG:
        return "choose a disk that takes files of this size, or raise the limit that \"ulimit -f\" shows";
    case ELOOP:
        return "choose a place that its links lead to";
    default:
        return "check its disk and try again";
    }
}

std::string remedyToRead(int number)
{
    switch (number) {
    case EACCES:
    case EPERM:
        return "permit reading it and the folders that it is in";
    case ENAMETOOLONG:
        return "check the spelling, or give it a shorter name";
    case ELOOP:
        return "give the path of the file itself";
    default:
        return "check the disk it is on";
    }
}

}  // namespace

Error writeError(const std::filesystem::path& path, int number)
{
    if (auto limit = openFilesLimit(number)) return *std::move(limit);
    return writeError(path, std::generic_category().message(number), remedyToWrite(number));
}

Error writeError(const std::filesystem::path& path, std::string reason, std::string remedy)
{
    return {ErrorCode::WriteFailed,
            {{"path", path.string()}, {"reason", std::move(reason)}, {"remedy", std::move(remedy)}},
            {}};
}

Error readError(const std::filesystem::path& path, int number)
{
    if (auto limit = openFilesLimit(number)) return *std::move(limit);
    return readError(path, std::generic_category().message(number), remedyToRead(number));
}

Error readError(const std::filesystem::path& path, std::string reason, std::string remedy)
{
    return {ErrorCode::FileUnreadable,
            {{"path", path.string()}, {"reason", std::move(reason)}, {"remedy", std::move(remedy)}},
            {}};
}

}  // namespace preflab
