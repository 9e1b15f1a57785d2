// SPDX-License-Identifier: GPL-3.0-or-later
// Holds a fake engine's answer back, word by word.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace preflab::test {

/// Lets an answer go on word by word: FakeScript::onWord waits here until the test has opened the gate so far.
class WordGate {
public:
    void open(std::int64_t words)
    {
        const std::lock_guard lock(m_mutex);
        m_open = words;
        m_changed.notify_all();
    }
    void wait(std::int64_t word)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return word < m_open; });
    }

private:
    std::mutex m_mutex;  ///< protects m_open
    std::condition_variable m_changed;
    std::int64_t m_open = 0;
};

}  // namespace preflab::test
