# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Installs what the distribution has. Sourced by setup.sh after common.sh.

build_packages=(
    g++ cmake ninja-build pkg-config ccache mold git ca-certificates curl python3-pip npm
    qt6-base-dev qt6-tools-dev qt6-l10n-tools qt6-svg-dev libqcustomplot-dev
    fonts-inter fonts-jetbrains-mono
    libsentencepiece-dev libsqlite3-dev nlohmann-json3-dev libexpected-dev libpcre2-dev zlib1g-dev
    libxxhash-dev libcli11-dev libsimdjson-dev
    clang-format-14
)
# Without libclang-rt, clang compiles with -fsanitize but cannot link; without llvm a report has
# addresses where names should be.
sanitizer_packages=(clang-14 libclang-rt-14-dev llvm-14)

# Those of the named packages that are not fully installed.
missing_packages() {
    local installed package
    installed=$(dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' "$@" 2> /dev/null |
        sed -n 's/ installed$//p' || true)
    for package in "$@"; do
        # A nodejs from elsewhere brings its own npm and conflicts with the package of that name.
        [[ $package == npm ]] && has npm && continue
        grep -qxF "$package" <<< "$installed" || printf '%s\n' "$package"
    done
}

setup_packages() {
    local missing log sudo=()
    if ! has apt-get || ! has dpkg-query; then
        step packages "no apt here: your distribution's counterparts of these must be installed: $*"
        return
    fi
    mapfile -t missing < <(missing_packages "$@")
    if ((${#missing[@]} == 0)); then
        step packages "all $# installed"
        return
    fi

    step packages "installing ${#missing[@]}: ${missing[*]}"
    if ((EUID != 0)); then
        has sudo || fail "these packages are missing, and only root can install them (there is no sudo): ${missing[*]}"
        sudo=(sudo)
        [[ -t 0 ]] || sudo=(sudo --non-interactive)
    fi
    sudo+=(env DEBIAN_FRONTEND=noninteractive)
    log=$preflab_cache/downloads/apt.log
    # An index that is out of date may still name packages that can be had, so only the second
    # command decides.
    "${sudo[@]}" apt-get -qq -o DPkg::Lock::Timeout=120 update > "$log" 2>&1 < /dev/null || true
    "${sudo[@]}" apt-get -qq -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 --no-install-recommends \
        install "${missing[@]}" >> "$log" 2>&1 < /dev/null || {
        tail -n 5 "$log" >&2
        fail "apt-get could not install: ${missing[*]} (all it said is in $log)"
    }
    step packages "all $# installed"
}
