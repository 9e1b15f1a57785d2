// SPDX-License-Identifier: GPL-3.0-or-later
// Two states: what is durable, for readers, and what will be once everything posted is, for the next post.
#include "core/data/journal/journal.h"

#include "core/base/database.h"
#include "core/base/system.h"
#include "core/data/journal/journal_load.h"
#include "core/data/journal/journal_replay.h"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace preflab {

struct Journal::State {
    std::string path;  ///< as the project stores it
    std::string contentHash;
    std::shared_ptr<const RowIdentities> rows;
    JournalView opened;  ///< what does not change: absent rows, waiting records

    std::int64_t dataset = 0;  ///< 0: not in the database yet; storage thread

    mutable std::mutex mutex;  ///< protects `durable`, never for long; changed on the storage thread only
    JournalReplay durable;

    std::mutex postMutex;  ///< protects everything below; taken before `mutex`
    std::condition_variable idle;
    JournalReplay expected;                          ///< `durable` and all that is posted
    std::unordered_map<std::uint32_t, RowKey> keys;  ///< of the rows that records name
    std::size_t pending = 0;
    std::optional<Error> failure;  ///< of a post that others wait behind

    std::optional<Error> failureAhead();
    std::vector<RowKey> keysOf(const std::vector<RowChange>& changes);
    void send(std::shared_ptr<State> self, Database& database, JournalRecord record, Acknowledgement done);
    void sendOrAnswer(std::shared_ptr<State> self, Database& database, std::unique_lock<std::mutex> lock,
                      std::optional<JournalRecord> record, JournalAction action, const Acknowledgement& done);
    std::int64_t store(Connection& connection, const JournalRecord& record, const std::vector<RowKey>& keys);
    void settle(const Result<>& result, JournalRecord record, bool isDatasetNew, const Acknowledgement& done);
};

Result<std::unique_ptr<Journal>> Journal::open(std::shared_ptr<Project> project, const Dataset& data,
                                               std::int64_t dataset)
{
    TRY(LoadedJournal loaded, loadJournal(*project, data, kWholeJournal, dataset));
    TRY_VOID(noteVersion(*project, data, loaded.dataset));
    auto state = std::make_shared<State>();
    state->path = project->storedPath(data.path);
    state->contentHash = data.contentHash;
    state->rows = data.identities;
    state->opened = loaded.view();
    state->opened.states = {};
    state->dataset = loaded.dataset;
    state->keys = std::move(loaded.ofRows.keys);
    state->expected = loaded.ofRows.replay;
    state->durable = std::move(loaded.ofRows.replay);
    return std::unique_ptr<Journal>(new Journal(std::move(project), std::move(state)));
}

Result<JournalView> Journal::read(Project& project, const Dataset& data, std::optional<std::int64_t> position,
                                  std::int64_t dataset)
{
    TRY(const LoadedJournal loaded, loadJournal(project, data, position.value_or(kWholeJournal), dataset));
    return loaded.view();
}

Result<std::int64_t> Journal::lastPosition(Project& project)
{
    std::int64_t position = 0;
    TRY_VOID(project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        Statement select = connection.prepare(
            "SELECT coalesce(max(position), 0) FROM (SELECT position FROM journal UNION ALL SELECT position FROM "
            "old_journal)");
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

/// The keys of changed rows: those by which records name them already, or their own. postMutex held.
std::vector<RowKey> Journal::State::keysOf(const std::vector<RowChange>& changes)
{
    std::vector<std::uint32_t> unnamed;
    for (const RowChange& change : changes)
        if (!keys.contains(change.row)) unnamed.push_back(change.row);
    const std::vector<RowKey> own = rows->keysOf(unnamed);
    for (std::size_t i = 0; i < own.size(); ++i) keys.emplace(unnamed[i], own[i]);
    std::vector<RowKey> all;
    all.reserve(changes.size());
    for (const RowChange& change : changes) all.push_back(keys.at(change.row));
    return all;
}

/// Storage thread. The first record makes its dataset known.
std::int64_t Journal::State::store(Connection& connection, const JournalRecord& record,
                                   const std::vector<RowKey>& recordKeys)
{
    const DatasetFile file{path, contentHash, *rows};
    if (dataset == 0) dataset = findDataset(connection, file);  // somebody else may have opened it meanwhile
    if (dataset == 0) {
        dataset = addDataset(connection);
        noteFile(connection, file, dataset);
    }
    return insertRecord(connection, dataset, record, listsOf(record, recordKeys));
}

/// postMutex held: what is posted first is numbered and stored first.
void Journal::State::send(std::shared_ptr<State> self, Database& database, JournalRecord record, Acknowledgement done)
{
    record.number = static_cast<std::int64_t>(expected.records.size()) + 1;
    record.time = timestampUtc();
    expected.take(record, expected.statesAfter(record));
    ++pending;
    struct Posted {
        JournalRecord record;
        std::vector<RowKey> keys;
        bool isDatasetNew = false;
    };
    auto posted = std::make_shared<Posted>();
    posted->keys = keysOf(record.changes);
    posted->record = std::move(record);
    database.post(
        Durability::Full,
        [self, posted](Connection& connection) -> Result<> {
            if (const auto ahead = self->failureAhead()) return tl::unexpected(*ahead);
            posted->isDatasetNew = self->dataset == 0;
            posted->record.position = self->store(connection, posted->record, posted->keys);
            return {};
        },
        [self, posted, done = std::move(done)](const Result<>& result) {
            self->settle(result, std::move(posted->record), posted->isDatasetNew, done);
        });
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
    JournalRecord nothing;
    nothing.action = action;
    if (done) done(nothing);
}

/// Storage thread.
void Journal::State::settle(const Result<>& result, JournalRecord record, bool isDatasetNew,
                            const Acknowledgement& done)
{
    if (!result && isDatasetNew) dataset = 0;  // taken back with the record
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
    const RowState untouched;
    for (const std::uint32_t row : rows) {
        SharedState before = m_state->expected.states.shared(row);
        RowState after = before ? *before : untouched;
        modify(row, after);
        if (areEqual(before ? *before : untouched, after)) continue;
        SharedState shared = after.isUntouched() ? nullptr : std::make_shared<const RowState>(std::move(after));
        record.changes.push_back({row, std::move(before), std::move(shared)});
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
    JournalView view = m_state->opened;
    const std::lock_guard lock(m_state->mutex);
    view.states = m_state->durable.states;
    view.position = m_state->durable.position;
    view.dataPosition = m_state->durable.dataPosition;
    return view;
}

std::optional<JournalRecord> Journal::undoable() const
{
    std::shared_ptr<const JournalRecord> record;
    {
        const std::lock_guard lock(m_state->mutex);
        record = m_state->durable.nextUndo();
    }
    return record ? std::optional(*record) : std::nullopt;
}

std::optional<JournalRecord> Journal::redoable() const
{
    std::shared_ptr<const JournalRecord> record;
    {
        const std::lock_guard lock(m_state->mutex);
        record = m_state->durable.nextRedo();
    }
    return record ? std::optional(*record) : std::nullopt;
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
