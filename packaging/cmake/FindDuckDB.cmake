# SPDX-License-Identifier: GPL-3.0-or-later
#
# Target DuckDB::duckdb: DuckDB's C library, an installed one or the one that packaging/setup.sh
# fetched. It has no include path: not every source of the library carries duckdb.h, so the few
# functions in use are declared in core/data/ingest/duckdb_api.h.

include(PrefLabCache)
include(FindPackageHandleStandardArgs)

find_library(DuckDB_LIBRARY duckdb
    HINTS ENV DUCKDB
    PATHS "${PREFLAB_CACHE}/duckdb-1.5.6"
    PATH_SUFFIXES lib)
mark_as_advanced(DuckDB_LIBRARY)

find_package_handle_standard_args(DuckDB
    REQUIRED_VARS DuckDB_LIBRARY
    REASON_FAILURE_MESSAGE "Run packaging/setup.sh, or name the folder of libduckdb.so in the environment variable DUCKDB.")

if(DuckDB_FOUND AND NOT TARGET DuckDB::duckdb)
    add_library(DuckDB::duckdb SHARED IMPORTED)
    set_target_properties(DuckDB::duckdb PROPERTIES IMPORTED_LOCATION "${DuckDB_LIBRARY}")
endif()
