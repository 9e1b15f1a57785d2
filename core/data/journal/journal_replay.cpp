// SPDX-License-Identifier: GPL-3.0-or-later
// What records mean.
#include "core/data/journal/journal_replay.h"

#include "core/data/journal/row_attachment.h"

#include <algorithm>
#include <utility>

namespace preflab {
namespace {

const RowState kUntouched;

const RowState& stateOf(const SharedState& state)
{
    return state ? *state : kUntouched;
}

bool isDataChanged(const RowChange& change)
{
    const RowState& before = stateOf(change.before);
    const RowState& after = stateOf(change.after);
    return !haveEqualTexts(before, after) || before.isExcluded != after.isExcluded;
}

bool isDerived(JournalAction action)
{
    return action == JournalAction::Undo || action == JournalAction::Redo;
}

/// The number of the edit that a record is, or is of.
std::int64_t editOf(const JournalRecord& record)
{
    return isDerived(record.action) ? record.of : record.number;
}

JournalRecord reversed(const JournalRecord& record, JournalAction action)
{
    JournalRecord back;
    back.action = action;
    back.of = editOf(record);
    back.changes = record.changes;
    for (RowChange& change : back.changes) std::swap(change.before, change.after);
    return back;
}

/// Takes the entry of an edit off a stack, wherever it lies.
void removeEdit(std::vector<std::size_t>& stack, std::int64_t edit,
                const std::vector<std::shared_ptr<const JournalRecord>>& records)
{
    const auto found =
        std::find_if(stack.rbegin(), stack.rend(), [&](std::size_t index) { return editOf(*records[index]) == edit; });
    if (found != stack.rend()) stack.erase(std::next(found).base());
}

}  // namespace

RowStates JournalReplay::statesAfter(const JournalRecord& record) const
{
    std::vector<std::pair<std::uint32_t, SharedState>> values;
    values.reserve(record.changes.size());
    for (const RowChange& change : record.changes) values.emplace_back(change.row, change.after);
    RowStates after = states;
    after.setAll(values);
    return after;
}

void JournalReplay::take(JournalRecord record, RowStates after)
{
    states = std::move(after);
    position = record.position;
    if (std::any_of(record.changes.begin(), record.changes.end(), isDataChanged)) dataPosition = record.position;
    if (record.action == JournalAction::Undo)
        removeEdit(undoable, record.of, records);
    else if (record.action == JournalAction::Redo)
        removeEdit(redoable, record.of, records);
    else
        redoable.clear();
    // Where no row of the file is concerned, there is nothing to reverse.
    auto& stack = record.action == JournalAction::Undo ? redoable : undoable;
    if (!record.changes.empty()) stack.push_back(records.size());
    records.push_back(std::make_shared<const JournalRecord>(std::move(record)));
}

std::optional<JournalRecord> JournalReplay::undo() const
{
    if (undoable.empty()) return std::nullopt;
    return reversed(*records[undoable.back()], JournalAction::Undo);
}

std::optional<JournalRecord> JournalReplay::redo() const
{
    if (redoable.empty()) return std::nullopt;
    return reversed(*records[redoable.back()], JournalAction::Redo);
}

std::shared_ptr<const JournalRecord> JournalReplay::nextUndo() const
{
    return undoable.empty() ? nullptr : records[static_cast<std::size_t>(editOf(*records[undoable.back()])) - 1];
}

std::shared_ptr<const JournalRecord> JournalReplay::nextRedo() const
{
    return redoable.empty() ? nullptr : records[static_cast<std::size_t>(editOf(*records[redoable.back()])) - 1];
}

/// A record that is read by other columns has other texts, and what was said of them is not said of these. Records of older
/// versions may not know their texts yet; the first that does speaks of the same row.
std::uint32_t KeyReplay::slotOf(const RowKey& key)
{
    RowKey unknown = key;
    unknown.texts = 0;
    if (const auto older = m_slots.find(unknown); key.texts != 0 && older != m_slots.end() && !m_slots.contains(key)) {
        auto entry = m_slots.extract(older);
        entry.key() = key;
        m_keys[entry.mapped()] = key;
        m_slots.insert(std::move(entry));
    }
    const auto [found, isNew] = m_slots.emplace(key, static_cast<std::uint32_t>(m_keys.size()));
    if (isNew) {
        m_keys.push_back(key);
        m_states.emplace_back();
    }
    if (key.areTextsShared) m_keys[found->second].areTextsShared = true;
    return found->second;
}

/// The changes of an undo or redo, which says whose rows it concerns.
tl::expected<void, std::string> KeyReplay::derive(const StoredRecord& stored, JournalRecord& record)
{
    const bool isUndo = record.action == JournalAction::Undo;
    const auto index = static_cast<std::size_t>(record.of) - 1;
    if (record.of < 1 || index >= m_records.size() || isDerived(m_records[index].action) || m_isUndone[index] == isUndo)
        return tl::unexpected(std::string("a record before it is missing"));
    m_isUndone[index] = isUndo;
    std::unordered_map<std::uint32_t, const RowChange*> edits;
    for (const RowChange& change : m_records[index].changes) edits.emplace(change.row, &change);
    for (const StoredChange& change : stored.stored) {
        const std::uint32_t slot = slotOf(change.key);
        const auto edit = edits.find(slot);
        if (edit == edits.end())
            return tl::unexpected("it names a row that record " + std::to_string(record.of) + " does not name");
        record.changes.push_back({slot, m_states[slot], isUndo ? edit->second->before : edit->second->after});
    }
    return {};
}

tl::expected<void, std::string> KeyReplay::take(StoredRecord stored)
{
    JournalRecord record = std::move(static_cast<JournalRecord&>(stored));
    if (record.number != static_cast<std::int64_t>(m_records.size()) + 1)
        return tl::unexpected(std::string("a record before it is missing"));
    if (isDerived(record.action)) {
        TRY_VOID(derive(stored, record));
    } else {
        for (const StoredChange& change : stored.stored) {
            const std::uint32_t slot = slotOf(change.key);
            TRY(RowState after, changed(stateOf(m_states[slot]), change.set));
            SharedState shared = after.isUntouched() ? nullptr : std::make_shared<const RowState>(std::move(after));
            record.changes.push_back({slot, m_states[slot], std::move(shared)});
        }
    }
    for (const RowChange& change : record.changes) m_states[change.row] = change.after;
    m_records.push_back(std::move(record));
    m_isUndone.push_back(false);
    return {};
}

KeyReplay::Presence KeyReplay::presenceIn(const RowIdentities& rows) const
{
    const std::vector<std::optional<std::uint32_t>> rowOf = attachKeys(m_keys, rows).rows;
    Presence presence;
    for (std::size_t slot = 0; slot < m_keys.size(); ++slot) {
        if (!m_states[slot]) continue;
        ++presence.changedRows;
        if (rowOf[slot]) ++presence.presentRows;
    }
    return presence;
}

KeyReplay::OfRows KeyReplay::ofRows(const RowIdentities& rows) &&
{
    OfRows result;
    const auto [rowOf, areOfOtherColumns] = attachKeys(m_keys, rows);
    std::vector<std::pair<std::uint32_t, SharedState>> states;
    for (std::size_t slot = 0; slot < m_keys.size(); ++slot) {
        if (!rowOf[slot]) {
            if (m_states[slot]) ++(areOfOtherColumns[slot] ? result.otherColumnsRows : result.absentRows);
            continue;
        }
        result.keys.emplace(*rowOf[slot], m_keys[slot]);
        states.emplace_back(*rowOf[slot], m_states[slot]);
    }
    RowStates last;
    last.setAll(states);
    for (JournalRecord& record : m_records) {
        std::vector<RowChange> present;
        for (RowChange& change : record.changes) {
            if (!rowOf[change.row]) continue;
            change.row = *rowOf[change.row];
            present.push_back(std::move(change));
        }
        record.changes = std::move(present);
        result.replay.take(std::move(record), last);
    }
    return result;
}

}  // namespace preflab
