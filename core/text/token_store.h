// SPDX-License-Identifier: GPL-3.0-or-later
// The tokens of a dataset by one recipe: made in one pass, kept in the cache, read by everything that wants tokens or
// counts them. The data file is not needed any more once a store is open.
#pragma once

#include "core/data/journal/row_state.h"
#include "core/text/token_table.h"

#include <memory>

namespace preflab {

/// Rows to tokenise.
struct TokenRows {
    std::shared_ptr<const RowSource> source;  ///< as the file has them
    std::string key;                          ///< names them: Dataset::rowsKey
    RowStates edits;                          ///< edited rows are tokenised as they were edited
    std::vector<std::uint32_t> only;          ///< ascending; empty: all rows
};

/// What decides the tokens beside the rows.
struct Tokenisation {
    const RecipeInfo* recipe = nullptr;
    TextModel text;
    RecipeOptions options;              ///< maxLength is not used: a store holds whole sequences
    std::filesystem::path cacheFolder;  ///< empty: the user's cache
};

/// Where a row's tokens lie.
struct TokenPlace {
    std::uint64_t offset = 0;
    std::uint32_t bytes = 0;
    bool isEdited = false;
};

/// Tokenised rows, open for reading. Thread-safe. Edited rows lie in a small table of their own, so that an edit costs
/// what the edited rows cost.
class TokenStore {
public:
    /// Opens the store's tables from the cache, or makes them. Errors as TokenTable::make.
    static Result<std::shared_ptr<const TokenStore>> open(const TokenRows& rows, const Tokenisation& how,
                                                          const ProgressSink& progress = {}, std::stop_token stop = {});

    /// Visits every row of the store, ascending, as it is with its edits.
    Result<> forEach(
        const std::function<void(std::uint32_t row, const TokenEntry& entry, const TokenPlace& place)>& visit) const;
    /// The whole sequences of a row, in one read; `row` is not set.
    Result<TokenPair> read(const TokenPlace& place) const;
    /// A sentence if the tokens could not be kept in the cache, else empty.
    const std::string& note() const;
    const RecipeInfo& recipe() const { return *m_recipe; }

private:
    TokenStore(const RecipeInfo& recipe, TokenTable rows, std::vector<std::uint32_t> only)
        : m_recipe(&recipe), m_rows(std::move(rows)), m_only(std::move(only))
    {
    }

    const RecipeInfo* m_recipe;
    TokenTable m_rows;
    std::vector<std::uint32_t> m_only;  ///< rows of m_rows; empty: all
    std::optional<TokenTable> m_edited;
    std::vector<std::uint32_t> m_editedRows;  ///< ascending
};

}  // namespace preflab
