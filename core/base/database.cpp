// SPDX-License-Identifier: GPL-3.0-or-later
// The storage thread's loop: groups, transactions, acknowledgements.
#include "core/base/database.h"

#include "core/base/database_file.h"
#include "core/base/database_reader.h"
#include "core/base/system_limits.h"

#include <sqlite3.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

namespace preflab {
namespace {

/// Commands that share one commit at most; bounds how long an acknowledgement can be held up by its neighbours.
constexpr std::size_t kLargestGroup = 256;

/// How long changes may lie in the log alone. Shorter than anybody's patience, longer than many steps: a checkpoint syncs
/// twice.
constexpr std::chrono::seconds kCheckpointInterval{2};

struct Task {
    Durability durability = Durability::Full;
    Database::Command command;
    std::function<void(Result<>)> onDone;
};

/// What is gone together with a database: the folder that it was in, or only the file.
std::filesystem::path lostPlace(const std::filesystem::path& database)
{
    std::error_code failure;
    return std::filesystem::exists(database.parent_path(), failure) ? database : database.parent_path();
}

}  // namespace

struct Database::State {
    State(std::filesystem::path file, ConnectionHandle connection)
        : path(std::move(file)), writer(std::move(connection))
    {
        group.reserve(kLargestGroup);
        results.reserve(kLargestGroup);
    }

    sqlite3* handle() const { return reader ? reader->handle() : writer.get(); }
    void run();
    bool takeGroup();
    void runGroup();
    void runCommands(Connection& connection);
    Result<> begin(Connection& connection, Durability durability);
    Result<> end(Connection& connection);
    Result<> confirm();
    bool isCheckpointDue() const;
    void checkpoint();
    template <class Work>
    Result<> guarded(const Work& work) const;

    const std::filesystem::path path;
    ConnectionHandle writer;                ///< storage thread, as everything down to results
    std::optional<DatabaseReader> reader;   ///< instead of writer
    bool isLogged = false;                  ///< has a write-ahead log
    std::optional<Durability> synchronous;  ///< what PRAGMA synchronous is set to
    std::int64_t changesInFile = 0;         ///< changes of the connection at its last checkpoint
    std::chrono::steady_clock::time_point checkpointed = std::chrono::steady_clock::now();
    std::vector<Task> group;        ///< commands that share a commit; has its memory from the start
    std::vector<Result<>> results;  ///< theirs
    std::mutex mutex;               ///< protects queue and isClosing
    std::condition_variable wake;
    std::deque<Task> queue;
    bool isClosing = false;
    std::jthread thread;
};

/// The border that no exception crosses.
template <class Work>
Result<> Database::State::guarded(const Work& work) const
{
    try {
        return work();
    } catch (const DatabaseFault& fault) {
        return tl::unexpected(errorOf(fault, path));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, {{"what", "the database " + path.string()}});
    } catch (const std::exception& exception) {
        return fail(ErrorCode::Internal, {{"reason", exception.what()}});
    } catch (...) {
        return fail(ErrorCode::Internal, {{"reason", "a storage command threw something unknown"}});
    }
}

void Database::State::run()
{
    while (takeGroup()) {
        if (!group.empty()) runGroup();
        if (isCheckpointDue()) checkpoint();
    }
}

/// Takes the next commands that may share a commit, or none when it is time for a checkpoint; false when the database
/// closes and nothing is left.
bool Database::State::takeGroup()
{
    std::unique_lock lock(mutex);
    const auto isAwaited = [this] { return isClosing || !queue.empty(); };
    if (isLogged && sqlite3_total_changes64(handle()) != changesInFile)
        wake.wait_until(lock, checkpointed + kCheckpointInterval, isAwaited);
    else
        wake.wait(lock, isAwaited);
    group.clear();
    while (!queue.empty() && group.size() < kLargestGroup) {
        const bool isFull = queue.front().durability == Durability::Full;
        if (isFull && !group.empty()) break;
        group.push_back(std::move(queue.front()));
        queue.pop_front();
        if (isFull) break;
    }
    return !group.empty() || !isClosing;
}

