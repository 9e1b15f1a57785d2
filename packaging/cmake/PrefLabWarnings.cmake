# SPDX-License-Identifier: GPL-3.0-or-later
#
# preflab_warnings(<target>): the project's warnings, for own targets only. They are errors only
# where the compilers are known (CI), so that a newer compiler's news does not stop a user's build.

include_guard(GLOBAL)

option(PREFLAB_WERROR "Treat warnings as errors" OFF)

function(preflab_warnings target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic
        -Wshadow
        -Wnon-virtual-dtor -Woverloaded-virtual
        -Wold-style-cast -Wcast-qual
        -Wextra-semi
        -Wformat=2
        -Wimplicit-fallthrough
        # Of -Wconversion only the part that loses value: a fraction, a double's precision, the
        # upper half of a 64-bit number (clang only). Sizes and indices mix signs all day.
        -Wfloat-conversion)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE
            -Wduplicated-cond -Wlogical-op -Wmissing-declarations
            # GCC 12 sees overlapping copies and strings of 2^63 bytes in std::string's own functions, depending on
            # what it inlines (its bugs 105651 and 105329). The address sanitizer finds the real ones.
            -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
    elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        target_compile_options(${target} PRIVATE -Wshorten-64-to-32)
    endif()
    if(PREFLAB_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
endfunction()
