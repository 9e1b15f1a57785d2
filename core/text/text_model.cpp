// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a model's text side.
#include "core/text/text_model.h"

#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/model/model_place.h"
#include "core/text/end_tokens.h"

#include <cstdint>
#include <set>
#include <utility>

namespace preflab {
namespace {

constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{1} << 20;

/// Adds what config.json and generation_config.json name; ascending, each once.
Result<> addEndTokens(const ModelFolder& model, std::vector<TokenId>& tokens)
{
    TRY(const auto configured, endTokensIn(JsonObject(model.config, model.path / "config.json")));
    std::set<TokenId> ids(tokens.begin(), tokens.end());
    ids.insert(configured.begin(), configured.end());
    if (const auto file = model.generationConfig()) {
        TRY(const Json json, readJsonFile(*file, kMaxConfigBytes));
        TRY(const auto generation, endTokensIn(JsonObject(json, *file)));
        ids.insert(generation.begin(), generation.end());
    }
    tokens.assign(ids.begin(), ids.end());
    return {};
}

}  // namespace

Result<TextModel> TextModel::open(const std::filesystem::path& folder, const ChatTemplate& chatTemplate)
{
    TRY(std::shared_ptr<const Tokenizer> tokenizer, openTokenizer(folder));
    TextModel text{std::move(tokenizer), &chatTemplate};
    if (const auto end = text.tokenizer->endOfSequence()) text.endTokens.push_back(*end);
    return text;
}

Result<TextModel> TextModel::open(const ModelFolder& model, const ChatTemplate& chatTemplate)
{
    TRY(TextModel text, open(model.path, chatTemplate));
    if (text.tokenizer->size() > model.decoder.vocabularySize)
        return fail(ErrorCode::TokenizerTooLarge, {{"path", model.path.string()},
                                                   {"pieces", std::to_string(text.tokenizer->size())},
                                                   {"rows", std::to_string(model.decoder.vocabularySize)}});
    // Checkpoints carry these files along.
    for (const auto& file : text.tokenizer->files()) TRY_VOID(checkIsInside(file));
    TRY_VOID(addEndTokens(model, text.endTokens));
    return text;
}

std::string TextModel::contentHash() const
{
    ContentHash hash;
    hash.add(tokenizer->contentHash() + "\n" + chatTemplate->id + "\n");
    return hash.hex();
}

}  // namespace preflab
