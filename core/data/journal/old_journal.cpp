// SPDX-License-Identifier: GPL-3.0-or-later
// Reading old_journal, finding its rows, and storing its records anew.
#include "core/data/journal/old_journal.h"

#include "core/data/journal/old_numbering.h"
#include "core/data/journal/row_attachment.h"

#include <algorithm>
#include <limits>
#include <map>
#include <span>
#include <unordered_map>
#include <utility>

namespace preflab {
namespace {

tl::expected<OldRecord::Change, std::string> oldChange(const Json& entry)
{
    const bool isWhole = entry.is_object() && entry.contains("before") && entry.contains("after") &&
                         entry.value("row", Json()).is_number_unsigned();
    if (!isWhole || entry.at("row").get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max())
        return tl::unexpected(std::string("a change has no row, before or after"));
    OldRecord::Change change;
    change.row = entry.at("row").get<std::uint32_t>();
    TRY(change.before, changed(RowState(), entry.at("before")));
    TRY(change.after, changed(RowState(), entry.at("after")));
    return change;
}

/// Keys of the rows that records name, by their old number.
using OldKeys = std::unordered_map<std::uint32_t, RowKey>;

Result<OldKeys> keysOf(const std::vector<OldRecord>& records, const std::filesystem::path& rowFile)
{
    OldKeys keys;
    for (const OldRecord& record : records)
        for (const auto& change : record.old) keys.emplace(change.row, RowKey());
    std::unordered_map<Hash128, std::uint32_t, Hash128Hasher> occurrences;
    OldKeys found;
    TRY_VOID(visitOldRows(rowFile, [&](std::uint32_t row, const RecordValue& value) {
        const Hash128 record = recordHash(value);
        const std::uint32_t occurrence = occurrences[record]++;
        if (keys.contains(row)) found.emplace(row, RowKey{record, occurrence, 0});
    }));
    return found;
}

/// A swap was stored as two exchanged texts.
void normalise(RowState& state, const Row& source)
{
    if (!state.edited || !areEqual(*state.edited, swapped(source))) return;
    state.edited.reset();
    state.isSwapped = true;
}

/// The rows as they are read today, which know their texts.
class Sources {
public:
    Sources(OldKeys& keys, const Dataset& data) : m_data(data)
    {
        std::vector<RowKey> list;
        std::vector<std::uint32_t> numbers;
        for (const auto& [number, key] : keys) {
            numbers.push_back(number);
            list.push_back(key);
        }
        const auto rows = attachKeys(list, *data.identities).rows;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (!rows[i]) continue;
            m_rows.emplace(numbers[i], *rows[i]);
            keys[numbers[i]].texts = data.identities->texts(*rows[i]);
        }
    }

    Result<> normalise(OldRecord::Change& change) const
    {
        const auto row = m_rows.find(change.row);
        if (row == m_rows.end() || (!change.before.edited && !change.after.edited)) return {};
        TRY(const Row source, m_data.rows->row(row->second));
        preflab::normalise(change.before, source);
        preflab::normalise(change.after, source);
        return {};
    }

private:
    const Dataset& m_data;
    std::unordered_map<std::uint32_t, std::uint32_t> m_rows;  ///< old number -> row
};

std::vector<std::string> listsOf(const StoredRecord& record)
{
    ChangeLists lists;
    for (const StoredChange& change : record.stored)
        lists.add(change.key, change.set.is_null() ? nullptr : &change.set);
    return lists.take();
}

/// In two steps, because no two records of a dataset may have one number at any moment.
void renumber(Connection& connection, std::int64_t dataset, const std::vector<StoredRecord>& records)
{
    for (const StoredRecord& record : records) {
        Statement update = connection.prepare("UPDATE journal SET number = ?, of = ? WHERE position = ?");
        update.bind(-record.number).bind(record.of).bind(record.position).step();
    }
    Statement flip = connection.prepare("UPDATE journal SET number = -number WHERE dataset = ? AND number < 0");
    flip.bind(dataset).step();
}

}  // namespace

std::int64_t waitingRecords(Connection& connection)
{
    Statement count = connection.prepare("SELECT count(*) FROM old_journal");
    return count.step() ? count.integer(0) : 0;
}

