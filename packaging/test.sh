#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sets up, builds and runs the whole test suite without a display. Arguments go to ctest, for
# example: packaging/test.sh -R tokenizer
# Says at the end what was skipped and why, and fails if that need not have been.
#
#   PREFLAB_WERROR=ON   treat warnings as errors, as CI does
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=lib/common.sh
source packaging/lib/common.sh # for HOME, by which CMake finds what set-up fetched

packaging/setup.sh
cmake --preset dev-opt -DPREFLAB_WERROR="${PREFLAB_WERROR:-OFF}"
cmake --build --preset dev-opt
run_tests dev-opt "$@"
