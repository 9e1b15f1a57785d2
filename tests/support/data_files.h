// SPDX-License-Identifier: GPL-3.0-or-later
// Data files for tests, made on the spot: gzip with zlib, Parquet with DuckDB; and short ways to open and read them.
#pragma once

#include "core/data/ingest/dataset.h"
#include "core/data/ingest/duckdb_api.h"

#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace preflab::test {

/// One gzip member.
inline std::string gzipped(std::string_view text)
{
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string input(text);
    std::string output(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(output.data());
    stream.avail_out = static_cast<uInt>(output.size());
    deflate(&stream, Z_FINISH);
    output.resize(stream.total_out);
    deflateEnd(&stream);
    return output;
}

/// Runs SQL in a database in memory, on this thread alone (ThreadSanitizer cannot see into DuckDB); false if it failed.
inline bool runSql(const std::string& sql)
{
    duckdb_database database = nullptr;
    duckdb_connection connection = nullptr;
    duckdb_config config = nullptr;
    duckdb_result result{};
    duckdb_create_config(&config);
    duckdb_set_config(config, "threads", "1");
    duckdb_open_ext(nullptr, &database, config, nullptr);
    duckdb_destroy_config(&config);
    duckdb_connect(database, &connection);
    const bool isDone = duckdb_query(connection, sql.c_str(), &result) == DuckDBSuccess;
    duckdb_destroy_result(&result);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return isDone;
}

/// Writes the rows of a SELECT as Parquet. The path must have no quotes.
inline bool writeParquet(const std::filesystem::path& path, const std::string& select)
{
    return runSql("COPY (" + select + ") TO '" + path.string() + "' (FORMAT parquet)");
}

/// Opens with a cache of its own below `folder`.
inline Result<Dataset> openIn(const std::filesystem::path& folder, const std::filesystem::path& path)
{
    return Dataset::open(path, DatasetOptions{folder / "cache"});
}

/// Every row, or an empty list if one cannot be read.
inline std::vector<Row> allRows(const Dataset& dataset)
{
    std::vector<Row> rows;
    for (std::uint32_t i = 0; i < dataset.rows->size(); ++i) {
        auto row = dataset.rows->row(i);
        if (!row) return {};
        rows.push_back(*std::move(row));
    }
    return rows;
}

inline bool isSame(const Row& left, const Row& right)
{
    return left.kind == right.kind && left.prompt == right.prompt && left.chosen == right.chosen &&
           left.rejected == right.rejected;
}

inline bool areSame(const std::vector<Row>& left, const std::vector<Row>& right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), isSame);
}

}  // namespace preflab::test
