# SPDX-License-Identifier: GPL-3.0-or-later
#
# Links with mold when it is there, because linking more than a hundred test programs takes a while. A linker that the
# user chose stays, and so does the compiler's own where it optimises while linking.

include_guard(GLOBAL)

find_program(PREFLAB_MOLD mold)
mark_as_advanced(PREFLAB_MOLD)
if(PREFLAB_MOLD AND NOT CMAKE_EXE_LINKER_FLAGS MATCHES "-fuse-ld|-flto")
    add_link_options(-fuse-ld=mold)
endif()
