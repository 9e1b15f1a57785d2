// SPDX-License-Identifier: GPL-3.0-or-later
// Reading of the JSON files beside a tokenizer.
#include "core/text/tokenizer_settings.h"

#include "core/base/json.h"
#include "core/model/config_options.h"
#include "core/model/model_place.h"

#include <charconv>

namespace preflab {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{16} << 20;
constexpr std::size_t kMaxTokenBytes = 1024;
constexpr TokenId kMaxTokenId = (1 << 24) - 1;

constexpr const char* kConfigFile = "tokenizer_config.json";
constexpr const char* kSpecialFile = "special_tokens_map.json";
constexpr const char* kAddedFile = "added_tokens.json";

/// An object from a file; an empty one if the file is not there.
Result<Json> objectIn(const std::filesystem::path& file)
{
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return Json::object();
    TRY_VOID(checkIsInside(file));
    TRY(Json json, readJsonFile(file, kMaxFileBytes));
    if (!json.is_object()) return invalidOption(JsonObject(json, file), "its beginning", "must be an object");
    return json;
}

Result<std::optional<bool>> flagIn(const JsonObject& object, std::string_view key)
{
    if (!object.has(key)) return std::optional<bool>();
    TRY(const bool value, object.boolean(key));
    return std::optional<bool>(value);
}

/// A token is written as "</s>" or as {"content": "</s>", ...}.
Result<std::optional<std::string>> tokenTextIn(const JsonObject& object, std::string_view key)
{
    if (!object.has(key)) return std::optional<std::string>();
    const Json& value = *object.json().find(key);
    TRY(std::string text, value.is_object() ? JsonObject(value, object.file()).string("content") : object.string(key));
    if (text.empty() || text.size() > kMaxTokenBytes) {
        return invalidOption(object, key, "must be 1 to 1024 bytes long");
    }
    return std::optional<std::string>(std::move(text));
}

Result<AddedToken> addedToken(const JsonObject& owner, const std::string& key, std::int64_t id, std::string content)
{
    if (id < 0 || id > kMaxTokenId) return invalidOption(owner, key, "token ids go from 0 to 16777215");
    if (content.empty() || content.size() > kMaxTokenBytes) {
        return invalidOption(owner, key, "must be 1 to 1024 bytes long");
    }
    AddedToken token;
    token.id = static_cast<TokenId>(id);
    token.content = std::move(content);
    return token;
}

/// tokenizer_config.json: {"32000": {"content": "<|im_start|>", "special": true, "lstrip": false, ...}}.
Result<> readDecoderTable(const JsonObject& config, TokenizerSettings& settings)
{
    const Json& table = *config.json().find("added_tokens_decoder");
    if (!table.is_object()) return invalidOption(config, "added_tokens_decoder", "must be an object");
    for (const auto& item : table.items()) {
        const std::string& key = item.key();
        std::int64_t id = -1;
        const auto end = std::from_chars(key.data(), key.data() + key.size(), id).ptr;
        if (end != key.data() + key.size() || !item.value().is_object()) {
            return invalidOption(config, "added_tokens_decoder", "must give an object for each token id");
        }
        const JsonObject entry(item.value(), config.file());
        TRY(auto content, entry.string("content"));
        TRY(AddedToken token, addedToken(config, "added_tokens_decoder." + key, id, std::move(content)));
        TRY(token.isSpecial, entry.boolean("special", false));
        TRY(token.stripsLeft, entry.boolean("lstrip", false));
        TRY(token.stripsRight, entry.boolean("rstrip", false));
        TRY(const bool isSingleWord, entry.boolean("single_word", false));
        if (isSingleWord) return unsupportedOption(config, "added_tokens_decoder." + key + ".single_word", "true");
        settings.addedTokens.push_back(std::move(token));
    }
    return {};
}

/// added_tokens.json: {"<|im_start|>": 32000}, written by older versions.
Result<> readAddedFile(const std::filesystem::path& file, TokenizerSettings& settings)
{
    TRY(const Json json, objectIn(file));
    const JsonObject object(json, file);
    for (const auto& item : json.items()) {
        TRY(const auto id, object.integer(item.key()));
        TRY(AddedToken token, addedToken(object, item.key(), id, item.key()));
        settings.addedTokens.push_back(std::move(token));
    }
    return {};
}

}  // namespace

Result<TokenizerSettings> readTokenizerSettings(const std::filesystem::path& folder)
{
    TRY(const Json configJson, objectIn(folder / kConfigFile));
    TRY(const Json specialJson, objectIn(folder / kSpecialFile));
    const JsonObject config(configJson, folder / kConfigFile);
    const JsonObject special(specialJson, folder / kSpecialFile);
    const auto nameOf = [&](std::string_view key) { return tokenTextIn(config.has(key) ? config : special, key); };

    TokenizerSettings settings;
    TRY(settings.addsBeginOfSequence, flagIn(config, "add_bos_token"));
    TRY(settings.addsEndOfSequence, flagIn(config, "add_eos_token"));
    TRY(settings.addsPrefixSpace, flagIn(config, "add_prefix_space"));
    TRY(settings.isLegacy, config.boolean("legacy", false));
    TRY(settings.beginOfSequence, nameOf("bos_token"));
    TRY(settings.endOfSequence, nameOf("eos_token"));
    TRY(settings.unknown, nameOf("unk_token"));
    if (config.has("added_tokens_decoder")) {
        TRY_VOID(readDecoderTable(config, settings));
    } else {
        TRY_VOID(readAddedFile(folder / kAddedFile, settings));
    }
    return settings;
}

std::vector<std::filesystem::path> tokenizerSideFiles(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    for (const char* name : {kConfigFile, kSpecialFile, kAddedFile, "tokenizer.json", "chat_template.jinja"}) {
        std::error_code ignored;
        if (std::filesystem::is_regular_file(folder / name, ignored)) files.push_back(folder / name);
    }
    return files;
}

}  // namespace preflab
