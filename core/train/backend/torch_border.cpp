// SPDX-License-Identifier: GPL-3.0-or-later
// What LibTorch's exceptions mean, and how many threads it may use.
#include "core/train/backend/torch_border.h"

#include "core/base/system.h"
#include "core/base/system_limits.h"

#include <ATen/ops/ones.h>
#include <ATen/Parallel.h>

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace preflab {

namespace {

/// A number in a file of one line below /sys; -1 if there is none.
int numberIn(const std::string& path)
{
    std::ifstream file(path);
    int number = -1;
    return file >> number ? number : -1;
}

/// Threads that a run starts later: readers of its rows, and others that end soon.
constexpr std::int64_t kSpareThreads = 2;

/// Every thread that computes keeps its helpers from its first operation that is large enough for them: this is one.
void startComputeThreads()
{
    constexpr std::int64_t kManyElements = 1 << 20;
    (void)at::ones({kManyElements}, at::kByte);
}

}  // namespace

Error errorOf(const c10::Error& exception)
{
    const std::string text = exception.what_without_backtrace();
    // On the CPU a failed allocation is a plain c10::Error, not c10::OutOfMemoryError.
    if (text.find("can't allocate memory") != std::string::npos || text.find("not enough memory") != std::string::npos)
        return outOfMemoryError(text);
    return Error{ErrorCode::Internal, {{"reason", text}}, exception.what()};
}

Error outOfMemoryError(const std::string& detail)
{
    // "you tried to allocate 4096 bytes": that, on top of what is held already.
    const std::string_view before = "tried to allocate ";
    const std::size_t at = detail.find(before);
    std::uint64_t asked = 0;
    if (at != std::string::npos)
        std::from_chars(detail.data() + at + before.size(), detail.data() + detail.size(), asked);
    return Error{ErrorCode::TooLittleMemory,
                 {{"needed", byteText(peakResidentMemory() + asked)},
                  {"free", byteText(availableMemory())},
                  {"remedy", "use a smaller batch, a smaller max_length or a smaller model"}},
                 detail};
}

std::int64_t physicalCores()
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
    std::set<std::pair<int, int>> cores;  // package, core
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed)) continue;
        const std::string topology = "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
        const int core = numberIn(topology + "core_id");
        // Without topology (some containers) every processor counts as a core of its own.
        cores.emplace(core < 0 ? -1 : numberIn(topology + "physical_package_id"), core < 0 ? cpu : core);
    }
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(cores.size()));
}

Result<> allowThreads(std::int64_t threads)
{
    if (threads > 1) {
        // Two libraries start helpers, and neither bears a refusal: one ends the program, the other waits for ever.
        const std::int64_t helpers = 2 * (threads - 1);
        if (auto tried = tryThreads(static_cast<std::size_t>(helpers + kSpareThreads)); !tried) {
            Error refused = std::move(tried).error();
            refused.arguments["remedy"] =
                "compute with fewer threads than " + std::to_string(threads) + ", or " + refused.arguments["remedy"];
            return tl::unexpected(std::move(refused));
        }
    }
    at::set_num_threads(static_cast<int>(threads));
    return {};
}

Result<> applyThreads(std::int64_t threads)
{
    constexpr std::int64_t kMost = 1024;
    const std::int64_t wanted = threads <= 0 ? physicalCores() : std::min(threads, kMost);
    TRY_VOID(allowThreads(wanted));
    if (wanted > 1) startComputeThreads();
    return {};
}

}  // namespace preflab
