# SPDX-License-Identifier: GPL-3.0-or-later
#
# add_component_table(<target> <dir> <Type> <prefix> <accessor> <header>)
#
# Makes "one file" true of adding a component: every <dir>/*.cpp becomes a source of <target> and a
# row of a generated table. A file <dir>/<stem>.cpp defines, in namespace preflab,
#
#     extern const Type prefix_<stem>;
#     const Type prefix_<stem>{...};
#
# and <header> (as it is included) declares Type and
#
#     std::span<const Type* const> accessor();
#
# which returns the rows in the order of their file names. A file that is added later is seen by
# the next build. Self-registering globals would not do: the linker drops them from a static library.

include_guard(GLOBAL)

function(add_component_table target dir type prefix accessor header)
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*.cpp")
    list(SORT sources)
    set(PREFLAB_DECLARATIONS "")
    set(rows "")
    foreach(source IN LISTS sources)
        cmake_path(GET source STEM stem)
        string(APPEND PREFLAB_DECLARATIONS "extern const ${type} ${prefix}_${stem};\n")
        string(APPEND rows "        &${prefix}_${stem},\n")
    endforeach()
    if(rows)
        set(PREFLAB_BODY "    static constexpr const ${type}* kTable[] = {\n${rows}    };\n    return kTable;")
    else()
        set(PREFLAB_BODY "    return {};")
    endif()
    set(generated "${CMAKE_CURRENT_BINARY_DIR}/${accessor}_table.cpp")
    file(CONFIGURE OUTPUT "${generated}" @ONLY CONTENT [[
// Generated from the files of a folder; see PrefLabComponentTable.cmake.
#include <span>

#include "@header@"

namespace preflab {

@PREFLAB_DECLARATIONS@
std::span<const @type@* const> @accessor@() {
@PREFLAB_BODY@
}

} // namespace preflab
]])
    target_sources(${target} PRIVATE ${sources} "${generated}")
endfunction()
