// SPDX-License-Identifier: GPL-3.0-or-later
// A change is {"row": "<hash of its record>", "part": <if not 0>, "n": <occurrence, if not 0>, "texts": "<hash>",
// "shared": <true where another record had these texts>, "set": {...}}.
#include "core/data/journal/journal_table.h"

#include <array>
#include <cstddef>
#include <limits>
#include <utility>

namespace preflab {
namespace {

constexpr std::array<std::string_view, 10> kActionIds{"edit", "swap", "exclude", "restore", "tag",
                                                      "note", "vote", "undo",    "redo",    "accept"};

/// SQLite takes no value beyond 256 MiB here (core/base/database_file.cpp). A list ends with the change that brings it to
/// this size.
constexpr std::size_t kListBytes = std::size_t{16} << 20;

/// Where the 16 digits of a 64-bit hash begin in those of 128 bits.
constexpr std::size_t kLowDigits = 16;

tl::expected<RowKey, std::string> keyFrom(const Json& change)
{
    const auto text = [&change](const char* name) { return change.value(name, std::string()); };
    const auto record = hash128From(text("row"));
    const auto texts = hash128From(std::string(kLowDigits, '0') + text("texts"));
    const auto isNumber = [](const std::optional<std::int64_t>& value) {
        return value && *value >= 0 && *value <= std::numeric_limits<std::uint32_t>::max();
    };
    const auto occurrence = wholeNumber(change.value("n", Json(0)));
    const auto part = wholeNumber(change.value("part", Json(0)));
    if (!record || !texts || !isNumber(occurrence) || !isNumber(part))
        return tl::unexpected(std::string("a change names no row"));
    return RowKey{*record, static_cast<std::uint32_t>(*occurrence), texts->low, static_cast<std::uint32_t>(*part),
                  change.value("shared", false)};
}

tl::expected<StoredChange, std::string> changeFrom(const Json& json)
{
    try {
        if (!json.is_object()) return tl::unexpected(std::string("a change is no object"));
        TRY(const RowKey key, keyFrom(json));
        return StoredChange{key, json.value("set", Json())};
    } catch (const nlohmann::json::exception& fault) {
        return tl::unexpected(std::string(fault.what()));
    }
}

}  // namespace

std::string_view journalActionId(JournalAction action)
{
    return kActionIds[static_cast<std::size_t>(action)];
}

std::optional<JournalAction> journalActionFrom(std::string_view id)
{
    for (std::size_t i = 0; i < kActionIds.size(); ++i)
        if (kActionIds[i] == id) return static_cast<JournalAction>(i);
    return std::nullopt;
}

void ChangeLists::add(const RowKey& key, const Json* set)
{
    Json change{{"row", hexOf(key.record)}};
    if (key.part > 0) change["part"] = key.part;
    if (key.occurrence > 0) change["n"] = key.occurrence;
    change["texts"] = hexOf({0, key.texts}).substr(kLowDigits);
    if (key.areTextsShared) change["shared"] = true;
    if (set != nullptr) change["set"] = *set;
    if (m_lists.back().size() > kListBytes) m_lists.emplace_back("[");
    m_lists.back() += (m_lists.back().size() > 1 ? "," : "") + change.dump();
}

std::vector<std::string> ChangeLists::take()
{
    for (std::string& list : m_lists) list += ']';
    return std::exchange(m_lists, {"["});
}

std::vector<std::string> listsOf(const JournalRecord& record, std::span<const RowKey> keys)
{
    const bool isDerived = record.action == JournalAction::Undo || record.action == JournalAction::Redo;
    const RowState untouched;
    ChangeLists lists;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (isDerived) {
            lists.add(keys[i], nullptr);
            continue;
        }
        const RowChange& change = record.changes[i];
        const Json set =
            changeJson(change.before ? *change.before : untouched, change.after ? *change.after : untouched);
        lists.add(keys[i], &set);
    }
    return lists.take();
}

tl::expected<void, std::string> visitChanges(std::int64_t position, const std::string& first, std::int64_t more,
                                             Statement& selectParts,
                                             const std::function<tl::expected<void, std::string>(const Json&)>& take)
{
    const auto visitList = [&take](const std::string& text) -> tl::expected<void, std::string> {
        const auto json = parseJson(text);
        if (!json) return tl::unexpected(json.error().reason);
        if (!json->is_array()) return tl::unexpected(std::string("its changes are no list"));
        for (const Json& change : *json) TRY_VOID(take(change));
        return {};
    };
    TRY_VOID(visitList(first));
    if (more == 0) return {};
    selectParts.reset();
    selectParts.bind(position);
    std::int64_t found = 0;
    for (; selectParts.step(); ++found) TRY_VOID(visitList(selectParts.text(0)));
    if (found != more) return tl::unexpected(std::string("a part of it is missing"));
    return {};
}

tl::unexpected<Error> unreadableRecord(const std::filesystem::path& file, std::int64_t position,
                                       const std::string& reason)
{
    return fail(ErrorCode::ProjectInvalid,
                {{"path", file.string()},
                 {"reason", "record " + std::to_string(position) + " of the journal cannot be read: " + reason}});
}

Result<> readRecords(Connection& connection, const std::filesystem::path& file, std::int64_t dataset,
                     std::int64_t position, const RecordTaker& take)
{
    Statement select = connection.prepare(
        "SELECT position, number, time, action, of, changes, parts FROM journal WHERE dataset = ? AND position <= ? "
        "ORDER BY number");
    select.bind(dataset).bind(position);
    Statement selectParts = connection.prepare("SELECT changes FROM journal_parts WHERE position = ? ORDER BY part");
    while (select.step()) {
        StoredRecord record;
        record.position = select.integer(0);
        const std::int64_t at = record.position;
        record.number = select.integer(1);
        record.time = select.text(2);
        const auto action = journalActionFrom(select.text(3));
        if (!action) return unreadableRecord(file, at, "its action is unknown");
        record.action = *action;
        record.of = select.integer(4);
        const auto addChange = [&record](const Json& json) -> tl::expected<void, std::string> {
            TRY(StoredChange change, changeFrom(json));
            record.stored.push_back(std::move(change));
            return {};
        };
        const auto read = visitChanges(at, select.text(5), select.integer(6), selectParts, addChange);
        if (!read) return unreadableRecord(file, at, read.error());
        const auto taken = take(std::move(record));
        if (!taken) return unreadableRecord(file, at, taken.error());
    }
    return {};
}

std::int64_t insertRecord(Connection& connection, std::int64_t dataset, const JournalRecord& record,
                          const std::vector<std::string>& lists)
{
    Statement insert =
        connection.prepare("INSERT INTO journal (position, dataset, number, time, action, of, changes, parts) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    if (record.position > 0)
        insert.bind(record.position);
    else
        insert.bindNull();
    insert.bind(dataset).bind(record.number).bind(record.time).bind(journalActionId(record.action)).bind(record.of);
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
