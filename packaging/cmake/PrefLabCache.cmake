# SPDX-License-Identifier: GPL-3.0-or-later
#
# PREFLAB_CACHE: the folder in which packaging/setup.sh leaves what it fetched (the same rule is in
# packaging/lib/common.sh).

include_guard(GLOBAL)

if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(PREFLAB_CACHE "$ENV{XDG_CACHE_HOME}/preflab")
else()
    set(PREFLAB_CACHE "$ENV{HOME}/.cache/preflab")
endif()
