# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What every packaging script shares: messages, the cache folder, downloads. Sourced, never run.

# Some CI systems start jobs without HOME; CMake and npm need it as much as these scripts.
if [[ -z ${HOME:-} ]]; then
    HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
    export HOME
fi

# The same rule is in packaging/cmake/PrefLabCache.cmake, so that CMake finds what set-up fetched.
preflab_cache=${XDG_CACHE_HOME:-$HOME/.cache}/preflab

step() { printf '  %-11s %s\n' "$1" "$2"; }

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

has() { command -v "$1" > /dev/null 2>&1; }

# Downloads $1 to $2. A source that does not answer is given up after 5 s, one that stalls after
# 15 s more: there is always a next source to try.
fetch() {
    curl --fail --silent --location --connect-timeout 5 --speed-limit 1024 --speed-time 15 \
        --output "$2" "$1"
}

sha256_is() { [[ $(sha256sum "$1" | cut -d' ' -f1) == "$2" ]]; }

# Extracts from the zip archive $1 into the folder $2 the members that start with one of the
# prefixes $3... Python is there anyway for pip, unzip may not be.
unzip_members() {
    python3 - "$@" << 'PY'
import sys, zipfile
archive, target, *prefixes = sys.argv[1:]
with zipfile.ZipFile(archive) as z:
    z.extractall(target, [n for n in z.namelist() if n.startswith(tuple(prefixes))])
PY
}

# Puts the finished folder $1 at $2 in one step: a reader sees all of it or none of it.
move_into_place() {
    rm -rf "$2"
    mv "$1" "$2"
}

# Runs the tests of preset $1 with ctest's arguments $2..., then says what they skipped. Fails if a
# test fails, or skips for something that is there.
run_tests() {
    local preset=$1 result=0
    shift
    ctest --preset "$preset" --parallel "$(nproc)" "$@" || result=$?
    python3 -B tests/skips.py "build/$preset" || result=1
    return "$result"
}

# Runs a program built by clang 14's sanitizers. Kernels that spread addresses widely
# (vm.mmap_rnd_bits above 28) make these stop with "unexpected memory mapping"; without randomisation
# they run. Not every container allows it.
with_fixed_addresses() {
    if setarch --addr-no-randomize true 2> /dev/null; then
        setarch --addr-no-randomize "$@"
    else
        "$@"
    fi
}
