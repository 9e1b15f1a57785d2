// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// \file
/// The part of DuckDB's C API (1.5) that PrefLab uses: open with settings, run a query, read its
/// text columns chunk by chunk. DuckDB's own header where one lies beside the library that is linked
/// (see FindDuckDB.cmake); the npm package, one of the sources of the library, carries none, so the
/// same is declared here. Names and layouts are DuckDB's; the API is stable across 1.x.

#ifdef PREFLAB_HAS_DUCKDB_HEADER

#include <duckdb.h>

#else

#include <cstdint>

extern "C" {

/// A count or index of DuckDB's.
using idx_t = std::uint64_t;

/// What most calls return; details are in the object that the call filled.
enum duckdb_state { DuckDBSuccess = 0, DuckDBError = 1 };

// Each handle is a pointer to a struct of its own, so that the compiler tells them apart.

/// A database; ended by duckdb_close.
using duckdb_database = struct _duckdb_database {
    void* internal_ptr;
}*;
/// A connection to a database; ended by duckdb_disconnect. One thread at a time may query it.
using duckdb_connection = struct _duckdb_connection {
    void* internal_ptr;
}*;
/// Settings for duckdb_open_ext; ended by duckdb_destroy_config.
using duckdb_config = struct _duckdb_config {
    void* internal_ptr;
}*;
/// A parsed statement; ended by duckdb_destroy_prepare, also after an error.
using duckdb_prepared_statement = struct _duckdb_prepared_statement {
    void* internal_ptr;
}*;
/// A statement about to run; ended by duckdb_destroy_pending, also after an error.
using duckdb_pending_result = struct _duckdb_pending_result {
    void* internal_ptr;
}*;
/// Up to duckdb_vector_size rows of a result; ended by duckdb_destroy_data_chunk.
using duckdb_data_chunk = struct _duckdb_data_chunk {
    void* internal_ptr;
}*;
/// One column of a chunk; lives as long as the chunk.
using duckdb_vector = struct _duckdb_vector {
    void* internal_ptr;
}*;

/// A result; ended by duckdb_destroy_result, also after an error. Only internal_data is in use,
/// the rest keeps the size.
struct duckdb_result {
    idx_t deprecated_column_count;
    idx_t deprecated_row_count;
    idx_t deprecated_rows_changed;
    void* deprecated_columns;
    char* deprecated_error_message;
    void* internal_data;
};

/// A text of a VARCHAR column: up to 12 bytes lie in the struct itself, longer ones elsewhere.
/// Read it with duckdb_string_t_length and duckdb_string_t_data. Not terminated by NUL.
struct duckdb_string_t {
    union {
        struct {
            std::uint32_t length;
            char prefix[4];
            char* ptr;
        } pointer;
        struct {
            std::uint32_t length;
            char inlined[12];
        } inlined;
    } value;
};
static_assert(sizeof(duckdb_string_t) == 16, "DuckDB's vectors hold texts of 16 bytes");

/// "v1.5.6"; static.
const char* duckdb_library_version();

/// Opens `path` (nullptr: in memory). On an error `*out_error` is a sentence; free it with duckdb_free.
duckdb_state duckdb_open_ext(const char* path, duckdb_database* out_database, duckdb_config config, char** out_error);
void duckdb_close(duckdb_database* database);
duckdb_state duckdb_connect(duckdb_database database, duckdb_connection* out_connection);
void duckdb_disconnect(duckdb_connection* connection);

/// Settings, by name and text.
duckdb_state duckdb_create_config(duckdb_config* out_config);
/// A name or value that DuckDB does not know makes duckdb_open_ext fail, not this.
duckdb_state duckdb_set_config(duckdb_config config, const char* name, const char* option);
void duckdb_destroy_config(duckdb_config* config);

/// Makes the query that runs on the connection fail. Callable from any thread.
void duckdb_interrupt(duckdb_connection connection);

/// Runs all statements of `query`; `*out_result`, held in memory as a whole, is the last one's.
duckdb_state duckdb_query(duckdb_connection connection, const char* query, duckdb_result* out_result);

// A result that is larger than memory: prepare, pending_prepared_streaming, execute_pending. Its
// chunks are computed as they are fetched; an error after the first chunk ends them early, so
// duckdb_result_error must be asked after the last one. One statement only.

/// Parses one statement.
duckdb_state duckdb_prepare(duckdb_connection connection, const char* query, duckdb_prepared_statement* out_statement);
/// A sentence, or nullptr; belongs to the statement.
const char* duckdb_prepare_error(duckdb_prepared_statement statement);
/// Binds parameter `index`, from 1, of a statement; the text is copied.
duckdb_state duckdb_bind_varchar_length(duckdb_prepared_statement statement, idx_t index, const char* text,
                                        idx_t length);
void duckdb_destroy_prepare(duckdb_prepared_statement* statement);
duckdb_state duckdb_pending_prepared_streaming(duckdb_prepared_statement statement, duckdb_pending_result* out_pending);
/// A sentence, or nullptr; belongs to the pending result.
const char* duckdb_pending_error(duckdb_pending_result pending);
duckdb_state duckdb_execute_pending(duckdb_pending_result pending, duckdb_result* out_result);
void duckdb_destroy_pending(duckdb_pending_result* pending);

/// The next chunk of either kind of result, or nullptr when there is none. End it when it is read.
duckdb_data_chunk duckdb_fetch_chunk(duckdb_result result);
/// A sentence, or nullptr; belongs to the result.
const char* duckdb_result_error(duckdb_result* result);
void duckdb_destroy_result(duckdb_result* result);
idx_t duckdb_column_count(duckdb_result* result);
/// Belongs to the result.
const char* duckdb_column_name(duckdb_result* result, idx_t column);

/// The chunk's rows, and its column number `column`, from 0.
idx_t duckdb_data_chunk_get_size(duckdb_data_chunk chunk);
duckdb_vector duckdb_data_chunk_get_vector(duckdb_data_chunk chunk, idx_t column);
void duckdb_destroy_data_chunk(duckdb_data_chunk* chunk);

/// The values of a column: an array of duckdb_string_t for VARCHAR, of std::int64_t for BIGINT.
void* duckdb_vector_get_data(duckdb_vector vector);
/// Which rows are not NULL, or nullptr when none is.
std::uint64_t* duckdb_vector_get_validity(duckdb_vector vector);
/// Whether the row is not NULL; `validity` must not be nullptr.
bool duckdb_validity_row_is_valid(std::uint64_t* validity, idx_t row);
std::uint32_t duckdb_string_t_length(duckdb_string_t text);
/// The bytes; for a short text they lie in `*text`.
const char* duckdb_string_t_data(duckdb_string_t* text);

/// Frees what DuckDB says is to be freed by the caller.
void duckdb_free(void* pointer);

}  // extern "C"

#endif
