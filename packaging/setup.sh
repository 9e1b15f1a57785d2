#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Gets everything that PrefLab's build needs: packages of the distribution, LibTorch, DuckDB.
# Asks nothing, needs root or sudo only while packages are missing, and does nothing (in a second,
# without network) when all is there.
#
#   packaging/setup.sh                     what build, tests and program need
#   packaging/setup.sh --with-sanitizers   also the compiler of the sanitizer presets
#
#   LIBTORCH=DIR   use the CPU LibTorch >= 2.4 in DIR     DUCKDB=DIR   use DIR/libduckdb.so
#
# What is fetched lies in ${XDG_CACHE_HOME:-~/.cache}/preflab, where CMake finds it by itself.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=lib/apt.sh
source "$here/lib/apt.sh"
# shellcheck source=lib/libtorch.sh
source "$here/lib/libtorch.sh"
# shellcheck source=lib/duckdb.sh
source "$here/lib/duckdb.sh"

packages=("${build_packages[@]}")
for argument in "$@"; do
    case $argument in
        --with-sanitizers) packages+=("${sanitizer_packages[@]}") ;;
        -h | --help) sed -n '4,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && exit ;;
        *) fail "unknown option $argument (see --help)" ;;
    esac
done

mkdir -p "$preflab_cache/downloads" ||
    fail "cannot write to the cache folder $preflab_cache; name another in XDG_CACHE_HOME."
echo "Setting up PrefLab's build"
setup_packages "${packages[@]}"
for tool in cmake ninja pkg-config python3 curl; do
    has "$tool" || fail "the program '$tool' is missing."
done

# Two set-ups at once (say, two builds just started) must not fetch the same file twice.
exec {lock}> "$preflab_cache/downloads/lock"
flock "$lock"
setup_libtorch
setup_duckdb
