# SPDX-License-Identifier: GPL-3.0-or-later
#
# Target DuckDB::duckdb: DuckDB's C library, an installed one or the one that packaging/setup.sh
# fetched. Not every source of the library carries duckdb.h: where none lies beside it, the few
# functions in use are declared in core/data/ingest/duckdb_api.h.

include(PrefLabCache)
include(FindPackageHandleStandardArgs)

find_library(DuckDB_LIBRARY duckdb
    HINTS ENV DUCKDB
    PATHS "${PREFLAB_CACHE}/duckdb-1.5.6"
    PATH_SUFFIXES lib)
# Only the header of this very library: another one's may be of another version.
cmake_path(GET DuckDB_LIBRARY PARENT_PATH folder)
find_path(DuckDB_INCLUDE_DIR duckdb.h
    PATHS "${folder}" "${folder}/../include" "${folder}/../../include"
    NO_DEFAULT_PATH)
mark_as_advanced(DuckDB_LIBRARY DuckDB_INCLUDE_DIR)

find_package_handle_standard_args(DuckDB
    REQUIRED_VARS DuckDB_LIBRARY
    REASON_FAILURE_MESSAGE "Run packaging/setup.sh, or name the folder of libduckdb.so in the environment variable DUCKDB.")

if(DuckDB_FOUND AND NOT TARGET DuckDB::duckdb)
    add_library(DuckDB::duckdb SHARED IMPORTED)
    set_target_properties(DuckDB::duckdb PROPERTIES IMPORTED_LOCATION "${DuckDB_LIBRARY}")
    if(DuckDB_INCLUDE_DIR)
        target_include_directories(DuckDB::duckdb INTERFACE "${DuckDB_INCLUDE_DIR}")
        target_compile_definitions(DuckDB::duckdb INTERFACE PREFLAB_HAS_DUCKDB_HEADER)
    endif()
endif()
