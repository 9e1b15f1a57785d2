// SPDX-License-Identifier: GPL-3.0-or-later
// A dispatcher thread starts and drops runs, because a run cannot join itself.
#include "core/runs/run_queue.h"

#include "core/base/system.h"
#include "core/data/journal/dataset_mapping.h"
#include "core/runs/compute_request.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace preflab {

RunFolders foldersOf(const Project& project, const std::string& run)
{
    return {run.empty() ? std::filesystem::path() : project.runFolder(run), cacheFolder()};
}

namespace {

/// What a run is to do, from when it is queued.
struct RunOrder {
    std::string id;
    RunSpec spec;
    RunFolders folders;
    RunData data;
};

}  // namespace

struct RunQueue::State {
    State(Backend& engine, Project& opened, ThreadStarter starter)
        : backend(engine), project(opened), startThread(std::move(starter)), store(opened)
    {
    }

    void poke();
    Result<> startDispatcher();
    void dispatch();
    std::vector<std::shared_ptr<Run>> takeEnded();
    std::vector<std::shared_ptr<Run>> takeNext();
    void startOrFail(Run& run);
    Outcome compute(const RunOrder& order, RunControl& control, RunLog& log);
    Outcome runToEnd(const RunOrder& order, RunControl& control, RunLog& log);
    Result<> serve(const std::function<Result<>()>& work, std::stop_token stop);

    Backend& backend;
    Project& project;
    const ThreadStarter startThread;
    RunStore store;

    std::mutex mutex;  ///< protects everything below
    std::condition_variable_any changed;
    bool isPoked = false;  ///< the dispatcher has something to look at
    bool isClosing = false;
    bool isServing = false;  ///< a caller computes its own request; no run starts meanwhile
    std::deque<std::shared_ptr<Run>> waiting;
    std::shared_ptr<Run> current;              ///< the run that computes
    std::vector<std::shared_ptr<Run>> ending;  ///< stopped while waiting: end beside the current one
    std::jthread dispatcher;
};

void RunQueue::State::poke()
{
    {
        const std::lock_guard lock(mutex);
        isPoked = true;
    }
    changed.notify_all();
}

/// mutex held. Runs that are over, to be dropped without it.
std::vector<std::shared_ptr<Run>> RunQueue::State::takeEnded()
{
    std::vector<std::shared_ptr<Run>> ended;
    if (current && current->isOver()) ended.push_back(std::exchange(current, nullptr));
    const auto firstOver =
        std::stable_partition(ending.begin(), ending.end(), [](const auto& run) { return !run->isOver(); });
    ended.insert(ended.end(), std::make_move_iterator(firstOver), std::make_move_iterator(ending.end()));
    ending.erase(firstOver, ending.end());
    return ended;
}

/// mutex held. Runs that get their thread now: those that were stopped while they waited, and the next one.
std::vector<std::shared_ptr<Run>> RunQueue::State::takeNext()
{
    std::vector<std::shared_ptr<Run>> next;
    for (auto run = waiting.begin(); run != waiting.end();) {
        if (!(*run)->control().isStopRequested()) {
            ++run;
            continue;
        }
        ending.push_back(*run);
        next.push_back(*run);
        run = waiting.erase(run);
    }
    if (current || isServing || waiting.empty()) return next;
    current = waiting.front();
    waiting.pop_front();
    next.push_back(current);
    return next;
}

/// mutex not held: a run that ends pokes the queue, and storing its end takes a while.
void RunQueue::State::startOrFail(Run& run)
{
    const auto started = run.start(startThread);
    if (started) return;
    const Outcome outcome = Failed{started.error()};
    // That it could not be stored stays in the log; the run has failed either way.
    (void)store.finish(run.id(), run.log(), outcome);
    run.end(outcome);
}

Result<> RunQueue::State::startDispatcher()
{
    const std::lock_guard lock(mutex);
    if (dispatcher.joinable()) return {};
    TRY(dispatcher, startThread([this] { dispatch(); }));
    return {};
}

void RunQueue::State::dispatch()
{
    std::unique_lock lock(mutex);
    while (!isClosing || current || !waiting.empty() || !ending.empty()) {
        changed.wait(lock, [this] { return isPoked; });
        isPoked = false;
        auto ended = takeEnded();
        const auto next = takeNext();
        lock.unlock();
        for (const auto& run : next) startOrFail(*run);
        changed.notify_all();  // for requests that wait for the next run, or for none
        ended.clear();         // may be the last owner, and joins
        lock.lock();
    }
}

