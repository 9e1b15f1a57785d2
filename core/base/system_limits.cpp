// SPDX-License-Identifier: GPL-3.0-or-later
// Refusals as errors, with what the user can do.
#include "core/base/system_limits.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <latch>
#include <new>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace preflab {
namespace {

/// A thread that was joined counts against the limit a moment longer. Returns when it is gone, or after a second.
void waitUntilGone(pid_t thread)
{
    constexpr auto kPause = std::chrono::microseconds(100);
    constexpr int kPauses = 10'000;
    for (int i = 0; i < kPauses && ::tgkill(::getpid(), thread, 0) == 0; ++i) std::this_thread::sleep_for(kPause);
}

}  // namespace

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

Result<> tryThreads(std::size_t count)
{
    std::vector<pid_t> numbers(count);
    Result<> result;
    {
        std::latch enough(1);
        std::vector<std::jthread> threads;  // joins before `enough` goes
        threads.reserve(count);
        while (result && threads.size() < count) {
            auto thread = startThread([&enough, &number = numbers[threads.size()]] {
                number = ::gettid();
                enough.wait();
            });
            if (thread)
                threads.push_back(*std::move(thread));
            else
                result = tl::unexpected(std::move(thread).error());
        }
        enough.count_down();
    }
    for (const pid_t number : numbers)
        if (number > 0) waitUntilGone(number);
    return result;
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
