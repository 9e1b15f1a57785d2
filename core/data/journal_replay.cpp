// SPDX-License-Identifier: GPL-3.0-or-later
// The journal's table, and what its records mean.
#include "core/data/journal_replay.h"

#include <array>
#include <utility>

namespace preflab {
namespace {

constexpr std::array<std::string_view, 9> kActionIds{"edit", "swap", "exclude", "restore", "tag", "note", "vote", "undo", "redo"};

std::optional<JournalAction> actionOf(std::string_view id)
{
    for (std::size_t i = 0; i < kActionIds.size(); ++i)
        if (kActionIds[i] == id) return static_cast<JournalAction>(i);
    return std::nullopt;
}

Json changesJson(const std::vector<RowChange>& changes)
{
    Json list = Json::array();
    for (const RowChange& change : changes)
        list.push_back({{"row", change.row}, {"before", toJson(change.before)}, {"after", toJson(change.after)}});
    return list;
}

tl::expected<std::vector<RowChange>, std::string> changesFrom(const std::string& text)
{
    const auto json = parseJson(text);
    if (!json) return tl::unexpected(json.error().reason);
    if (!json->is_array()) return tl::unexpected(std::string("its changes are no list"));
    std::vector<RowChange> changes;
    for (const Json& entry : *json) {
        if (!entry.is_object() || !entry.contains("before") || !entry.contains("after") ||
            !entry.value("row", Json()).is_number_unsigned())
            return tl::unexpected(std::string("a change has no row, before or after"));
        auto before = rowStateFromJson(entry.at("before"));
        auto after = rowStateFromJson(entry.at("after"));
        if (!before || !after) return tl::unexpected(before ? after.error() : before.error());
        changes.push_back({entry.at("row").get<std::uint32_t>(), *std::move(before), *std::move(after)});
    }
    return changes;
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

void JournalReplay::take(JournalRecord record)
{
    for (const RowChange& change : record.changes) {
        states.set(change.row, change.after.isUntouched() ? std::nullopt : std::optional(change.after));
    }
    position = record.position;
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
    records.push_back(std::move(record));
}

std::optional<JournalRecord> JournalReplay::undo() const
{
    if (undoable.empty()) return std::nullopt;
    return reversed(records[undoable.back()], JournalAction::Undo);
}

std::optional<JournalRecord> JournalReplay::redo() const
{
    if (redoable.empty()) return std::nullopt;
    return reversed(records[redoable.back()], JournalAction::Redo);
}

Result<JournalReplay> replayJournal(Connection& connection, const std::filesystem::path& file,
                                    const std::string& contentHash)
{
    Statement select = connection.prepare(
        "SELECT position, number, time, action, of, changes FROM journal WHERE source = ? ORDER BY number");
    select.bind(contentHash);
    JournalReplay replay;
    while (select.step()) {
        JournalRecord record;
        record.position = select.integer(0);
        record.number = select.integer(1);
        record.time = select.text(2);
        const auto action = actionOf(select.text(3));
        record.of = select.integer(4);
        auto changes = changesFrom(select.text(5));
        if (!action || !changes) {
            return fail(ErrorCode::ProjectInvalid,
                        {{"path", file.string()},
                         {"reason", "record " + std::to_string(record.position) + " of the journal cannot be read: " +
                                        (changes ? "its action is unknown" : changes.error())}});
        }
        record.action = *action;
        record.changes = *std::move(changes);
        replay.take(std::move(record));
    }
    return replay;
}

std::int64_t insertRecord(Connection& connection, const std::string& contentHash, const JournalRecord& record)
{
    Statement insert = connection.prepare(
        "INSERT INTO journal (source, number, time, action, of, changes) VALUES (?, ?, ?, ?, ?, ?)");
    insert.bind(contentHash).bind(record.number).bind(record.time).bind(journalActionId(record.action));
    insert.bind(record.of).bind(changesJson(record.changes).dump());
    insert.step();
    return connection.lastInsertId();
}

}  // namespace preflab
