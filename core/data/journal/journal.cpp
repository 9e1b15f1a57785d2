// SPDX-License-Identifier: GPL-3.0-or-later
// Two states: what is durable, for readers, and what will be once everything posted is, for the next post.
#include "core/data/journal/journal.h"

#include "core/base/database.h"
#include "core/base/system.h"
#include "core/data/journal/journal_replay.h"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <utility>

namespace preflab {

struct Journal::State {
    std::string contentHash;

    mutable std::mutex mutex;  ///< protects `durable`, never for long; changed on the storage thread only
    JournalReplay durable;

    std::mutex postMutex;  ///< protects everything below; taken before `mutex`
    std::condition_variable idle;
    JournalReplay expected;  ///< `durable` and all that is posted
    std::size_t pending = 0;
    std::optional<Error> failure;  ///< of a post that others wait behind

    std::optional<Error> failureAhead();
    std::optional<JournalRecord> latestOf(std::vector<std::size_t> JournalReplay::*stack) const;
    void send(std::shared_ptr<State> self, Database& database, JournalRecord record, Acknowledgement done);
    void sendOrAnswer(std::shared_ptr<State> self, Database& database, std::unique_lock<std::mutex> lock,
                      std::optional<JournalRecord> record, JournalAction action, const Acknowledgement& done);
    void settle(const Result<>& result, JournalRecord record, const Acknowledgement& done);
};

namespace {

Result<JournalReplay> replayOf(Project& project, const std::string& contentHash, std::uint32_t rowCount,
                               std::int64_t position)
{
    Result<JournalReplay> replay;
    TRY_VOID(project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        replay = replayJournal(connection, project.folder() / "project.db", contentHash, rowCount, position);
        if (!replay) return tl::unexpected(replay.error());
        return {};
    }));
    return replay;
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(std::shared_ptr<Project> project, const std::string& contentHash,
                                               std::uint32_t rowCount)
{
    TRY(JournalReplay replay, replayOf(*project, contentHash, rowCount, kWholeJournal));
    auto state = std::make_shared<State>();
    state->contentHash = contentHash;
    state->expected = replay;
    state->durable = std::move(replay);
    return std::unique_ptr<Journal>(new Journal(std::move(project), std::move(state)));
}

Result<JournalView> Journal::read(Project& project, const std::string& contentHash, std::uint32_t rowCount,
                                  std::optional<std::int64_t> position)
{
    const std::int64_t end = position.value_or(kWholeJournal);
    TRY(const JournalReplay replay, replayOf(project, contentHash, rowCount, end));
    JournalView view = replay.view();
    if (view.position == 0 && end > 0) {
        TRY(const std::int64_t last, lastPosition(project));
        view.areOthersEdited = last > 0;
    }
    return view;
}

Result<std::int64_t> Journal::lastPosition(Project& project)
{
    std::int64_t position = 0;
    TRY_VOID(project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        Statement select = connection.prepare("SELECT coalesce(max(position), 0) FROM journal");
        if (select.step()) position = select.integer(0);
        return {};
    }));
    return position;
}

Journal::Journal(std::shared_ptr<Project> project, std::shared_ptr<State> state)
    : m_project(std::move(project)), m_state(std::move(state))
{
}

Journal::~Journal()
{
    std::unique_lock lock(m_state->postMutex);
    m_state->idle.wait(lock, [this] { return m_state->pending == 0; });
}

std::optional<Error> Journal::State::failureAhead()
{
    const std::lock_guard lock(postMutex);
    return failure;
}

/// The record on top of a stack, copied without the lock.
std::optional<JournalRecord> Journal::State::latestOf(std::vector<std::size_t> JournalReplay::*stack) const
{
    std::shared_ptr<const JournalRecord> record;
    {
        const std::lock_guard lock(mutex);
        if (!(durable.*stack).empty()) record = durable.records[(durable.*stack).back()];
    }
    return record ? std::optional(*record) : std::nullopt;
}

