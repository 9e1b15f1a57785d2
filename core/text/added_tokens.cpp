// SPDX-License-Identifier: GPL-3.0-or-later
// Splitting by first byte and length.
#include "core/text/added_tokens.h"

#include <algorithm>

namespace preflab {
namespace {

constexpr std::string_view kWhiteSpace = " \t\n\r\f\v";

}  // namespace

void AddedTokens::add(AddedToken token)
{
    if (token.content.empty() || m_byText.contains(token.content) || m_byId.contains(token.id)) return;
    m_byText.emplace(token.content, token.id);
    auto& candidates = m_byFirstByte[static_cast<unsigned char>(token.content.front())];
    const auto place = std::find_if(candidates.begin(), candidates.end(),
                                    [&](TokenId id) { return m_byId.at(id).content.size() < token.content.size(); });
    candidates.insert(place, token.id);
    m_byId.emplace(token.id, std::move(token));
}

const AddedToken* AddedTokens::matchAt(std::string_view rest) const
{
    for (const TokenId id : m_byFirstByte[static_cast<unsigned char>(rest.front())]) {
        const AddedToken& token = m_byId.at(id);
        if (rest.starts_with(token.content)) return &token;
    }
    return nullptr;
}

std::vector<TextPart> AddedTokens::split(std::string_view text) const
{
    std::vector<TextPart> parts;
    std::size_t begin = 0;
    const auto addText = [&](std::size_t end, bool isStripped) {
        std::string_view between = text.substr(begin, end - begin);
        if (isStripped) between = between.substr(0, between.find_last_not_of(kWhiteSpace) + 1);
        if (!between.empty()) parts.push_back({between, std::nullopt, begin == 0});
    };
    for (std::size_t at = 0; at < text.size();) {
        const AddedToken* token = matchAt(text.substr(at));
        if (token == nullptr) {
            ++at;
            continue;
        }
        addText(at, token->stripsLeft);
        parts.push_back({text.substr(at, token->content.size()), token->id, at == 0});
        begin = at + token->content.size();
        if (token->stripsRight) begin = std::min(text.find_first_not_of(kWhiteSpace, begin), text.size());
        at = begin;
    }
    addText(text.size(), false);
    return parts;
}

std::optional<TokenId> AddedTokens::idOf(std::string_view content) const
{
    const auto found = m_byText.find(content);
    return found == m_byText.end() ? std::nullopt : std::optional<TokenId>(found->second);
}

const AddedToken* AddedTokens::find(TokenId id) const
{
    const auto found = m_byId.find(id);
    return found == m_byId.end() ? nullptr : &found->second;
}

}  // namespace preflab
