// SPDX-License-Identifier: GPL-3.0-or-later
// One number or several.
#include "core/text/end_tokens.h"

#include "core/model/config_options.h"

namespace preflab {
namespace {

constexpr const char* kKey = "eos_token_id";

}  // namespace

Result<std::vector<TokenId>> endTokensIn(const JsonObject& object)
{
    std::vector<TokenId> ids;
    if (!object.has(kKey)) return ids;
    const Json& value = *object.json().find(kKey);
    for (const Json& id : value.is_array() ? value : Json::array({value})) {
        const auto number = wholeNumber(id);
        if (!number) return invalidOption(object, kKey, "must be a token's number, a list of them or null");
        if (*number >= 0 && *number < config_limits::kVocabulary) ids.push_back(static_cast<TokenId>(*number));
    }
    return ids;
}

}  // namespace preflab
