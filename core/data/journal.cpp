// SPDX-License-Identifier: GPL-3.0-or-later
// Two states: what is durable, for readers, and what will be once everything posted is, for the next post.
#include "core/data/journal.h"

#include "core/base/database.h"
#include "core/base/system.h"
#include "core/data/journal_replay.h"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <utility>

namespace preflab {

struct Journal::State {
    std::string contentHash;

    mutable std::mutex mutex;            ///< protects everything below
    std::condition_variable idle;
    JournalReplay durable;
    JournalReplay expected;              ///< `durable` and all that is posted
    std::size_t pending = 0;

    void send(std::shared_ptr<State> self, Database& database, JournalRecord record, Acknowledgement done);
    void settle(const Result<>& result, JournalRecord record, const Acknowledgement& done);
};

namespace {

Result<JournalReplay> replayOf(Project& project, const std::string& contentHash)
{
    Result<JournalReplay> replay;
    TRY_VOID(project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        replay = replayJournal(connection, project.folder() / "project.db", contentHash);
        if (!replay) return tl::unexpected(replay.error());
        return {};
    }));
    return replay;
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(std::shared_ptr<Project> project, const std::string& contentHash)
{
    TRY(JournalReplay replay, replayOf(*project, contentHash));
    auto state = std::make_shared<State>();
    state->contentHash = contentHash;
    state->expected = replay;
    state->durable = std::move(replay);
    return std::unique_ptr<Journal>(new Journal(std::move(project), std::move(state)));
}

Result<JournalView> Journal::read(Project& project, const std::string& contentHash)
{
    TRY(const JournalReplay replay, replayOf(project, contentHash));
    return JournalView{replay.states, replay.position};
}

Journal::Journal(std::shared_ptr<Project> project, std::shared_ptr<State> state)
    : m_project(std::move(project)), m_state(std::move(state))
{
}

Journal::~Journal()
{
    std::unique_lock lock(m_state->mutex);
    m_state->idle.wait(lock, [this] { return m_state->pending == 0; });
}

/// mutex held: what is posted first is numbered and stored first.
void Journal::State::send(std::shared_ptr<State> self, Database& database, JournalRecord record, Acknowledgement done)
{
    record.number = static_cast<std::int64_t>(expected.records.size()) + 1;
    record.time = timestampUtc();
    expected.take(record);
    ++pending;
    auto shared = std::make_shared<JournalRecord>(std::move(record));
    database.post(
        Durability::Full,
        [self, shared](Connection& connection) -> Result<> {
            shared->position = insertRecord(connection, self->contentHash, *shared);
            return {};
        },
        [self, shared, done = std::move(done)](const Result<>& result) { self->settle(result, *shared, done); });
}

/// Storage thread.
void Journal::State::settle(const Result<>& result, JournalRecord record, const Acknowledgement& done)
{
    {
        const std::lock_guard lock(mutex);
        if (result) durable.take(record);
        // After a failure the posts behind it may still fail or not; once all are answered, only what is there counts.
        if (pending == 1) expected = durable;
    }
    if (done) done(result ? Result<JournalRecord>(std::move(record)) : Result<JournalRecord>(tl::unexpected(result.error())));
    const std::lock_guard lock(mutex);
    if (--pending == 0) idle.notify_all();
}

void Journal::post(JournalAction action, const std::vector<std::uint32_t>& rows, const Modify& modify,
                   Acknowledgement done)
{
    std::unique_lock lock(m_state->mutex);
    JournalRecord record;
    record.action = action;
    for (const std::uint32_t row : rows) {
        const RowState* found = m_state->expected.states.find(row);
        RowChange change{row, found != nullptr ? *found : RowState(), {}};
        change.after = change.before;
        modify(row, change.after);
        if (!areEqual(change.before, change.after)) record.changes.push_back(std::move(change));
    }
    if (!record.changes.empty()) {
        m_state->send(m_state, m_project->database(), std::move(record), std::move(done));
        return;
    }
    lock.unlock();
    if (done) done(record);
}

void Journal::undo(Acknowledgement done)
{
    std::unique_lock lock(m_state->mutex);
    if (auto record = m_state->expected.undo()) {
        m_state->send(m_state, m_project->database(), *std::move(record), std::move(done));
        return;
    }
    lock.unlock();
    if (done) done(JournalRecord{0, 0, {}, JournalAction::Undo, 0, {}});
}

void Journal::redo(Acknowledgement done)
{
    std::unique_lock lock(m_state->mutex);
    if (auto record = m_state->expected.redo()) {
        m_state->send(m_state, m_project->database(), *std::move(record), std::move(done));
        return;
    }
    lock.unlock();
    if (done) done(JournalRecord{0, 0, {}, JournalAction::Redo, 0, {}});
}

Result<JournalRecord> Journal::apply(JournalAction action, const std::vector<std::uint32_t>& rows, const Modify& modify)
{
    std::promise<Result<JournalRecord>> answer;
    post(action, rows, modify, [&answer](const Result<JournalRecord>& result) { answer.set_value(result); });
    return answer.get_future().get();
}

JournalView Journal::view() const
{
    const std::lock_guard lock(m_state->mutex);
    return {m_state->durable.states, m_state->durable.position};
}

std::optional<JournalRecord> Journal::undoable() const
{
    const std::lock_guard lock(m_state->mutex);
    const JournalReplay& replay = m_state->durable;
    return replay.undoable.empty() ? std::nullopt : std::optional(replay.records[replay.undoable.back()]);
}

std::optional<JournalRecord> Journal::redoable() const
{
    const std::lock_guard lock(m_state->mutex);
    const JournalReplay& replay = m_state->durable;
    return replay.redoable.empty() ? std::nullopt : std::optional(replay.records[replay.redoable.back()]);
}

std::vector<JournalRecord> Journal::latest(std::size_t count) const
{
    const std::lock_guard lock(m_state->mutex);
    const auto& records = m_state->durable.records;
    return {records.rbegin(), records.rbegin() + static_cast<std::ptrdiff_t>(std::min(count, records.size()))};
}

}  // namespace preflab
