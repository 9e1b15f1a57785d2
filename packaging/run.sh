#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sets up, builds the release and runs the demo experiment: DPO and ORPO on a small model, live
# progress, and at the end the path of a report to look at.
#
#   packaging/run.sh [--headless] [options of "preflab-cli demo"]
#
# --headless keeps the experiment in the terminal where there would be a window. There is none yet.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=lib/common.sh
source "$root/packaging/lib/common.sh" # for HOME, by which CMake finds what set-up fetched

demo_options=()
for argument in "$@"; do
    [[ $argument == --headless ]] || demo_options+=("$argument")
done

# The caller's folder stays the working folder: paths in the options are meant from there.
"$root/packaging/setup.sh"
(cd "$root" && cmake --preset release && cmake --build --preset release)
exec "$root/build/release/preflab-cli" demo "${demo_options[@]}"
