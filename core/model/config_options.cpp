// SPDX-License-Identifier: GPL-3.0-or-later
// Errors that name a file and a key in it.
#include "core/model/config_options.h"

#include "core/base/excerpt.h"

namespace preflab {

tl::unexpected<Error> invalidOption(const JsonObject& config, std::string_view key, const std::string& reason)
{
    return fail(ErrorCode::ConfigInvalid,
                {{"path", config.file().string()}, {"key", excerptOf(key)}, {"reason", reason}});
}

tl::unexpected<Error> unsupportedOption(const JsonObject& config, std::string_view key, const std::string& value)
{
    return fail(ErrorCode::ConfigUnsupported,
                {{"path", config.file().string()}, {"key", excerptOf(key)}, {"value", excerptOf(value)}});
}

}  // namespace preflab
