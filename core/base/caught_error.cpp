// SPDX-License-Identifier: GPL-3.0-or-later
// Told apart by their types.
#include "core/base/caught_error.h"

#include "core/base/system_limits.h"

#include <new>
#include <system_error>

namespace preflab {

Error caughtError(const std::exception& exception, const std::string& what)
{
    if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr)
        return {ErrorCode::OutOfMemory, {{"what", what}}, {}};
    if (const auto* refused = dynamic_cast<const std::system_error*>(&exception)) {
        if (const auto limit = openFilesLimit(refused->code().value())) return *limit;
        if (refused->code() == std::errc::resource_unavailable_try_again) return threadLimit(refused->code().message());
    }
    return {ErrorCode::Internal, {{"reason", "while " + what + ": " + exception.what()}}, {}};
}

}  // namespace preflab
