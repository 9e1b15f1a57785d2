// SPDX-License-Identifier: GPL-3.0-or-later
// Everything about a model that decides how text becomes tokens.
#pragma once

#include "core/base/result.h"
#include "core/model/model_folder.h"
#include "core/text/chat_template.h"
#include "core/text/tokenizer.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace preflab {

/// A model's tokenizer and the template that writes its conversations. Cheap to copy; safe to share between threads.
struct TextModel {
    std::shared_ptr<const Tokenizer> tokenizer;
    const ChatTemplate* chatTemplate = &defaultChatTemplate();
    /// Ids that end an answer, by the tokenizer and, for an opened model, config.json and generation_config.json; in
    /// ascending order. Training appends the tokenizer's own alone.
    std::vector<TokenId> endTokens = {};

    /// Opens the tokenizer of a model folder: NoTokenizer, TokenizerInvalid.
    static Result<TextModel> open(const std::filesystem::path& folder,
                                  const ChatTemplate& chatTemplate = defaultChatTemplate());
    /// The same for an opened model; TokenizerTooLarge where its embedding has no row for a token, TokenizerInvalid for
    /// files that are links out of the model's folder, ConfigInvalid for end tokens that are none.
    static Result<TextModel> open(const ModelFolder& model, const ChatTemplate& chatTemplate = defaultChatTemplate());
    /// Names everything in here that decides token ids: part of cache keys.
    std::string contentHash() const;
};

}  // namespace preflab
