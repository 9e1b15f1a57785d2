// SPDX-License-Identifier: GPL-3.0-or-later
// A queue with a fake engine in a project of its own, and ways to meet its runs at known points.
#pragma once

#include "core/runs/run_queue.h"
#include "support/fake_backend.h"
#include "support/files.h"
#include "support/run_project.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

namespace preflab::test {

/// A project, an engine and a queue.
struct Bench {
    explicit Bench(FakeScript script = {}, ThreadStarter starter = &startThread)
        : backend(std::move(script)), project(openProject(folder.path()))
    {
        if (project) queue = std::make_unique<RunQueue>(backend, *project, std::move(starter));
    }

    std::shared_ptr<Run> start(const std::string& name, std::int64_t steps)
    {
        auto run = queue->start(fakeSpec(name, steps));
        return run ? *run : nullptr;
    }
    std::string storedOutcome(const std::string& id)
    {
        const auto record = queue->store().find(id);
        return record ? record->outcome : sentence(record.error());
    }

    ScratchFolder folder;
    FakeBackend backend;
    std::unique_ptr<Project> project;
    std::unique_ptr<RunQueue> queue;
};

/// A step that waits for the test, but not for ever: a test that failed before `open` has to end.
class Gate {
public:
    void pass()
    {
        std::unique_lock lock(m_mutex);
        ++m_arrivals;
        m_changed.notify_all();
        m_changed.wait_for(lock, std::chrono::seconds(60), [this] { return m_isOpen; });
    }
    void waitForArrival()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_arrivals > 0; });
    }
    void open()
    {
        const std::lock_guard lock(m_mutex);
        m_isOpen = true;
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex;  // protects what follows
    std::condition_variable m_changed;
    int m_arrivals = 0;
    bool m_isOpen = false;
};

/// Steps that a run took; -1 for a failed one.
inline std::int64_t stepsOf(const Outcome& outcome)
{
    if (const auto* finished = std::get_if<Finished>(&outcome)) return finished->steps;
    const auto* cancelled = std::get_if<Cancelled>(&outcome);
    return cancelled ? cancelled->steps : -1;
}

/// Until that many rows are committed, or the run is over.
inline void waitForSteps(const Run& run, std::size_t steps)
{
    RunCursor cursor;
    while (run.log().committed().metrics < steps && !run.isOver()) {
        (void)run.log().waitForNews(cursor, std::chrono::milliseconds(100));
    }
}

/// A request whose answer has `tokens` words.
inline GenerateRequest ask(std::int64_t tokens)
{
    GenerateRequest request;
    request.prompt = "word";
    request.maxNewTokens = tokens;
    return request;
}

}  // namespace preflab::test
