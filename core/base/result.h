// SPDX-License-Identifier: GPL-3.0-or-later
// Errors as values across module borders.
#pragma once

#include "core/base/error.h"

#include <tl/expected.hpp>

#include <map>
#include <string>
#include <utility>

namespace preflab {

/// A value or an Error. std::expected needs C++23, which Clang 14 lacks.
template <class T = void>
using Result = tl::expected<T, Error>;

/// Builds the failing side of a Result: `return fail(ErrorCode::FileNotFound, {{"path", p}});`
inline tl::unexpected<Error> fail(ErrorCode code, std::map<std::string, std::string> arguments = {},
                                  std::string detail = {})
{
    return tl::unexpected<Error>(Error{code, std::move(arguments), std::move(detail)});
}

}  // namespace preflab

#define PREFLAB_CONCAT_INNER(a, b) a##b
#define PREFLAB_CONCAT(a, b) PREFLAB_CONCAT_INNER(a, b)
#define PREFLAB_TRY_IMPL(holder, target, ...)                                                                          \
    auto holder = (__VA_ARGS__);                                                                                       \
    if (!holder) return tl::unexpected(std::move(holder).error());                                                     \
    target = *std::move(holder)

/// `TRY(const auto file, FileReader::open(path));` declares `file`, or returns the error to the caller.
#define TRY(target, ...) PREFLAB_TRY_IMPL(PREFLAB_CONCAT(tryResult, __LINE__), target, __VA_ARGS__)

/// `TRY_VOID(file.sync());` returns the error to the caller, if there is one.
#define TRY_VOID(...)                                                                                                  \
    do {                                                                                                               \
        if (auto tryVoid = (__VA_ARGS__); !tryVoid) return tl::unexpected(std::move(tryVoid).error());                 \
    } while (false)
