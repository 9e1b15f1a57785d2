// SPDX-License-Identifier: GPL-3.0-or-later
// The journal's table, and what its records mean.
#include "core/data/journal/journal_replay.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

namespace preflab {
namespace {

constexpr std::array<std::string_view, 10> kActionIds{"edit", "swap", "exclude", "restore", "tag",
                                                      "note", "vote", "undo",    "redo",    "accept"};

std::optional<JournalAction> actionOf(std::string_view id)
{
    for (std::size_t i = 0; i < kActionIds.size(); ++i)
        if (kActionIds[i] == id) return static_cast<JournalAction>(i);
    return std::nullopt;
}

/// SQLite takes no value beyond 256 MiB here (core/base/database_file.cpp), and a swap of many rows holds all their
/// texts. A list ends with the change that brings it to this size.
constexpr std::size_t kListBytes = std::size_t{16} << 20;

Json changeJson(const RowChange& change)
{
    return {{"row", change.row}, {"before", toJson(change.before)}, {"after", toJson(change.after)}};
}

/// The changes as JSON, in lists that follow each other; at least one.
std::vector<std::string> changeLists(const std::vector<RowChange>& changes)
{
    std::vector<std::string> lists{"["};
    for (const RowChange& change : changes) {
        if (lists.back().size() > kListBytes) lists.emplace_back("[");
        lists.back() += (lists.back().size() > 1 ? "," : "") + changeJson(change).dump();
    }
    for (std::string& list : lists) list += ']';
    return lists;
}

/// Adds the changes of one list; the error is the reason why it cannot be read.
tl::expected<void, std::string> addChanges(const std::string& text, std::vector<RowChange>& changes)
{
    const auto json = parseJson(text);
    if (!json) return tl::unexpected(json.error().reason);
    if (!json->is_array()) return tl::unexpected(std::string("its changes are no list"));
    for (const Json& entry : *json) {
        if (!entry.is_object() || !entry.contains("before") || !entry.contains("after") ||
            !entry.value("row", Json()).is_number_unsigned() ||
            entry.at("row").get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max())
            return tl::unexpected(std::string("a change has no row, before or after"));
        auto before = rowStateFromJson(entry.at("before"));
        auto after = rowStateFromJson(entry.at("after"));
        if (!before || !after) return tl::unexpected(before ? after.error() : before.error());
        changes.push_back({entry.at("row").get<std::uint32_t>(), *std::move(before), *std::move(after)});
    }
    return {};
}

/// All changes of the record at `position`, of which `first` is the first list and `more` the number of others.
tl::expected<std::vector<RowChange>, std::string> changesOf(std::int64_t position, const std::string& first,
                                                            std::int64_t more, Statement& selectParts)
{
    std::vector<RowChange> changes;
    TRY_VOID(addChanges(first, changes));
    if (more == 0) return changes;
    selectParts.reset();
    selectParts.bind(position);
    std::int64_t found = 0;
    for (; selectParts.step(); ++found) TRY_VOID(addChanges(selectParts.text(0), changes));
    if (found != more) return tl::unexpected(std::string("a part of it is missing"));
    return changes;
}

bool isDataChanged(const RowChange& change)
{
    const std::optional<Row>& before = change.before.edited;
    const std::optional<Row>& after = change.after.edited;
    const bool areSameTexts = before && after ? areEqual(*before, *after) : !before && !after;
    return !areSameTexts || change.before.isExcluded != change.after.isExcluded;
}

/// The ProjectInvalid that names the record.
tl::unexpected<Error> unreadableRecord(const std::filesystem::path& file, std::int64_t position,
                                       const std::string& reason)
{
    return fail(ErrorCode::ProjectInvalid,
                {{"path", file.string()},
                 {"reason", "record " + std::to_string(position) + " of the journal cannot be read: " + reason}});
}

JournalRecord reversed(const JournalRecord& record, JournalAction action)
{
    JournalRecord back;
    back.action = action;
    back.of = record.number;
    back.changes = record.changes;
    if (action == JournalAction::Undo)
        for (RowChange& change : back.changes) std::swap(change.before, change.after);
    return back;
}

}  // namespace

std::string_view journalActionId(JournalAction action)
{
    return kActionIds[static_cast<std::size_t>(action)];
}

RowStates JournalReplay::statesAfter(const JournalRecord& record) const
{
    std::vector<std::pair<std::uint32_t, std::optional<RowState>>> values;
    values.reserve(record.changes.size());
    for (const RowChange& change : record.changes)
        values.emplace_back(change.row, change.after.isUntouched() ? std::nullopt : std::optional(change.after));
    RowStates after = states;
    after.setAll(std::move(values));
    return after;
}

void JournalReplay::take(JournalRecord record, RowStates after)
{
    states = std::move(after);
    position = record.position;
    if (std::any_of(record.changes.begin(), record.changes.end(), isDataChanged)) dataPosition = record.position;
    if (record.action == JournalAction::Undo) {
        if (!undoable.empty()) {
            redoable.push_back(undoable.back());
            undoable.pop_back();
        }
    } else if (record.action == JournalAction::Redo) {
        if (!redoable.empty()) {
            undoable.push_back(redoable.back());
            redoable.pop_back();
        }
    } else {
        undoable.push_back(records.size());
        redoable.clear();
    }
    records.push_back(std::make_shared<const JournalRecord>(std::move(record)));
}

bool JournalReplay::canTake(const JournalRecord& record) const
{
    if (record.number != static_cast<std::int64_t>(records.size()) + 1) return false;
    if (record.action != JournalAction::Undo && record.action != JournalAction::Redo) return true;
    const auto& stack = record.action == JournalAction::Undo ? undoable : redoable;
    return !stack.empty() && records[stack.back()]->number == record.of;
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

Result<JournalReplay> replayJournal(Connection& connection, const std::filesystem::path& file,
                                    const std::string& contentHash, std::uint32_t rowCount, std::int64_t position)
{
    Statement select = connection.prepare(
        "SELECT position, number, time, action, of, changes, parts FROM journal WHERE source = ? AND position <= ? "
        "ORDER BY number");
    select.bind(contentHash).bind(position);
    Statement selectParts = connection.prepare("SELECT changes FROM journal_parts WHERE position = ? ORDER BY part");
    JournalReplay replay;
    while (select.step()) {
        JournalRecord record;
        record.position = select.integer(0);
        record.number = select.integer(1);
        record.time = select.text(2);
        const auto action = actionOf(select.text(3));
        record.of = select.integer(4);
        auto changes = changesOf(record.position, select.text(5), select.integer(6), selectParts);
        if (!changes) return unreadableRecord(file, record.position, changes.error());
        if (!action) return unreadableRecord(file, record.position, "its action is unknown");
        record.action = *action;
        record.changes = *std::move(changes);
        const auto beyond =
            std::ranges::find_if(record.changes, [&](const RowChange& change) { return change.row >= rowCount; });
        if (beyond != record.changes.end())
            return unreadableRecord(file, record.position,
                                    "it names row " + std::to_string(beyond->row + std::uint64_t{1}) + " of " +
                                        std::to_string(rowCount));
        if (!replay.canTake(record)) return unreadableRecord(file, record.position, "a record before it is missing");
        RowStates after = replay.statesAfter(record);
        replay.take(std::move(record), std::move(after));
    }
    return replay;
}

std::int64_t insertRecord(Connection& connection, const std::string& contentHash, const JournalRecord& record)
{
    const std::vector<std::string> lists = changeLists(record.changes);
    Statement insert = connection.prepare(
        "INSERT INTO journal (source, number, time, action, of, changes, parts) VALUES (?, ?, ?, ?, ?, ?, ?)");
    insert.bind(contentHash).bind(record.number).bind(record.time).bind(journalActionId(record.action)).bind(record.of);
    insert.bind(lists.front()).bind(static_cast<std::int64_t>(lists.size()) - 1);
    insert.step();
    const std::int64_t position = connection.lastInsertId();
    Statement insertPart = connection.prepare("INSERT INTO journal_parts (position, part, changes) VALUES (?, ?, ?)");
    for (std::size_t part = 1; part < lists.size(); ++part) {
        insertPart.reset();
        insertPart.bind(position).bind(static_cast<std::int64_t>(part)).bind(lists[part]);
        insertPart.step();
    }
    return position;
}

}  // namespace preflab
