// SPDX-License-Identifier: GPL-3.0-or-later
// One file of tokenised rows: records in the order in which threads finished them, an index, and a line that says
// what the file holds.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/text/token_record.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace preflab {

/// What a table is made from.
struct TokenTableSource {
    const RowSource* rows = nullptr;
    const std::vector<std::uint32_t>* only = nullptr;  ///< rows of the table, ascending; null: all
    const RecipeInfo* recipe = nullptr;
    const TextModel* text = nullptr;
    RecipeOptions options;  ///< maxLength is not used: nothing is cut off

    std::uint32_t size() const;
    /// The row at that place of the table.
    std::uint32_t rowAt(std::uint32_t position) const { return only ? (*only)[position] : position; }
};

/// A finished table, open for reading. Thread-safe; its file may be deleted meanwhile.
class TokenTable {
public:
    /// The table of that name in `folder`, or nothing if it is not there, or not whole (its hash is checked).
    static std::optional<TokenTable> find(const std::filesystem::path& folder, const std::string& name,
                                          const TokenTableSource& source);
    /// Tokenises the rows in one pass on all cores and puts the table into `folder`; where that cannot be written,
    /// into a temporary file that lasts as long as the table is open (see `note`). Memory holds 48 bytes a row
    /// meanwhile. The error of a row that cannot be read, WriteFailed, OutOfMemory, Cancelled.
    static Result<TokenTable> make(const std::filesystem::path& folder, const std::string& name,
                                   const TokenTableSource& source, const ProgressSink& progress,
                                   const std::stop_token& stop);

    /// Visits the entries in order.
    Result<> forEach(const std::function<void(std::uint32_t position, const TokenEntry& entry)>& visit) const;
    /// The pair of a record, in one read; its `row` is not set. FileUnreadable, FileChanged.
    Result<TokenPair> read(std::uint64_t offset, std::uint32_t bytes) const;
    /// A sentence if the table could not be put into its folder, else empty.
    const std::string& note() const { return m_note; }

private:
    TokenTable(FileReader file, std::uint64_t indexOffset, std::uint32_t rows, std::size_t idBytes)
        : m_file(std::move(file)), m_indexOffset(indexOffset), m_rows(rows), m_idBytes(idBytes)
    {
    }
    static std::optional<TokenTable> openFile(const std::filesystem::path& path, const TokenTableSource& source,
                                              bool isHashChecked);

    FileReader m_file;
    std::uint64_t m_indexOffset = 0;
    std::uint32_t m_rows = 0;
    std::size_t m_idBytes = 4;
    std::string m_note;
};

}  // namespace preflab