Outcome RunQueue::State::compute(const RunOrder& order, RunControl& control, RunLog& log)
{
    if (control.isStopRequested()) return Cancelled{};  // before its turn: must not compute
    if (const auto begun = store.begin(order.id); !begun) return Failed{begun.error()};
    return backend.train(order.spec, order.folders, order.data, control, log);
}

Outcome RunQueue::State::runToEnd(const RunOrder& order, RunControl& control, RunLog& log)
{
    Outcome outcome = guardedOutcome([&] { return compute(order, control, log); });
    const auto stored = store.finish(order.id, log, outcome);
    // A run whose end nobody can read later has failed, unless it has failed already for a better reason.
    if (!stored && !std::holds_alternative<Failed>(outcome)) return Failed{stored.error()};
    return outcome;
}

/// Runs go first: a request is served by the run that computes or is about to, and by its caller when there is none.
Result<> RunQueue::State::serve(const std::function<Result<>()>& work, std::stop_token stop)
{
    const auto request = std::make_shared<ComputeRequest>(work);
    std::shared_ptr<Run> refused;  // is ending and takes no more requests
    std::unique_lock lock(mutex);
    while (true) {
        const bool isReady =
            changed.wait(lock, stop, [&] { return current ? current != refused : waiting.empty() && !isServing; });
        if (!isReady) return fail(ErrorCode::Cancelled);
        if (!current) break;
        refused = current;
        if (!current->control().post([request] { request->serve(); })) continue;
        lock.unlock();
        return request->wait(std::move(stop));
    }
    isServing = true;
    lock.unlock();
    request->serve();
    lock.lock();
    isServing = false;
    lock.unlock();
    poke();
    return request->wait({});
}

RunQueue::RunQueue(Backend& backend, Project& project, ThreadStarter startThread)
    : m_state(std::make_shared<State>(backend, project, std::move(startThread)))
{
}

RunQueue::~RunQueue()
{
    std::vector<std::shared_ptr<Run>> runs;
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->isClosing = true;
        runs.assign(m_state->waiting.begin(), m_state->waiting.end());
        if (m_state->current) runs.push_back(m_state->current);
    }
    for (const auto& run : runs) run->control().cancel();
    m_state->poke();
    if (m_state->dispatcher.joinable()) m_state->dispatcher.join();
}

Result<std::shared_ptr<Run>> RunQueue::start(const RunSpec& wanted, OpenedData opened)
{
    TRY_VOID(m_state->startDispatcher());
    // Edits made while it waits are not its own: two runs started together train on the same rows.
    TRY(const std::int64_t journalPosition, Journal::lastPosition(m_state->project));
    RunSpec spec = wanted;
    if (spec.evalData && !spec.evalColumns) {
        TRY(spec.evalColumns, keptEvalColumns(m_state->project, *spec.evalData, spec.columns));
    }
    TRY(const RunRecord record, m_state->store.create(spec));
    const RunOrder order{record.id, spec, foldersOf(m_state->project, record.id),
                         RunData{editsIn(m_state->project, journalPosition), std::move(opened)}};
    // The body is over before the queue is; what may be called later holds the queue weakly.
    auto body = [state = m_state.get(), order](RunControl& control, RunLog& log) {
        return state->runToEnd(order, control, log);
    };
    const auto pokeQueue = [weak = std::weak_ptr(m_state)] {
        if (const auto state = weak.lock()) state->poke();
    };
    auto run = std::make_shared<Run>(record.id, std::move(body), [pokeQueue](const Outcome&) { pokeQueue(); });
    run->control().setOnStop(pokeQueue);
    m_state->store.follow(record.id, run->log());
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->waiting.push_back(run);
    }
    m_state->poke();
    return run;
}

Result<> RunQueue::generate(const GenerateRequest& request, const GenerateSink& sink, std::stop_token stop)
{
    return m_state->serve([&] { return m_state->backend.generate(request, sink, stop); }, stop);
}

Result<> RunQueue::score(const ScoreRequest& request, const ScoreSink& sink, const ProgressSink& progress,
                         std::stop_token stop)
{
    ScoreRequest edited = request;
    if (!edited.editsOf) edited.editsOf = editsIn(m_state->project);
    return m_state->serve(
        [&]() -> Result<> {
            TRY_VOID(m_state->backend.score(edited, sink, progress, stop));
            return {};
        },
        stop);
}

RunStore& RunQueue::store()
{
    return m_state->store;
}

}  // namespace preflab
