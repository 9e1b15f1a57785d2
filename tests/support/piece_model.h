// SPDX-License-Identifier: GPL-3.0-or-later
// SentencePiece model files made by hand, good and bad, without training one.
#pragma once

#include "core/text/wire_format.h"

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace preflab::test {

/// One piece; types as in sentencepiece_model.proto.
struct ModelPiece {
    enum Type : std::uint64_t { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 };
    std::string text;
    float score = 0;
    std::uint64_t type = Normal;
};

/// What the file says about itself.
struct ModelOptions {
    std::uint64_t modelType = 2;  ///< BPE
    bool hasByteFallback = true;
    bool addsDummyPrefix = true;
    bool removesExtraWhitespaces = true;
    std::string charsMap;
};

/// <unk>, <s>, </s>, the 256 bytes, the letters of `letters`, then `merged`, best first.
inline std::vector<ModelPiece> modelPieces(std::string_view letters, const std::vector<std::string>& merged)
{
    std::vector<ModelPiece> pieces{
        {"<unk>", 0, ModelPiece::Unknown}, {"<s>", 0, ModelPiece::Control}, {"</s>", 0, ModelPiece::Control}};
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    for (std::size_t byte = 0; byte < 256; ++byte) {
        pieces.push_back({std::string("<0x") + kDigits[byte / 16] + kDigits[byte % 16] + ">", 0, ModelPiece::Byte});
    }
    float score = 0;
    for (const std::string& text : merged) pieces.push_back({text, score -= 1, ModelPiece::Normal});
    pieces.push_back({"\xE2\x96\x81", score -= 1, ModelPiece::Normal});
    for (const char letter : letters) pieces.push_back({std::string(1, letter), score -= 1, ModelPiece::Normal});
    return pieces;
}

/// The bytes of a model file.
inline std::string modelFile(const std::vector<ModelPiece>& pieces, const ModelOptions& options = {})
{
    std::string file;
    for (const ModelPiece& piece : pieces) {
        std::string message;
        appendBytesField(message, 1, piece.text);
        message += '\x15';  // field 2, 32 bits
        const auto score = std::bit_cast<std::uint32_t>(piece.score);
        for (int shift = 0; shift < 32; shift += 8) {
            message += static_cast<char>(static_cast<unsigned char>(score >> shift));
        }
        appendVarintField(message, 3, piece.type);
        appendBytesField(file, 1, message);
    }
    std::string trainer;
    appendVarintField(trainer, 3, options.modelType);
    appendVarintField(trainer, 35, options.hasByteFallback ? 1 : 0);
    appendBytesField(file, 2, trainer);
    std::string normalizer;
    appendBytesField(normalizer, 1, "identity");
    if (!options.charsMap.empty()) appendBytesField(normalizer, 2, options.charsMap);
    appendVarintField(normalizer, 3, options.addsDummyPrefix ? 1 : 0);
    appendVarintField(normalizer, 4, options.removesExtraWhitespaces ? 1 : 0);
    appendBytesField(file, 3, normalizer);
    return file;
}

/// Knows "hello world", other characters as bytes: 259 "he", 260 "ll", 261 "▁w", 262 "▁he", 263 "▁▁", 264 "▁",
/// then the letters d e h l o r w.
inline std::string helloModel(const ModelOptions& options = {})
{
    const std::string space = "\xE2\x96\x81";
    return modelFile(modelPieces("dehlorw", {"he", "ll", space + "w", space + "he", space + space}), options);
}

}  // namespace preflab::test
