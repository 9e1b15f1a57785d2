// SPDX-License-Identifier: GPL-3.0-or-later
// Keys and rows meet in groups: first those of one part of one record, then those of the same texts.
#include "core/data/journal/row_attachment.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace preflab {
namespace {

/// Keys and rows that may belong together.
struct Group {
    std::vector<std::size_t> keys;
    std::vector<std::uint32_t> rows;  ///< ascending
};

class Attachment {
public:
    explicit Attachment(std::span<const RowKey> keys) : m_keys(keys), m_rows(keys.size()), m_otherColumns(keys.size())
    {
    }

    /// Each key of a group gets the row of its occurrence. A row that another key has is nobody else's.
    void assign(const Group& group)
    {
        for (const std::size_t key : group.keys) {
            const std::uint32_t occurrence = m_keys[key].occurrence;
            if (occurrence < group.rows.size() && m_taken.insert(group.rows[occurrence]).second)
                m_rows[key] = group.rows[occurrence];
        }
    }

    bool isFound(std::size_t key) const { return m_rows[key].has_value(); }
    void setOtherColumns(std::size_t key) { m_otherColumns[key] = true; }
    AttachedKeys result() &&
    {
        for (std::size_t key = 0; key < m_rows.size(); ++key) m_otherColumns[key] = m_otherColumns[key] && !m_rows[key];
        return {std::move(m_rows), std::move(m_otherColumns)};
    }

private:
    std::span<const RowKey> m_keys;
    std::vector<std::optional<std::uint32_t>> m_rows;
    std::vector<bool> m_otherColumns;
    std::unordered_set<std::uint32_t> m_taken;
};

RecordPart sourceOf(const RowKey& key)
{
    return {key.record, key.part};
}

RecordPart sourceOf(const RowIdentities& rows, std::uint32_t row)
{
    return {rows.record(row), rows.part(row)};
}

/// Takes the keys out of a group whose texts its rows do not have: the record was read by other columns then.
void leaveOtherColumns(Group& group, std::span<const RowKey> keys, const RowIdentities& rows, Attachment& attachment)
{
    if (group.rows.empty()) return;
    const std::uint64_t texts = rows.texts(group.rows.front());
    std::erase_if(group.keys, [&](std::size_t key) {
        if (keys[key].texts == 0 || keys[key].texts == texts) return false;
        attachment.setOtherColumns(key);
        return true;
    });
}

void attachByRecord(std::span<const RowKey> keys, const RowIdentities& rows, Attachment& attachment)
{
    std::unordered_map<RecordPart, Group, RecordPartHasher> groups;
    for (std::size_t key = 0; key < keys.size(); ++key) groups[sourceOf(keys[key])].keys.push_back(key);
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        const auto found = groups.find(sourceOf(rows, row));
        if (found != groups.end()) found->second.rows.push_back(row);
    }
    for (auto& [source, group] : groups) {
        leaveOtherColumns(group, keys, rows, attachment);
        attachment.assign(group);
    }
}

/// True if all keys are of one part of one record, and all rows too of another: then it does not matter which is which.
bool isUnambiguous(const Group& group, std::span<const RowKey> keys, const RowIdentities& rows)
{
    const auto isLikeFirstKey = [&](std::size_t key) {
        return sourceOf(keys[key]) == sourceOf(keys[group.keys.front()]);
    };
    const auto isLikeFirstRow = [&](std::uint32_t row) {
        return sourceOf(rows, row) == sourceOf(rows, group.rows.front());
    };
    return std::ranges::all_of(group.keys, isLikeFirstKey) && std::ranges::all_of(group.rows, isLikeFirstRow);
}

void attachByTexts(std::span<const RowKey> keys, const RowIdentities& rows, Attachment& attachment)
{
    std::unordered_map<std::uint64_t, Group> groups;
    for (std::size_t key = 0; key < keys.size(); ++key)
        if (!attachment.isFound(key) && keys[key].texts != 0 && !keys[key].areTextsShared)
            groups[keys[key].texts].keys.push_back(key);
    if (groups.empty()) return;
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        const auto found = groups.find(rows.texts(row));
        if (found != groups.end()) found->second.rows.push_back(row);
    }
    for (auto& [texts, group] : groups)
        if (!group.rows.empty() && isUnambiguous(group, keys, rows)) attachment.assign(group);
}

}  // namespace

AttachedKeys attachKeys(std::span<const RowKey> keys, const RowIdentities& rows)
{
    Attachment attachment(keys);
    attachByRecord(keys, rows, attachment);
    attachByTexts(keys, rows, attachment);
    return std::move(attachment).result();
}

}  // namespace preflab
