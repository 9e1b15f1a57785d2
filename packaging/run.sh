#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sets up, builds the release and opens PrefLab's window, where Enter starts the demo experiment.
#
#   packaging/run.sh [options of "preflab": --demo, files and folders to open]
#   packaging/run.sh --headless [options of "preflab-cli demo"]
#
# --headless runs the demo experiment, DPO and ORPO on a small model, in the terminal, and prints the
# path of a report to look at. So it does by itself where there is no display.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=lib/common.sh
source "$root/packaging/lib/common.sh" # for HOME, by which CMake finds what set-up fetched

is_headless=false
options=()
for argument in "$@"; do
    if [[ $argument == --headless ]]; then is_headless=true; else options+=("$argument"); fi
done
if [[ -z ${DISPLAY:-} && -z ${WAYLAND_DISPLAY:-} ]]; then
    $is_headless || echo "There is no display here, so the demo runs in the terminal."
    is_headless=true
fi

# The caller's folder stays the working folder: paths in the options are meant from there.
"$root/packaging/setup.sh"
(cd "$root" && cmake --preset release && cmake --build --preset release)
if $is_headless; then
    exec "$root/build/release/preflab-cli" demo "${options[@]}"
fi
exec "$root/build/release/preflab" "${options[@]}"
