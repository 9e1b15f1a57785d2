# SPDX-License-Identifier: GPL-3.0-or-later
#
# Compiles through ccache when it is there. A launcher that the user named stays.

include_guard(GLOBAL)

find_program(PREFLAB_CCACHE ccache)
mark_as_advanced(PREFLAB_CCACHE)
if(PREFLAB_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${PREFLAB_CCACHE}")
endif()
