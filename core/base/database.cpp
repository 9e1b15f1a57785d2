// SPDX-License-Identifier: GPL-3.0-or-later
// The storage thread's loop: groups, transactions, acknowledgements.
#include "core/base/database.h"

#include "core/base/database_file.h"

#include <sqlite3.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace preflab {
namespace {

/// Commands that share one commit at most; bounds how long an acknowledgement can be held up by its neighbours.
constexpr std::size_t kLargestGroup = 256;

struct Task {
    Durability durability = Durability::Full;
    Database::Command command;
    std::function<void(Result<>)> onDone;
};

}  // namespace

struct Database::State {
    State(std::filesystem::path file, ConnectionHandle connection)
        : path(std::move(file)), handle(std::move(connection))
    {
    }

    void run();
    std::vector<Task> takeGroup();
    void runGroup(std::vector<Task>& group);
    void runCommands(Connection& connection, const std::vector<Task>& group, std::vector<Result<>>& results);
    Result<> begin(Connection& connection, Durability durability);
    template <class Work>
    Result<> guarded(const Work& work) const;

    const std::filesystem::path path;
    ConnectionHandle handle;                ///< storage thread
    std::optional<Durability> synchronous;  ///< what PRAGMA synchronous is set to; storage thread
    std::mutex mutex;                       ///< protects queue and isClosing
    std::condition_variable wake;
    std::deque<Task> queue;
    bool isClosing = false;
    std::thread thread;
};

/// The border that no exception crosses.
template <class Work>
Result<> Database::State::guarded(const Work& work) const
{
    try {
        return work();
    } catch (const DatabaseFault& fault) {
        return tl::unexpected(errorOf(fault, path));
    } catch (const std::exception& exception) {
        return fail(ErrorCode::Internal, {{"reason", exception.what()}});
    } catch (...) {
        return fail(ErrorCode::Internal, {{"reason", "a storage command threw something unknown"}});
    }
}

void Database::State::run()
{
    for (std::vector<Task> group = takeGroup(); !group.empty(); group = takeGroup()) runGroup(group);
}

/// The next commands that may share a commit; empty when the database closes and nothing is left.
std::vector<Task> Database::State::takeGroup()
{
    std::unique_lock lock(mutex);
    wake.wait(lock, [this] { return isClosing || !queue.empty(); });
    std::vector<Task> group;
    while (!queue.empty() && group.size() < kLargestGroup) {
        const bool isFull = queue.front().durability == Durability::Full;
        if (isFull && !group.empty()) break;
        group.push_back(std::move(queue.front()));
        queue.pop_front();
        if (isFull) break;
    }
    return group;
}

Result<> Database::State::begin(Connection& connection, Durability durability)
{
    return guarded([&]() -> Result<> {
        if (synchronous != durability) {
            connection.execute(durability == Durability::Full ? "PRAGMA synchronous=FULL"
                                                              : "PRAGMA synchronous=NORMAL");
            synchronous = durability;
        }
        connection.execute("BEGIN IMMEDIATE");
        return {};
    });
}

/// Each command in a savepoint, so that one that fails takes back only its own work.
void Database::State::runCommands(Connection& connection, const std::vector<Task>& group,
                                  std::vector<Result<>>& results)
{
    for (std::size_t i = 0; i < group.size(); ++i) {
        results[i] = guarded([&]() -> Result<> {
            connection.execute("SAVEPOINT command");
            return group[i].command(connection);
        });
        // After a full disk or an I/O error SQLite has rolled back everything, the neighbours' work too.
        if (sqlite3_get_autocommit(handle.get()) != 0) {
            if (results[i]) results[i] = fail(ErrorCode::Internal, {{"reason", "a command ended its transaction"}});
            const Error error = results[i].error();
            for (Result<>& result : results) result = tl::unexpected(error);
            return;
        }
        const Result<> closed = guarded([&]() -> Result<> {
            if (!results[i]) connection.execute("ROLLBACK TO command");
            connection.execute("RELEASE command");
            return {};
        });
        if (results[i] && !closed) results[i] = closed;
    }
}

void Database::State::runGroup(std::vector<Task>& group)
{
    Connection connection(handle.get());
    std::vector<Result<>> results(group.size());
    Result<> whole = begin(connection, group.front().durability);
    if (whole) runCommands(connection, group, results);
    if (whole && sqlite3_get_autocommit(handle.get()) == 0) {
        whole = guarded([&]() -> Result<> {
            connection.execute("COMMIT");
            return {};
        });
    }
    if (sqlite3_get_autocommit(handle.get()) == 0) {
        // A failed commit leaves the transaction open; what the rollback says adds nothing.
        (void)guarded([&]() -> Result<> {
            connection.execute("ROLLBACK");
            return {};
        });
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (group[i].onDone) group[i].onDone(whole ? std::move(results[i]) : whole);
        group[i] = {};  // what a command captured lives until it is acknowledged, no longer
    }
}

Database::Database(std::unique_ptr<State> state) : m_state(std::move(state)) {}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& path, std::uint32_t applicationId,
                                                 const std::vector<Migration>& migrations)
{
    TRY(auto handle, openDatabaseFile(path, applicationId, migrations));
    auto state = std::make_unique<State>(path, std::move(handle));
    try {
        state->thread = std::thread([raw = state.get()] { raw->run(); });
    } catch (const std::system_error& error) {
        return fail(ErrorCode::Internal, {{"reason", std::string("no storage thread: ") + error.what()}});
    }
    return std::unique_ptr<Database>(new Database(std::move(state)));
}

Database::~Database()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->isClosing = true;
    }
    m_state->wake.notify_one();
    m_state->thread.join();
}

void Database::post(Durability durability, Command command, std::function<void(Result<>)> onDone)
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->queue.push_back({durability, std::move(command), std::move(onDone)});
    }
    m_state->wake.notify_one();
}

Result<> Database::call(Durability durability, Command command)
{
    if (std::this_thread::get_id() == m_state->thread.get_id()) {
        return fail(ErrorCode::Internal, {{"reason", "the storage thread waits for itself"}});
    }
    std::mutex mutex;  // protects answer
    std::condition_variable answered;
    std::optional<Result<>> answer;
    post(durability, std::move(command), [&](Result<> result) {
        // Notified under the lock: the waiter destroys both as soon as it sees the answer.
        const std::lock_guard lock(mutex);
        answer = std::move(result);
        answered.notify_one();
    });
    std::unique_lock lock(mutex);
    answered.wait(lock, [&] { return answer.has_value(); });
    return std::move(*answer);
}

}  // namespace preflab