Result<std::vector<OldRecord>> readOldRecords(Connection& connection, const std::filesystem::path& file,
                                              const std::string& contentHash)
{
    Statement select = connection.prepare(
        "SELECT position, number, time, action, of, changes, parts FROM old_journal WHERE source = ? ORDER BY number");
    select.bind(contentHash);
    Statement selectParts =
        connection.prepare("SELECT changes FROM old_journal_parts WHERE position = ? ORDER BY part");
    std::vector<OldRecord> records;
    while (select.step()) {
        OldRecord record;
        record.position = select.integer(0);
        record.number = select.integer(1);
        record.time = select.text(2);
        const auto action = journalActionFrom(select.text(3));
        if (!action) return unreadableRecord(file, record.position, "its action is unknown");
        record.action = *action;
        record.of = select.integer(4);
        const auto read = visitChanges(record.position, select.text(5), select.integer(6), selectParts,
                                       [&record](const Json& entry) -> tl::expected<void, std::string> {
                                           TRY(auto change, oldChange(entry));
                                           record.old.push_back(std::move(change));
                                           return {};
                                       });
        if (!read) return unreadableRecord(file, record.position, read.error());
        records.push_back(std::move(record));
    }
    return records;
}

Result<std::vector<StoredRecord>> translated(const std::vector<OldRecord>& records, const Dataset& data,
                                             const std::filesystem::path& file)
{
    TRY(OldKeys keys, keysOf(records, data.rowFile));
    const Sources sources(keys, data);
    std::vector<StoredRecord> result;
    for (const OldRecord& old : records) {
        StoredRecord record;
        static_cast<JournalRecord&>(record) = old;
        const bool isDerived = old.action == JournalAction::Undo || old.action == JournalAction::Redo;
        for (OldRecord::Change change : old.old) {
            const auto key = keys.find(change.row);
            if (key == keys.end())
                return unreadableRecord(file, old.position,
                                        "it names row " + std::to_string(change.row + 1ULL) +
                                            ", which the file never had");
            TRY_VOID(sources.normalise(change));
            record.stored.push_back({key->second, isDerived ? Json() : changeJson(change.before, change.after)});
        }
        result.push_back(std::move(record));
    }
    return result;
}

void numberTogether(std::vector<StoredRecord>& known, std::vector<StoredRecord>& joining)
{
    std::map<std::int64_t, StoredRecord*> inOrder;
    for (auto* records : {&known, &joining})
        for (StoredRecord& record : *records) inOrder.emplace(record.position, &record);
    std::map<const StoredRecord*, std::int64_t> numbers;
    for (const auto& [position, record] : inOrder)
        numbers.emplace(record, static_cast<std::int64_t>(numbers.size()) + 1);
    for (auto* records : {&known, &joining}) {
        std::map<std::int64_t, std::int64_t> moved;
        for (const StoredRecord& record : *records) moved.emplace(record.number, numbers.at(&record));
        for (StoredRecord& record : *records) {
            record.number = moved.at(record.number);
            if (moved.contains(record.of)) record.of = moved.at(record.of);
        }
    }
}

Result<> storeTranslated(Connection& connection, const std::filesystem::path& file, std::int64_t dataset,
                         const std::string& contentHash, std::vector<StoredRecord> records)
{
    std::vector<StoredRecord> known;
    const auto keep = [&known](StoredRecord record) -> tl::expected<void, std::string> {
        record.stored.clear();
        known.push_back(std::move(record));
        return {};
    };
    TRY_VOID(readRecords(connection, file, dataset, std::numeric_limits<std::int64_t>::max(), keep));
    numberTogether(known, records);
    renumber(connection, dataset, known);
    for (const StoredRecord& record : records) insertRecord(connection, dataset, record, listsOf(record));
    Statement parts = connection.prepare(
        "DELETE FROM old_journal_parts WHERE position IN (SELECT position FROM old_journal WHERE source = ?)");
    parts.bind(contentHash).step();
    Statement old = connection.prepare("DELETE FROM old_journal WHERE source = ?");
    old.bind(contentHash).step();
    return {};
}

}  // namespace preflab
