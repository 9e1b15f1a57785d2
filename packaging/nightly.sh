#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What takes too long for every change. Parts by name, or all of them:
#
#   odr       links the programs with LTO and looks for two types of one name (-Wodr)
#   numbers   the numeric tests with the kernels of other processors
#   fuzz      many mutated files for every reader, under the address sanitizer
#   slow      the slow tests under both sanitizers
#
#   packaging/nightly.sh            packaging/nightly.sh numbers fuzz
#
#   PREFLAB_FUZZ_INPUTS=N   N times the usual number of files (20)
#   PREFLAB_FUZZ_SEED=N     the first seed (the day, so that every night tries others)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec < /dev/null
# shellcheck source=lib/common.sh
source packaging/lib/common.sh
export PREFLAB_FUZZ_INPUTS=${PREFLAB_FUZZ_INPUTS:-20}
export PREFLAB_FUZZ_SEED=${PREFLAB_FUZZ_SEED:-$(date -u +%Y%m%d00000)}

build() {
    cmake --preset "$1" -DPREFLAB_WERROR=ON
    cmake --build --preset "$@"
}

odr() { build nightly-odr --target preflab preflab-cli; }

numbers() {
    build dev-opt
    ctest --preset nightly-numbers --parallel "$(nproc)"
}

fuzz() {
    build nightly-fuzz
    with_fixed_addresses ctest --preset nightly-fuzz --parallel "$(nproc)"
}

slow() {
    local sanitizer
    for sanitizer in asan tsan; do
        build "dev-$sanitizer"
        with_fixed_addresses ctest --preset "nightly-$sanitizer" --parallel "$(nproc)"
    done
}

parts=("$@")
((${#parts[@]} > 0)) || parts=(odr numbers fuzz slow)
for part in "${parts[@]}"; do
    case $part in
        odr | numbers | fuzz | slow) ;;
        -h | --help) sed -n '4,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && exit ;;
        *) fail "unknown part $part (see --help)" ;;
    esac
done
packaging/setup.sh --with-sanitizers
for part in "${parts[@]}"; do
    step nightly "$part"
    "$part"
done
