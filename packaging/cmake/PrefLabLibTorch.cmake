# SPDX-License-Identifier: GPL-3.0-or-later
#
# Target preflab_torch: LibTorch for the narrow ATen form, that is <ATen/core/Tensor.h>,
# <ATen/ops/*.h> and <torch/csrc/autograd/variable.h>. <torch/torch.h> is not on its include path:
# that header costs 16 s a unit where the narrow form costs 5.
#
# TorchConfig.cmake is read for its version only. Its library search takes a distribution's
# libtorch.so while the headers come from elsewhere, and it drags in Caffe2's checks for CUDA,
# MKL and Kineto that a CPU build does not need. Here the libraries are the ones beside the headers.

include_guard(GLOBAL)
include(PrefLabCache)

set(PREFLAB_LIBTORCH_VERSION 2.13.0) # the one developed against, in the project's cache
set(PREFLAB_LIBTORCH_OLDEST 2.4)

# Sets <out> to the version of the LibTorch in <root>, or <out> empty and <why> to what speaks
# against it. packaging/lib/libtorch.sh applies the same rule.
function(_preflab_libtorch_check root out why)
    set(${out} "" PARENT_SCOPE)
    set(config "${root}/share/cmake/Torch/TorchConfig.cmake")
    if(NOT EXISTS "${root}/include/ATen/core/Tensor.h" OR NOT EXISTS "${config}")
        set(${why} "there is no LibTorch" PARENT_SCOPE)
        return()
    endif()
    set(PACKAGE_VERSION "")
    include("${root}/share/cmake/Torch/TorchConfigVersion.cmake" OPTIONAL)
    if(NOT PACKAGE_VERSION OR PACKAGE_VERSION VERSION_LESS PREFLAB_LIBTORCH_OLDEST)
        set(${why} "its version '${PACKAGE_VERSION}' is too old" PARENT_SCOPE)
        return()
    endif()
    foreach(library torch_cpu c10)
        if(NOT EXISTS "${root}/lib/lib${library}.so")
            set(${why} "lib${library}.so does not lie beside the headers" PARENT_SCOPE)
            return()
        endif()
    endforeach()
    if(EXISTS "${root}/lib/libtorch_cuda.so")
        set(${why} "it is a CUDA build" PARENT_SCOPE)
        return()
    endif()
    # Wheels before 2.6 have GCC 4's std::string, with which no other library here can be linked.
    file(STRINGS "${config}" old_abi REGEX "D_GLIBCXX_USE_CXX11_ABI=0")
    if(old_abi)
        set(${why} "it is built for the C++ ABI of GCC 4" PARENT_SCOPE)
        return()
    endif()
    set(${out} "${PACKAGE_VERSION}" PARENT_SCOPE)
endfunction()

# Folders that may hold a LibTorch, best first.
function(_preflab_libtorch_candidates out)
    set(folders "")
    # The environment variable's separator is that of PATH, the CMake variable's is a semicolon.
    string(REPLACE ":" ";" from_environment "$ENV{CMAKE_PREFIX_PATH}")
    foreach(folder IN LISTS CMAKE_PREFIX_PATH from_environment)
        # torch.utils.cmake_prefix_path names <root>/share/cmake, so that form is understood too.
        string(REGEX REPLACE "/share/cmake/?$" "" root "${folder}")
        list(APPEND folders "${root}")
    endforeach()
    # Looked up without importing torch, which would take seconds.
    execute_process(
        COMMAND python3 -c "import importlib.util as u
s = u.find_spec('torch')
print(*(s.submodule_search_locations if s else []), sep=';')"
        OUTPUT_VARIABLE from_python OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    list(APPEND folders ${from_python} "${PREFLAB_CACHE}/libtorch-${PREFLAB_LIBTORCH_VERSION}")
    set(${out} "${folders}" PARENT_SCOPE)
endfunction()

# Sets PREFLAB_LIBTORCH_ROOT and PREFLAB_LIBTORCH_FOUND_VERSION, or stops.
function(_preflab_libtorch_find)
    set(named "$ENV{LIBTORCH}")
    if(named)
        set(folders "${named}")
    else()
        _preflab_libtorch_candidates(folders)
    endif()
    set(reasons "")
    foreach(folder IN LISTS folders)
        _preflab_libtorch_check("${folder}" version why)
        if(version)
            set(PREFLAB_LIBTORCH_ROOT "${folder}" PARENT_SCOPE)
            set(PREFLAB_LIBTORCH_FOUND_VERSION "${version}" PARENT_SCOPE)
            return()
        endif()
        string(APPEND reasons "\n  ${folder}: ${why}")
    endforeach()
    message(FATAL_ERROR
        "No CPU LibTorch >= ${PREFLAB_LIBTORCH_OLDEST} found. Run packaging/setup.sh, or name the "
        "folder of one in the environment variable LIBTORCH. Looked at:${reasons}")
endfunction()

function(_preflab_libtorch_targets root)
    foreach(library torch_cpu c10)
        add_library(preflab_${library} SHARED IMPORTED)
        set_target_properties(preflab_${library} PROPERTIES
            IMPORTED_LOCATION "${root}/lib/lib${library}.so")
    endforeach()
    add_library(preflab_torch INTERFACE)
    target_include_directories(preflab_torch SYSTEM INTERFACE "${root}/include")
    target_compile_definitions(preflab_torch INTERFACE AT_PER_OPERATOR_HEADERS)
    target_link_libraries(preflab_torch INTERFACE preflab_torch_cpu preflab_c10)
endfunction()

_preflab_libtorch_find()
_preflab_libtorch_targets("${PREFLAB_LIBTORCH_ROOT}")
message(STATUS "LibTorch ${PREFLAB_LIBTORCH_FOUND_VERSION}: ${PREFLAB_LIBTORCH_ROOT}")
