// SPDX-License-Identifier: GPL-3.0-or-later
// Whether this test was built with a sanitizer, which takes memory and address space of its own.
#pragma once

namespace preflab::test {

/// True with the address or the thread sanitizer, of GCC or of Clang.
constexpr bool isSanitized()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#elif defined(__has_feature)
    return __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
    return false;
#endif
}

}  // namespace preflab::test
