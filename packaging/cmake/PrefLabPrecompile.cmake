# SPDX-License-Identifier: GPL-3.0-or-later
#
# preflab_precompile(<target> <kind> <header>...): Qt's headers cost the window and the tests more than half of their
# compile time, so they are compiled once. The torch-free core and the engine stay without: their sources show by
# themselves that each includes what it uses.

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
