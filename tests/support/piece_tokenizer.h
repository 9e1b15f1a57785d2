// SPDX-License-Identifier: GPL-3.0-or-later
// A tokenizer small enough to see through: one token a character, longer pieces where the test names them.
#pragma once

#include "core/text/tokenizer.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace preflab {

/// Greedy longest match over single bytes (id 3 + byte) and the given pieces (ids from 259). "<s>" is 1, "</s>" is
/// 2. A text with a NUL byte is refused.
class PieceTokenizer final : public Tokenizer {
public:
    explicit PieceTokenizer(std::vector<std::string> pieces = {}, bool addsBegin = true)
        : m_pieces(std::move(pieces)), m_addsBegin(addsBegin)
    {
    }

    Result<TokenIds> encode(std::string_view text, SpecialTokens special, std::stop_token = {}) const override
    {
        if (text.find('\0') != std::string_view::npos)
            return fail(ErrorCode::TextNotTokenisable, {{"reason", "it holds a NUL byte"}});
        TokenIds ids;
        if (special == SpecialTokens::Default && m_addsBegin) ids.push_back(1);
        while (!text.empty()) {
            const auto [id, length] = longest(text);
            ids.push_back(id);
            text.remove_prefix(length);
        }
        return ids;
    }

    std::unique_ptr<TextDecoder> decoder() const override { return std::make_unique<Decoder>(*this); }

    std::string piece(TokenId id) const override
    {
        if (id < 3) return std::vector<std::string>{"<unk>", "<s>", "</s>"}.at(static_cast<std::size_t>(id));
        if (id < 259) return std::string(1, static_cast<char>(id - 3));
        return m_pieces.at(static_cast<std::size_t>(id - 259));
    }

    std::int64_t size() const override { return 259 + static_cast<std::int64_t>(m_pieces.size()); }
    std::optional<TokenId> beginOfSequence() const override { return 1; }
    std::optional<TokenId> endOfSequence() const override { return 2; }
    std::string endOfSequenceText() const override { return "</s>"; }
    std::string description() const override { return "pieces"; }
    std::string contentHash() const override { return "pieces"; }
    std::vector<std::filesystem::path> files() const override { return {}; }

private:
    class Decoder final : public TextDecoder {
    public:
        explicit Decoder(const PieceTokenizer& tokenizer) : m_tokenizer(tokenizer) {}
        std::string add(TokenId id) override { return id < 3 ? std::string() : m_bytes.add(m_tokenizer.piece(id)); }
        std::string finish() override { return m_bytes.finish(); }

    private:
        const PieceTokenizer& m_tokenizer;
        CharacterAssembler m_bytes;
    };

    std::pair<TokenId, std::size_t> longest(std::string_view text) const
    {
        if (text.starts_with("</s>")) return {2, 4};
        if (text.starts_with("<s>")) return {1, 3};
        std::pair<TokenId, std::size_t> best{3 + static_cast<unsigned char>(text.front()), 1};
        for (std::size_t i = 0; i < m_pieces.size(); ++i) {
            if (text.starts_with(m_pieces[i]) && m_pieces[i].size() > best.second)
                best = {static_cast<TokenId>(259 + i), m_pieces[i].size()};
        }
        return best;
    }

    std::vector<std::string> m_pieces;
    bool m_addsBegin;
};

}  // namespace preflab
