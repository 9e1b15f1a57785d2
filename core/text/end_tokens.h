// SPDX-License-Identifier: GPL-3.0-or-later
// The tokens that end an answer, as config.json and generation_config.json name them.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/text/tokenizer.h"

#include <vector>

namespace preflab {

/// `eos_token_id` of a file: a number, a list of numbers, or nothing. Ids that no token can have (-1) are left out.
/// ConfigInvalid for anything else.
Result<std::vector<TokenId>> endTokensIn(const JsonObject& object);

}  // namespace preflab
