# SPDX-License-Identifier: GPL-3.0-or-later
#
# PREFLAB_SANITIZE=address,undefined | thread: instruments every target added after this file is
# included. The presets dev-asan and dev-tsan set it; they build with clang.

include_guard(GLOBAL)

set(PREFLAB_SANITIZE "" CACHE STRING "Sanitizers to build with: address, undefined, thread")

function(_preflab_sanitize)
    string(REPLACE "," ";" names "${PREFLAB_SANITIZE}")
    foreach(name IN LISTS names)
        if(NOT name MATCHES "^(address|undefined|thread)$")
            message(FATAL_ERROR "PREFLAB_SANITIZE: '${name}' is none of address, undefined, thread")
        endif()
    endforeach()
    if("thread" IN_LIST names AND "address" IN_LIST names)
        message(FATAL_ERROR "PREFLAB_SANITIZE: thread and address exclude each other")
    endif()
    add_compile_options(-fsanitize=${PREFLAB_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PREFLAB_SANITIZE})
    if("undefined" IN_LIST names)
        # A finding must fail the test that made it. vptr checks want typeinfo of classes that Qt
        # and sentencepiece do not export.
        add_compile_options(-fno-sanitize-recover=undefined -fno-sanitize=vptr)
        add_link_options(-fno-sanitize=vptr)
    endif()
endfunction()

if(PREFLAB_SANITIZE)
    _preflab_sanitize()
endif()
