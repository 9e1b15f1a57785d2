// SPDX-License-Identifier: GPL-3.0-or-later
// DuckDB as a converter: in memory, little of it, no extensions, one file to read and nothing else.
#pragma once

#include "core/base/result.h"
#include "core/data/ingest/duckdb_api.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace preflab {

/// A text as an SQL literal: 'it''s'.
std::string sqlText(std::string_view text);
/// A name as an SQL identifier: "a ""b""".
std::string sqlName(std::string_view name);

/// A database for one conversion. Errors are ConversionFailed, whose argument "fault" is DuckDB's
/// sentence without what to do about it, or Cancelled.
class DuckDbSession {
public:
    /// A database that may read `source` and write `target` (if one is named), and no other file.
    static Result<DuckDbSession> open(const std::filesystem::path& source, const std::filesystem::path& target = {});
    DuckDbSession(DuckDbSession&& other) noexcept;
    DuckDbSession& operator=(DuckDbSession&& other) noexcept;
    ~DuckDbSession();

    /// The source's name for DuckDB, as an SQL literal.
    std::string sourceLiteral() const;

    /// The texts of one row; NULL is nothing. They live until the call returns.
    using RowSink = std::function<Result<>(std::span<const std::optional<std::string_view>> texts)>;
    /// Runs one statement whose columns are all VARCHAR and gives its rows to `sink` in order, never holding more than
    /// a few thousand of them. An error of `sink` ends it.
    Result<> stream(const std::string& sql, const RowSink& sink, std::stop_token stop = {});

private:
    explicit DuckDbSession(std::filesystem::path source) : m_source(std::move(source)) {}
    Result<> nameSource();
    Result<> start(const std::filesystem::path& target);
    Result<> fetch(duckdb_result& result, const RowSink& sink, const std::stop_token& stop);
    tl::unexpected<Error> failed(const char* sentence, const std::stop_token& stop) const;

    std::filesystem::path m_source;
    std::string m_readPath;  ///< a name of the source that DuckDB does not take for a pattern
    int m_descriptor = -1;   ///< behind m_readPath, if that is not the source's own name
    duckdb_database m_database = nullptr;
    duckdb_connection m_connection = nullptr;
};

}  // namespace preflab
