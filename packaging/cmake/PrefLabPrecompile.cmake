# SPDX-License-Identifier: GPL-3.0-or-later
#
# preflab_precompile(<target> <kind> <header>...): the headers of Qt, LibTorch and the standard library cost more than
# half of the time to compile, so they are compiled once. That hides a missing include; the preset nightly-odr compiles
# without, so that each source shows that it includes what it uses.

include_guard(GLOBAL)

if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache$")
    # What ccache's manual asks for with precompiled headers: else each such source is compiled anew.
    list(PREPEND CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime")
endif()

# The first target of a kind compiles the headers, the others of the same kind take what it made; they must be
# compiled with the same options.
function(preflab_precompile target kind)
    get_property(maker GLOBAL PROPERTY "PREFLAB_PRECOMPILED_${kind}")
    if(maker)
        target_precompile_headers(${target} REUSE_FROM ${maker})
    else()
        target_precompile_headers(${target} PRIVATE ${ARGN})
        set_property(GLOBAL PROPERTY "PREFLAB_PRECOMPILED_${kind}" ${target})
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE -fpch-preprocess)
    else()
        target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
    endif()
endfunction()

set(PREFLAB_STANDARD_HEADERS <algorithm> <array> <cmath> <cstdint> <filesystem> <functional> <map> <memory> <optional>
    <span> <string> <string_view> <utility> <vector> <nlohmann/json.hpp> <tl/expected.hpp>)

# The core's libraries and the command line.
function(preflab_precompile_core target)
    preflab_precompile(${target} core ${PREFLAB_STANDARD_HEADERS})
endfunction()

# The engine. Of LibTorch only what every tensor needs: an operator's header stays with the source that calls it.
set(PREFLAB_TENSOR_HEADERS <ATen/core/Tensor.h> <ATen/TensorOperators.h> <c10/core/GradMode.h>)
function(preflab_precompile_engine target)
    preflab_precompile(${target} engine ${PREFLAB_TENSOR_HEADERS} ${PREFLAB_STANDARD_HEADERS})
endfunction()
