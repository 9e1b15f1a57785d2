// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks are handed out one by one, so that a slow one holds up nobody.
#include "core/base/parallel.h"

#include "core/base/caught_error.h"
#include "core/base/system_limits.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace preflab {
namespace {

constexpr std::size_t kMaxThreads = 16;

/// What the threads of one loop share.
class Loop {
public:
    Loop(std::size_t total, std::size_t blockSize, const std::stop_token& stop, const BlockWork& work)
        : m_total(total), m_blockSize(blockSize), m_stop(stop), m_work(work)
    {
    }

    void run(const std::function<void(std::size_t)>& progress)
    {
        try {
            runBlocks(progress);
        } catch (const std::exception& exception) {
            fail(caughtError(exception, "working through the data"));
        }
    }

    Result<> outcome() const
    {
        if (m_error) return tl::unexpected(*m_error);
        if (m_stop.stop_requested()) return preflab::fail(ErrorCode::Cancelled);
        return {};
    }

private:
    void runBlocks(const std::function<void(std::size_t)>& progress)
    {
        while (!m_isFailed && !m_stop.stop_requested()) {
            const std::size_t begin = m_next.fetch_add(m_blockSize);
            if (begin >= m_total) return;
            const std::size_t end = std::min(begin + m_blockSize, m_total);
            if (auto done = m_work(begin, end); !done) return fail(std::move(done).error());
            if (progress) progress(end);
        }
    }

    void fail(Error error)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_error) m_error = std::move(error);
        m_isFailed = true;
    }

    const std::size_t m_total;
    const std::size_t m_blockSize;
    const std::stop_token& m_stop;
    const BlockWork& m_work;
    std::atomic<std::size_t> m_next{0};
    std::atomic<bool> m_isFailed{false};
    std::mutex m_mutex;  ///< protects m_error
    std::optional<Error> m_error;
};

}  // namespace

Result<> forEachBlock(std::size_t total, std::size_t blockSize, const std::stop_token& stop, const BlockWork& work,
                      const std::function<void(std::size_t done)>& progress)
{
    const std::size_t blocks = (total + blockSize - 1) / blockSize;
    const std::size_t cores = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMaxThreads);
    Loop loop(total, blockSize, stop, work);
    std::vector<std::jthread> helpers;
    helpers.reserve(cores);
    for (std::size_t i = 1; i < std::min(cores, blocks); ++i) {
        auto helper = startThread([&loop] { loop.run({}); });
        if (!helper) break;  // the blocks are done all the same, only later
        helpers.push_back(*std::move(helper));
    }
    loop.run(progress);
    for (std::jthread& helper : helpers) helper.join();
    return loop.outcome();
}

}  // namespace preflab