Result<> Database::State::begin(Connection& connection, Durability durability)
{
    return guarded([&]() -> Result<> {
        if (reader) {
            connection.execute("BEGIN");
            return {};
        }
        if (synchronous != durability) {
            connection.execute(durability == Durability::Full ? "PRAGMA synchronous=FULL"
                                                              : "PRAGMA synchronous=NORMAL");
            synchronous = durability;
        }
        connection.execute("BEGIN IMMEDIATE");
        return {};
    });
}

Result<> Database::State::end(Connection& connection)
{
    Result<> whole;
    if (sqlite3_get_autocommit(handle()) == 0) {
        whole = guarded([&]() -> Result<> {
            connection.execute("COMMIT");
            return {};
        });
    }
    return whole ? confirm() : whole;
}

/// What was committed is where people will look for it.
Result<> Database::State::confirm()
{
    if (reader) return reader->checkUnchanged();
    int hasMoved = 0;
    if (sqlite3_file_control(handle(), "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved) == SQLITE_OK && hasMoved != 0)
        return fail(ErrorCode::ProjectGone, {{"path", lostPlace(path).string()}});
    // A log that somebody deleted is written to all the same, and is lost at the end: move its content while it is open.
    std::error_code failure;
    if (isLogged && !std::filesystem::exists(writeAheadLogOf(path), failure)) checkpoint();
    return {};
}

bool Database::State::isCheckpointDue() const
{
    return isLogged && sqlite3_total_changes64(handle()) != changesInFile &&
           std::chrono::steady_clock::now() >= checkpointed + kCheckpointInterval;
}

/// Moves what the log holds into the file, as far as readers let it. A failure loses nothing, and shows with the next
/// commit.
void Database::State::checkpoint()
{
    sqlite3_wal_checkpoint_v2(handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    changesInFile = sqlite3_total_changes64(handle());
    checkpointed = std::chrono::steady_clock::now();
}

/// Each command in a savepoint, so that one that fails takes back only its own work.
void Database::State::runCommands(Connection& connection)
{
    for (std::size_t i = 0; i < group.size(); ++i) {
        results[i] = guarded([&]() -> Result<> {
            connection.execute("SAVEPOINT command");
            return group[i].command(connection);
        });
        // After a full disk or an I/O error SQLite has rolled back everything, the neighbours' work too.
        if (sqlite3_get_autocommit(handle()) != 0) {
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

void Database::State::runGroup()
{
    results.assign(group.size(), {});
    Result<> whole = reader ? guarded([&] { return reader->refresh(); }) : Result<>();
    Connection connection(handle());
    if (whole) whole = begin(connection, group.front().durability);
    if (whole) runCommands(connection);
    if (whole) whole = end(connection);
    if (handle() != nullptr && sqlite3_get_autocommit(handle()) == 0) {
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
    TRY(auto handle, openDatabaseFile(path, applicationId, migrations, Backup::Make));
    auto state = std::make_unique<State>(path, std::move(handle));
    TRY_VOID(state->guarded([&]() -> Result<> {
        Connection connection(state->handle());
        state->isLogged = readText(connection, "PRAGMA journal_mode") == "wal";
        return {};
    }));
    TRY(state->thread, startThread([raw = state.get()] { raw->run(); }));
    return std::unique_ptr<Database>(new Database(std::move(state)));
}

Result<std::unique_ptr<Database>> Database::openToRead(const std::filesystem::path& path, std::uint32_t applicationId,
                                                       const std::vector<Migration>& migrations, Neighbour neighbour)
{
    TRY(auto reader, DatabaseReader::open(path, applicationId, migrations, neighbour));
    auto state = std::make_unique<State>(path, nullptr);
    state->reader = std::move(reader);
    TRY(state->thread, startThread([raw = state.get()] { raw->run(); }));
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
