// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of stores, and edited rows over the others.
#include "core/text/token_store.h"

#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/base/system.h"
#include "core/data/journal/edited_rows.h"

#include <algorithm>
#include <span>
#include <utility>

namespace preflab {
namespace {

/// Raise it when the way rows are tokenised changes, so that older files are not used.
constexpr int kTokensVersion = 2;

/// Everything that decides the tokens of rows that nobody edited.
std::string keyOf(const TokenRows& rows, const Tokenisation& how)
{
    ContentHash key;
    const Json parts{kTokensVersion, rows.key, how.recipe->id, how.text.contentHash(), splitRuleId(how.options.split)};
    key.add(parts.dump());
    key.add(std::as_bytes(std::span(rows.only)));
    return key.hex();
}

/// The key of a table of those edited rows.
std::string keyOfEdits(const std::string& key, const std::vector<std::uint32_t>& edited, const RowStates& edits)
{
    ContentHash hash;
    hash.add(key + " edited\n");
    for (const std::uint32_t row : edited) {
        const RowState& state = *edits.find(row);
        RowState texts;
        texts.edited = state.edited;
        texts.isSwapped = state.isSwapped;
        hash.add(std::to_string(row) + " " + changeJson({}, texts).dump() + "\n");
    }
    return hash.hex();
}

std::vector<std::uint32_t> editedOf(const TokenRows& rows)
{
    std::vector<std::uint32_t> edited;
    for (const std::uint32_t row : rows.edits.rows()) {
        const bool isThere = rows.only.empty() || std::ranges::binary_search(rows.only, row);
        if (isThere && rows.edits.find(row)->isEdited()) edited.push_back(row);
    }
    return edited;
}

Result<TokenTable> tableOf(const std::filesystem::path& folder, const std::string& key, const TokenTableSource& source,
                           const ProgressSink& progress, const std::stop_token& stop)
{
    if (auto found = TokenTable::find(folder, key, source)) return *std::move(found);
    return TokenTable::make(folder, key, source, progress, stop);
}

}  // namespace

Result<std::shared_ptr<const TokenStore>> TokenStore::open(const TokenRows& rows, const Tokenisation& how,
                                                           const ProgressSink& progress, std::stop_token stop)
{
    const auto folder = (how.cacheFolder.empty() ? cacheFolder() : how.cacheFolder) / "tokens";
    const std::string key = keyOf(rows, how);
    const TokenTableSource source{rows.source.get(), rows.only.empty() ? nullptr : &rows.only, how.recipe, &how.text,
                                  how.options};
    TRY(TokenTable table, tableOf(folder, key, source, progress, stop));
    // The constructor is private, which std::make_shared cannot reach.
    std::shared_ptr<TokenStore> store(new TokenStore(*how.recipe, std::move(table), rows.only));
    store->m_editedRows = editedOf(rows);
    if (!store->m_editedRows.empty()) {
        const auto edited = makeEditedRows(rows.source, rows.edits);
        TokenTableSource changed = source;
        changed.rows = edited.get();
        changed.only = &store->m_editedRows;
        TRY(store->m_edited,
            tableOf(folder, keyOfEdits(key, store->m_editedRows, rows.edits), changed, progress, stop));
    }
    return store;
}

Result<>
TokenStore::forEach(const std::function<void(std::uint32_t, const TokenEntry&, const TokenPlace&)>& visit) const
{
    std::vector<TokenEntry> edited(m_editedRows.size());
    if (m_edited)
        TRY_VOID(m_edited->forEach([&](std::uint32_t position, const TokenEntry& entry) { edited[position] = entry; }));
    std::size_t next = 0;
    return m_rows.forEach([&](std::uint32_t position, const TokenEntry& entry) {
        const std::uint32_t row = m_only.empty() ? position : m_only[position];
        const bool isEdited = next < m_editedRows.size() && m_editedRows[next] == row;
        const TokenEntry& now = isEdited ? edited[next++] : entry;
        visit(row, now, {now.offset, now.bytes, isEdited});
    });
}

Result<TokenPair> TokenStore::read(const TokenPlace& place) const
{
    return (place.isEdited ? *m_edited : m_rows).read(place.offset, place.bytes);
}

const std::string& TokenStore::note() const
{
    return m_rows.note().empty() && m_edited ? m_edited->note() : m_rows.note();
}

}  // namespace preflab