/// postMutex held: what is posted first is numbered and stored first.
void Journal::State::send(std::shared_ptr<State> self, Database& database, JournalRecord record, Acknowledgement done)
{
    record.number = static_cast<std::int64_t>(expected.records.size()) + 1;
    record.time = timestampUtc();
    expected.take(record, expected.statesAfter(record));
    ++pending;
    auto shared = std::make_shared<JournalRecord>(std::move(record));
    database.post(
        Durability::Full,
        [self, shared](Connection& connection) -> Result<> {
            if (const auto ahead = self->failureAhead()) return tl::unexpected(*ahead);
            shared->position = insertRecord(connection, self->contentHash, *shared);
            return {};
        },
        [self, shared, done = std::move(done)](const Result<>& result) { self->settle(result, *shared, done); });
}

/// Stores the record; where there is none, answers at once with one without changes. Takes postMutex over.
void Journal::State::sendOrAnswer(std::shared_ptr<State> self, Database& database, std::unique_lock<std::mutex> lock,
                                  std::optional<JournalRecord> record, JournalAction action,
                                  const Acknowledgement& done)
{
    if (record) {
        send(std::move(self), database, *std::move(record), done);
        return;
    }
    lock.unlock();
    if (done) done(JournalRecord{0, 0, {}, action, 0, {}});
}

/// Storage thread.
void Journal::State::settle(const Result<>& result, JournalRecord record, const Acknowledgement& done)
{
    if (result) {
        // Readers wait for the exchange, not for the work: nobody else changes `durable`.
        RowStates after = durable.statesAfter(record);
        const std::lock_guard lock(mutex);
        durable.take(record, std::move(after));
    }
    {
        const std::lock_guard lock(postMutex);
        if (!result && !failure) failure = result.error();
        if (failure && pending == 1) {
            // Nothing waits behind it any more: what is durable counts again.
            expected = durable;
            failure.reset();
        }
    }
    if (done && result)
        done(std::move(record));
    else if (done)
        done(tl::unexpected(result.error()));
    const std::lock_guard lock(postMutex);
    if (--pending == 0) idle.notify_all();
}

void Journal::post(JournalAction action, const std::vector<std::uint32_t>& rows, const Modify& modify,
                   Acknowledgement done)
{
    std::unique_lock lock(m_state->postMutex);
    JournalRecord record;
    record.action = action;
    for (const std::uint32_t row : rows) {
        const RowState* found = m_state->expected.states.find(row);
        RowChange change{row, found != nullptr ? *found : RowState(), {}};
        change.after = change.before;
        modify(row, change.after);
        if (!areEqual(change.before, change.after)) record.changes.push_back(std::move(change));
    }
    auto changed = record.changes.empty() ? std::nullopt : std::optional(std::move(record));
    m_state->sendOrAnswer(m_state, m_project->database(), std::move(lock), std::move(changed), action, done);
}

void Journal::undo(Acknowledgement done)
{
    std::unique_lock lock(m_state->postMutex);
    m_state->sendOrAnswer(m_state, m_project->database(), std::move(lock), m_state->expected.undo(),
                          JournalAction::Undo, done);
}

void Journal::redo(Acknowledgement done)
{
    std::unique_lock lock(m_state->postMutex);
    m_state->sendOrAnswer(m_state, m_project->database(), std::move(lock), m_state->expected.redo(),
                          JournalAction::Redo, done);
}

Result<JournalRecord> Journal::apply(JournalAction action, const std::vector<std::uint32_t>& rows, const Modify& modify)
{
    // Shared, because the promise is still in use for a moment after its value has been taken.
    const auto answer = std::make_shared<std::promise<Result<JournalRecord>>>();
    auto result = answer->get_future();
    post(action, rows, modify, [answer](const Result<JournalRecord>& record) { answer->set_value(record); });
    return result.get();
}

JournalView Journal::view() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->durable.view();
}

std::optional<JournalRecord> Journal::undoable() const
{
    return m_state->latestOf(&JournalReplay::undoable);
}

std::optional<JournalRecord> Journal::redoable() const
{
    return m_state->latestOf(&JournalReplay::redoable);
}

std::vector<JournalRecord> Journal::latest(std::size_t count) const
{
    std::vector<std::shared_ptr<const JournalRecord>> shared;
    {
        const std::lock_guard lock(m_state->mutex);
        const auto& records = m_state->durable.records;
        shared.assign(records.rbegin(),
                      records.rbegin() + static_cast<std::ptrdiff_t>(std::min(count, records.size())));
    }
    std::vector<JournalRecord> latest;
    for (const auto& record : shared) latest.push_back(*record);
    return latest;
}

}  // namespace preflab
