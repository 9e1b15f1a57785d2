// SPDX-License-Identifier: GPL-3.0-or-later
// Refusals as errors, with what the user can do.
#include "core/base/system_limits.h"

#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

namespace preflab {

Result<std::jthread> startThread(std::function<void()> work)
{
    std::string reason;
    try {
        return std::jthread(std::move(work));
    } catch (const std::system_error& error) {
        reason = error.code().message();
    } catch (const std::bad_alloc&) {
        reason = "there is no memory for one";
    }
    return tl::unexpected(threadLimit(reason));
}

Error threadLimit(const std::string& reason)
{
    return {ErrorCode::SystemLimit,
            {{"what", "threads"},
             {"reason", reason},
             {"remedy", "close other programs, or raise the limits that \"ulimit -a\" shows"}},
            {}};
}

std::optional<Error> openFilesLimit(int number)
{
    if (number != EMFILE && number != ENFILE) return std::nullopt;
    return Error{ErrorCode::SystemLimit,
                 {{"what", "open files"},
                  {"reason", std::generic_category().message(number)},
                  {"remedy", "close other programs, or raise the limit that \"ulimit -n\" shows"}},
                 {}};
}

}  // namespace preflab
