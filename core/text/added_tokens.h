// SPDX-License-Identifier: GPL-3.0-or-later
// Cutting added tokens out of a text, as Hugging Face does before its models see it.
#pragma once

#include "core/text/tokenizer_settings.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// A part of a text: an added token, or what stands between two of them.
struct TextPart {
    std::string_view text;
    std::optional<TokenId> token;
    bool isAtStart = false;  ///< nothing stands before it in the whole text
};

/// Finds added tokens; of those that begin at the same place the longest counts.
class AddedTokens {
public:
    /// Adds a token; the first with a text or an id counts.
    void add(AddedToken token);

    /// Splits a text. Empty parts are left out.
    std::vector<TextPart> split(std::string_view text) const;
    /// The id of a token's text.
    std::optional<TokenId> idOf(std::string_view content) const;
    /// The token of an id, or nullptr.
    const AddedToken* find(TokenId id) const;
    /// Largest id + 1; 0 without tokens.
    TokenId idEnd() const { return m_byId.empty() ? 0 : m_byId.rbegin()->first + 1; }

private:
    const AddedToken* matchAt(std::string_view rest) const;
    std::map<TokenId, AddedToken> m_byId;
    std::map<std::string, TokenId, std::less<>> m_byText;
    std::array<std::vector<TokenId>, 256> m_byFirstByte;  ///< longest text first
};

}  // namespace preflab
