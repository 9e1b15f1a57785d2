// SPDX-License-Identifier: GPL-3.0-or-later
// Text to token ids and back, at Hugging Face fidelity. Adding a kind is one file in core/text/tokenizers that
// defines `tokenizer_<stem>`.
#pragma once

#include "core/base/result.h"
#include "core/text/text_decoder.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// One token: its row in the embedding.
using TokenId = std::int32_t;
/// A tokenised text.
using TokenIds = std::vector<TokenId>;

/// Whether the tokenizer's own special tokens are added around a text.
enum class SpecialTokens {
    None,     ///< `add_special_tokens=False`
    Default,  ///< what the tokenizer does by default, e.g. one BOS in front for Llama
};

/// A loaded tokenizer. Immutable and safe to use from several threads.
class Tokenizer {
public:
    virtual ~Tokenizer() = default;
    /// Ids of a UTF-8 text. Special token texts inside ("</s>") become their ids, as Hugging Face does.
    /// TextNotTokenisable; Cancelled, which is looked for within a long text.
    virtual Result<TokenIds> encode(std::string_view text, SpecialTokens special, std::stop_token stop = {}) const = 0;
    /// Begins the text of a sequence; special tokens are left out of it. The decoder does not outlive the tokenizer.
    virtual std::unique_ptr<TextDecoder> decoder() const = 0;
    /// Text of ids, by a decoder.
    std::string decode(std::span<const TokenId> ids) const;
    /// What one id stands for, for token views: "▁the", "</s>".
    virtual std::string piece(TokenId id) const = 0;
    /// Largest id + 1.
    virtual std::int64_t size() const = 0;
    virtual std::optional<TokenId> beginOfSequence() const = 0;
    virtual std::optional<TokenId> endOfSequence() const = 0;
    /// The text of the end-of-sequence token, e.g. "</s>"; empty if there is none.
    virtual std::string endOfSequenceText() const = 0;
    /// For people: "SentencePiece (BPE), 512 pieces".
    virtual std::string description() const = 0;
    /// Content hash of the files that define it: part of cache keys.
    virtual std::string contentHash() const = 0;
    /// Files to copy beside exported weights so that the folder stays loadable.
    virtual std::vector<std::filesystem::path> files() const = 0;
};

/// One kind of tokenizer.
struct TokenizerInfo {
    std::string id;  ///< "sentencepiece"
    std::string title;
    /// Where a folder holds what several kinds need, the one with the highest priority reads it.
    int priority = 0;
    /// True if the model folder holds what this kind needs.
    bool (*isIn)(const std::filesystem::path& folder) = nullptr;
    Result<std::unique_ptr<Tokenizer>> (*open)(const std::filesystem::path& folder) = nullptr;
};

/// All kinds, in order of their file names.
std::span<const TokenizerInfo* const> tokenizers();

/// The tokenizer of a model folder; NoTokenizer or TokenizerInvalid.
Result<std::unique_ptr<Tokenizer>> openTokenizer(const std::filesystem::path& folder);

}  // namespace preflab
