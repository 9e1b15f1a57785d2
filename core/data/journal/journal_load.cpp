// SPDX-License-Identifier: GPL-3.0-or-later
// Loading a journal: old records first, because what they say comes first.
#include "core/data/journal/journal_load.h"

#include "core/base/database.h"
#include "core/data/journal/old_journal.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace preflab {
namespace {

/// What the steps of loading share.
struct Loading {
    Project& project;
    const Dataset& data;
    std::int64_t chosen;  ///< by the user; 0: to be found
    std::filesystem::path database;
    std::string path;
    DatasetFile file() const { return {path, data.contentHash, *data.identities}; }
    std::int64_t find(Connection& connection) const { return chosen != 0 ? chosen : findDataset(connection, file()); }
};

/// Records that would not replay must not be stored as if they did.
Result<> checkReplay(const std::vector<StoredRecord>& records, const std::filesystem::path& file)
{
    KeyReplay replay;
    for (const StoredRecord& record : records) {
        const auto taken = replay.take(record);
        if (!taken) return unreadableRecord(file, record.position, taken.error());
    }
    return {};
}

/// Old records of the file's content, if they could not be stored anew; usually none.
Result<std::vector<StoredRecord>> translateOld(const Loading& job)
{
    std::vector<OldRecord> old;
    TRY_VOID(job.project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        TRY(old, readOldRecords(connection, job.database, job.data.contentHash));
        return {};
    }));
    if (old.empty()) return std::vector<StoredRecord>();
    TRY(auto records, translated(old, job.data, job.database));
    TRY_VOID(checkReplay(records, job.database));
    const auto stored = job.project.database().call(Durability::Full, [&](Connection& connection) -> Result<> {
        std::int64_t dataset = job.find(connection);
        if (dataset == 0) dataset = addDataset(connection);
        noteFile(connection, job.file(), dataset);
        return storeTranslated(connection, job.database, dataset, job.data.contentHash, records);
    });
    if (stored) return std::vector<StoredRecord>();
    if (stored.error().code != ErrorCode::ProjectReadOnly) return tl::unexpected(stored.error());
    return records;
}

Result<KeyReplay> replayOf(Connection& connection, const Loading& job, std::int64_t dataset, std::int64_t position,
                           std::vector<StoredRecord> unstored)
{
    KeyReplay replay;
    if (unstored.empty()) {
        const auto take = [&replay](StoredRecord record) { return replay.take(std::move(record)); };
        TRY_VOID(readRecords(connection, job.database, dataset, position, take));
        return replay;
    }
    std::vector<StoredRecord> known;
    const auto keep = [&known](StoredRecord record) -> tl::expected<void, std::string> {
        known.push_back(std::move(record));
        return {};
    };
    TRY_VOID(readRecords(connection, job.database, dataset, kWholeJournal, keep));
    numberTogether(known, unstored);
    std::move(unstored.begin(), unstored.end(), std::back_inserter(known));
    std::ranges::sort(known, {}, &StoredRecord::number);
    for (StoredRecord& record : known) {
        const std::int64_t at = record.position;
        if (at > position) break;
        const auto taken = replay.take(std::move(record));
        if (!taken) return unreadableRecord(job.database, at, taken.error());
    }
    return replay;
}

/// How many rows a dataset has changes of, and how many of these are in the file.
Result<SimilarDataset> comparedWith(Connection& connection, const Loading& job, std::int64_t dataset)
{
    TRY(const KeyReplay replay, replayOf(connection, job, dataset, kWholeJournal, {}));
    const KeyReplay::Presence presence = replay.presenceIn(*job.data.identities);
    return SimilarDataset{dataset, job.project.sourcePath(lastPath(connection, dataset)), job.project.folder(),
                          presence.changedRows, presence.presentRows};
}

/// The dataset other than `dataset` of whose changed rows the file has most, and at least half. A journal that cannot be
/// read is passed over: it is another dataset's.
std::optional<SimilarDataset> similarOf(Connection& connection, const Loading& job, std::int64_t dataset)
{
    if (job.chosen != 0 || (dataset != 0 && isLikeDataset(connection, job.file(), dataset))) return std::nullopt;
    std::optional<SimilarDataset> best;
    for (const std::int64_t other : changedDatasets(connection)) {
        if (other == dataset) continue;
        const auto compared = comparedWith(connection, job, other);
        const bool isLike = compared && compared->presentRows > 0 && 2 * compared->presentRows >= compared->changedRows;
        if (isLike && (!best || compared->presentRows > best->presentRows)) best = *compared;
    }
    return best;
}

}  // namespace

JournalView LoadedJournal::view() const
{
    JournalView view;
    view.states = ofRows.replay.states;
    view.position = ofRows.replay.position;
    view.dataPosition = ofRows.replay.dataPosition;
    view.absentRows = ofRows.absentRows;
    view.otherColumnsRows = ofRows.otherColumnsRows;
    view.waitingRecords = waitingRecords;
    view.similar = similar;
    return view;
}

Result<LoadedJournal> loadJournal(Project& project, const Dataset& data, std::int64_t position, std::int64_t dataset)
{
    const Loading job{project, data, dataset, project.folder() / "project.db", project.storedPath(data.path)};
    TRY(std::vector<StoredRecord> unstored, translateOld(job));
    LoadedJournal loaded;
    KeyReplay replay;
    TRY_VOID(project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        loaded.dataset = job.find(connection);
        const bool isKnown = loaded.dataset != 0 || !unstored.empty();
        if (!isKnown) loaded.waitingRecords = static_cast<std::uint64_t>(waitingRecords(connection));
        loaded.similar = similarOf(connection, job, loaded.dataset);
        TRY(replay, replayOf(connection, job, loaded.dataset, position, std::move(unstored)));
        return {};
    }));
    loaded.ofRows = std::move(replay).ofRows(*data.identities);
    return loaded;
}

Result<> noteVersion(Project& project, const Dataset& data, std::int64_t dataset)
{
    if (dataset == 0) return {};
    const std::string path = project.storedPath(data.path);
    const DatasetFile file{path, data.contentHash, *data.identities};
    const auto noted = project.database().call(Durability::Full, [&](Connection& connection) -> Result<> {
        if (!isNoted(connection, file, dataset)) noteFile(connection, file, dataset);
        return {};
    });
    // Who can only read notes nothing.
    if (!noted && noted.error().code != ErrorCode::ProjectReadOnly) return noted;
    return {};
}

}  // namespace preflab
