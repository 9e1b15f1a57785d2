// SPDX-License-Identifier: GPL-3.0-or-later
// A SentencePiece model file, checked before the library sees it, which trusts what it is given.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace preflab {

/// Kinds of SentencePiece models that can be used; words and characters cannot.
enum class SentencePieceKind { Unigram, Bpe };

/// A model file that passed every check.
struct SentencePieceModel {
    SentencePieceKind kind = SentencePieceKind::Unigram;
    std::int64_t pieces = 0;
    bool addsDummyPrefix = true;   ///< the file asks for a space in front of each text
    bool hasByteFallback = false;  ///< what has no piece becomes bytes
    bool mapsCharacters = false;   ///< the normaliser makes other characters of some
    /// The file's content for the library, without its self test. For BPE, with which Hugging Face keeps every space
    /// and we place the prefix ourselves, the library is told to do neither.
    std::string serialized;
};

/// Checks the wire format, every piece (1 to 4096 bytes, UTF-8, finite score, known type, one unknown piece) and the
/// tries of the normalisers, whose offsets the library follows without looking. TokenizerInvalid or a file's error.
Result<SentencePieceModel> readSentencePieceModel(const std::filesystem::path& path);

}  // namespace preflab
