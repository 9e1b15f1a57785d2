# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Finds or fetches DuckDB's C library. Sourced by setup.sh after common.sh.

duckdb_version=1.5.6
duckdb_npm_package=@duckdb/node-bindings-linux-x64@$duckdb_version-r.1
duckdb_npm_sha256=1b9f82478539bb9a1d1df44bd103121a12ae52142c07158dc52b97d2ec1d69ff
duckdb_cached=$preflab_cache/duckdb-$duckdb_version

# Where a libduckdb of the user's or the distribution's would be; the same folders as in
# packaging/cmake/FindDuckDB.cmake.
duckdb_installed() {
    local file
    for file in ${DUCKDB:+"$DUCKDB/libduckdb.so" "$DUCKDB/lib/libduckdb.so"} \
        {/usr/local,/usr}/lib/{,"$(uname -m)-linux-gnu/"}libduckdb.so /usr/lib64/libduckdb.so; do
        if [[ -f $file ]]; then
            printf '%s' "$file"
            return
        fi
    done
    return 1
}

# The official release.
# No test covers this source.
duckdb_from_release() {
    local work=$1
    local url=https://github.com/duckdb/duckdb/releases/download/v$duckdb_version/libduckdb-linux-amd64.zip
    fetch "$url" "$work/duckdb.zip" || return 1
    mkdir -p "$work/duckdb"
    unzip_members "$work/duckdb.zip" "$work/duckdb" libduckdb.so
}

# The Node package carries the whole library with its C API, and JSON and Parquet built in.
duckdb_from_npm() {
    local work=$1 package
    # A short question first: npm's time limit covers the download too, so it cannot be short there.
    npm view --silent --fetch-retries=0 --fetch-timeout=8000 "$duckdb_npm_package" version \
        > "$work/npm.log" 2>&1 < /dev/null || return 1
    (cd "$work" && npm pack --silent --fetch-retries=1 "$duckdb_npm_package") \
        >> "$work/npm.log" 2>&1 < /dev/null || return 1
    package=$(echo "$work"/*.tgz)
    sha256_is "$package" "$duckdb_npm_sha256" ||
        fail "the package $duckdb_npm_package that npm gave does not have the expected SHA-256; name a folder with libduckdb.so 1.5 in DUCKDB instead."
    mkdir -p "$work/duckdb"
    tar -xzf "$package" -C "$work/duckdb" --strip-components=1 --no-same-owner \
        package/libduckdb.so package/LICENSE ||
        fail "cannot unpack DuckDB in $work; is there room for 0.1 GB?"
}

setup_duckdb() {
    local found work source
    if found=$(duckdb_installed); then
        step DuckDB "$found"
        return
    elif [[ -f $duckdb_cached/libduckdb.so ]]; then
        step DuckDB "$duckdb_version in $duckdb_cached"
        return
    fi

    [[ $(uname -sm) == "Linux x86_64" ]] ||
        fail "no DuckDB to fetch for $(uname -sm); name a folder with libduckdb.so 1.5 in DUCKDB."
    work=$(mktemp -d "$preflab_cache/downloads/duckdb.XXXXXX")
    # shellcheck disable=SC2064  # the folder's name is wanted as it is now
    trap "rm -rf '$work'" EXIT
    for source in release npm; do
        step DuckDB "fetching $duckdb_version ($source, about 25 MB)"
        if "duckdb_from_$source" "$work" && [[ -f $work/duckdb/libduckdb.so ]]; then
            move_into_place "$work/duckdb" "$duckdb_cached"
            step DuckDB "$duckdb_version in $duckdb_cached"
            rm -rf "$work"
            return
        fi
        step DuckDB "the $source package cannot be had from here"
    done
    fail "no DuckDB: neither the official release nor the npm package can be reached; name a folder with libduckdb.so 1.5 in DUCKDB."
}
