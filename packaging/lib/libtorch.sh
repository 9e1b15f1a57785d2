# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Finds or fetches a CPU LibTorch. Sourced by setup.sh after common.sh.

libtorch_version=2.13.0
libtorch_oldest=2.4
libtorch_wheel_sha256=6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b
libtorch_official_index=()
libtorch_cached=$preflab_cache/libtorch-$libtorch_version

# A LibTorch folder is usable when CMake would take it: new enough, CPU only, libraries beside the
# headers, and std::string as GCC has had it since version 5 (wheels before 2.6 differ).
# Prints its version. packaging/cmake/PrefLabLibTorch.cmake applies the same rule.
libtorch_usable() {
    local root=$1 version
    [[ -f $root/lib/libtorch_cpu.so && -f $root/include/ATen/core/Tensor.h ]] || return 1
    [[ ! -e $root/lib/libtorch_cuda.so ]] || return 1
    ! grep -qs 'D_GLIBCXX_USE_CXX11_ABI=0' "$root/share/cmake/Torch/TorchConfig.cmake" || return 1
    version=$(sed -n 's/^set(PACKAGE_VERSION "\([0-9.]*\).*/\1/p' \
        "$root/share/cmake/Torch/TorchConfigVersion.cmake" 2> /dev/null)
    [[ -n $version ]] || return 1
    [[ $(printf '%s\n' "$libtorch_oldest" "$version" | sort -V | head -n 1) == "$libtorch_oldest" ]] || return 1
    printf '%s' "$version"
}

# Folders the user named or has already, best first. The torch of a Python environment is
# looked up without importing it, which would take seconds.
libtorch_candidates() {
    local entry entries
    [[ -z ${LIBTORCH:-} ]] || printf '%s\n' "$LIBTORCH"
    IFS=':;' read -ra entries <<< "${CMAKE_PREFIX_PATH:-}"
    for entry in "${entries[@]}"; do
        # torch.utils.cmake_prefix_path names <root>/share/cmake, so that form is understood too.
        printf '%s\n' "$entry" "${entry%/share/cmake}"
    done
    python3 -c 'import importlib.util as u
s = u.find_spec("torch")
print(*(s.submodule_search_locations if s else []), sep="\n")' 2> /dev/null || true
    printf '%s\n' "$libtorch_cached"
}

# The official archive.
# No test covers this source.
libtorch_from_archive() {
    local work=$1
    local url=https://download.pytorch.org/libtorch/cpu/libtorch-shared-with-deps-$libtorch_version%2Bcpu.zip
    fetch "$url" "$work/libtorch.zip" || {
        # 22: the host answered, only not with this file. Then its wheels can be had.
        (($? != 22)) || libtorch_official_index=(--extra-index-url https://download.pytorch.org/whl/cpu)
        return 1
    }
    unzip_members "$work/libtorch.zip" "$work" libtorch/lib/ libtorch/include/ libtorch/share/ || return 1
    libtorch_unpacked=$work/libtorch
}

# The wheel, as plain files. Version, ABI and platform are named, so that the file and its hash do
# not depend on the Python at hand. PyTorch's own index, when it answers, has the CPU build where the
# usual index has the CUDA one; pip prefers "2.13.0+cpu" to "2.13.0" when it sees both.
# Only a CUDA build is larger than 400 MB, so nothing above that size is written.
libtorch_from_wheel() {
    local work=$1 log=$1/pip.log wheel
    if ! (
        ulimit -f 400000
        python3 -m pip download --no-deps --only-binary=:all: --no-input --no-cache-dir \
            --disable-pip-version-check --progress-bar off --retries 0 --timeout 10 \
            --python-version 3.11 --implementation cp --abi cp311 --platform manylinux_2_28_x86_64 \
            "${libtorch_official_index[@]}" --dest "$work" "torch==$libtorch_version"
    ) > "$log" 2>&1; then
        if grep -qi 'file too large' "$log"; then
            fail "pip offers the CUDA build of torch $libtorch_version, which is several GB; unpack a CPU LibTorch >= $libtorch_oldest and name its folder in LIBTORCH."
        fi
        return 1
    fi
    wheel=$(echo "$work"/torch-*.whl)
    # Not grep -q: it would leave early, and the broken pipe would count as "not found".
    if python3 -m zipfile -l "$wheel" | grep -E 'libtorch_cuda|/nvidia/' > /dev/null; then
        fail "pip gave a CUDA build of torch $libtorch_version; unpack a CPU LibTorch >= $libtorch_oldest and name its folder in LIBTORCH."
    fi
    sha256_is "$wheel" "$libtorch_wheel_sha256" ||
        fail "the torch wheel that pip gave ($(basename "$wheel")) does not have the expected SHA-256; name a CPU LibTorch >= $libtorch_oldest in LIBTORCH instead."
    unzip_members "$wheel" "$work" torch/lib/ torch/include/ torch/share/ torch- ||
        fail "cannot unpack the torch wheel in $work; is there room for 0.6 GB?"
    # The licence texts go with the libraries; the Python binding has no use here.
    mv "$work"/torch-*.dist-info "$work/torch/share/dist-info"
    rm -f "$work/torch/lib/libtorch_python.so" "$wheel"
    libtorch_unpacked=$work/torch
}

setup_libtorch() {
    local candidate version work source
    while IFS= read -r candidate; do
        if version=$(libtorch_usable "$candidate"); then
            step LibTorch "$version in $candidate"
            return
        elif [[ -n ${LIBTORCH:-} && $candidate == "$LIBTORCH" ]]; then
            fail "LIBTORCH names $LIBTORCH, which is no CPU LibTorch >= $libtorch_oldest; correct or unset it."
        fi
    done < <(libtorch_candidates)

    [[ $(uname -sm) == "Linux x86_64" ]] ||
        fail "no LibTorch to fetch for $(uname -sm); unpack a CPU LibTorch >= $libtorch_oldest and name its folder in LIBTORCH."
    work=$(mktemp -d "$preflab_cache/downloads/libtorch.XXXXXX")
    # shellcheck disable=SC2064  # the folder's name is wanted as it is now
    trap "rm -rf '$work'" EXIT
    for source in archive wheel; do
        step LibTorch "fetching $libtorch_version ($source, about 200 MB)"
        libtorch_unpacked=
        if "libtorch_from_$source" "$work" && libtorch_usable "$libtorch_unpacked" > /dev/null; then
            move_into_place "$libtorch_unpacked" "$libtorch_cached"
            step LibTorch "$libtorch_version in $libtorch_cached"
            rm -rf "$work"
            return
        fi
        step LibTorch "the $source cannot be had from here"
    done
    fail "no LibTorch: neither the official archive nor the wheel can be reached; unpack a CPU LibTorch >= $libtorch_oldest and name its folder in LIBTORCH."
}
