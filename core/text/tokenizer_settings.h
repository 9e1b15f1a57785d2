// SPDX-License-Identifier: GPL-3.0-or-later
// What the JSON files beside a tokenizer say: tokenizer_config.json, special_tokens_map.json, added_tokens.json.
#pragma once

#include "core/base/result.h"
#include "core/text/tokenizer.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// A token whose text is cut out of a text before the tokenizer sees the rest (Hugging Face's AddedToken).
struct AddedToken {
    TokenId id = 0;
    std::string content;
    bool isSpecial = true;     ///< left out of decoded text
    bool stripsLeft = false;   ///< takes the white space before it
    bool stripsRight = false;  ///< takes the white space behind it
};

/// Hugging Face's options, as far as they decide ids; absent where the files say nothing.
struct TokenizerSettings {
    std::optional<bool> addsBeginOfSequence;  ///< `add_bos_token`
    std::optional<bool> addsEndOfSequence;    ///< `add_eos_token`
    std::optional<bool> addsPrefixSpace;      ///< `add_prefix_space`
    bool isLegacy = false;                    ///< `legacy`: a prefix also behind special tokens
    std::optional<std::string> beginOfSequence;
    std::optional<std::string> endOfSequence;
    std::optional<std::string> unknown;
    std::vector<AddedToken> addedTokens;
};

/// Reads the files that are there. ConfigInvalid or ConfigUnsupported naming the key.
Result<TokenizerSettings> readTokenizerSettings(const std::filesystem::path& folder);

/// Files of a model folder, besides the tokenizer's own, that Hugging Face needs to load the tokenizer; only those
/// that exist.
std::vector<std::filesystem::path> tokenizerSideFiles(const std::filesystem::path& folder);

}  // namespace preflab
