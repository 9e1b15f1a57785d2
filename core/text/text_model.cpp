// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a model's text side.
#include "core/text/text_model.h"

#include "core/base/hash.h"

#include <utility>

namespace preflab {

Result<TextModel> TextModel::open(const std::filesystem::path& folder, const ChatTemplate& chatTemplate)
{
    TRY(std::shared_ptr<const Tokenizer> tokenizer, openTokenizer(folder));
    return TextModel{std::move(tokenizer), &chatTemplate};
}

Result<TextModel> TextModel::open(const ModelFolder& model, const ChatTemplate& chatTemplate)
{
    TRY(TextModel text, open(model.path, chatTemplate));
    if (text.tokenizer->size() > model.decoder.vocabularySize)
        return fail(ErrorCode::TokenizerTooLarge, {{"path", model.path.string()},
                                                   {"pieces", std::to_string(text.tokenizer->size())},
                                                   {"rows", std::to_string(model.decoder.vocabularySize)}});
    return text;
}

std::string TextModel::contentHash() const
{
    ContentHash hash;
    hash.add(tokenizer->contentHash() + "\n" + chatTemplate->id + "\n");
    return hash.hex();
}

}  // namespace preflab
