// SPDX-License-Identifier: GPL-3.0-or-later
// Checks after sentencepiece_model.proto, whose field numbers stand here.
#include "core/text/sentencepiece_model.h"

#include "core/base/file_reader.h"
#include "core/base/system.h"
#include "core/base/utf8.h"
#include "core/base/wrong_content.h"
#include "core/text/wire_format.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace preflab {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{64} << 20;
constexpr std::int64_t kMaxPieces = 1'000'000;
constexpr std::size_t kMaxPieceBytes = 4096;

// ModelProto
constexpr std::uint64_t kPieces = 1, kTrainerSpec = 2, kNormalizerSpec = 3, kSelfTest = 4, kDenormalizerSpec = 5;
// SentencePiece
constexpr std::uint64_t kPieceText = 1, kPieceScore = 2, kPieceType = 3;
constexpr std::uint64_t kUnknownType = 2, kByteType = 6;
// TrainerSpec
constexpr std::uint64_t kModelType = 3, kWhitespaceAsSuffix = 24, kByteFallback = 35;
constexpr std::uint64_t kUnigramModel = 1, kBpeModel = 2;
// NormalizerSpec
constexpr std::uint64_t kCharsMap = 2, kAddDummyPrefix = 3, kRemoveExtraWhitespaces = 4, kEscapeWhitespaces = 5;

/// Why a file is refused; nothing if it is not.
using Refusal = std::optional<std::string>;

bool isBytePiece(std::string_view text)
{
    const auto isHex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
    };
    return text.size() == 6 && text.starts_with("<0x") && text[5] == '>' && isHex(text[3]) && isHex(text[4]);
}

struct Piece {
    std::string_view text;
    float score = 0;
    std::uint64_t type = 1;
};

Refusal readPiece(std::string_view message, Piece& piece)
{
    WireReader reader(message);
    while (const auto field = reader.next()) {
        if (field->number == kPieceText && field->type == WireType::Bytes) piece.text = field->bytes;
        if (field->number == kPieceType && field->type == WireType::Varint) piece.type = field->value;
        if (field->number == kPieceScore && field->type == WireType::Fixed32) {
            piece.score = std::bit_cast<float>(static_cast<std::uint32_t>(field->value));
        }
    }
    if (reader.isBroken()) return "it is no protobuf message";
    if (piece.text.empty() || piece.text.size() > kMaxPieceBytes) return "its text must be 1 to 4096 bytes long";
    if (firstInvalidUtf8(piece.text)) return "its text is not UTF-8";
    if (!std::isfinite(piece.score)) return "its score is not a finite number";
    if (piece.type < 1 || piece.type > 6) return "its type is unknown";
    if (piece.type == kByteType && !isBytePiece(piece.text)) return "a byte must be written as <0x00> to <0xFF>";
    return std::nullopt;
}

/// One unit of a double-array trie as darts-clone packs it.
struct TrieUnit {
    std::uint32_t bits = 0;
    bool isValue() const { return (bits >> 31) != 0; }
    bool hasLeaf() const { return ((bits >> 8) & 1U) != 0; }
    std::uint32_t value() const { return bits & 0x7FFFFFFFU; }
    std::size_t offset() const { return std::size_t{bits >> 10} << ((bits & (1U << 9)) >> 6); }
};

/// The library looks up every input byte without comparing any index with the size.
Refusal checkTrie(const std::vector<TrieUnit>& units, std::size_t textBytes)
{
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (units[i].isValue()) continue;
        const std::size_t children = i ^ units[i].offset();
        if ((children | 0xFFU) >= units.size()) return "its normaliser's table points outside itself";
        if (units[i].hasLeaf() && units[children].value() >= textBytes) {
            return "its normaliser's table points outside its text";
        }
    }
    return std::nullopt;
}

/// u32 size of the trie, the trie, NUL-terminated replacements.
Refusal checkCharsMap(std::string_view map)
{
    if (map.empty()) return std::nullopt;
    std::uint32_t trieBytes = 0;
    if (map.size() < sizeof(trieBytes)) return "its normaliser is cut off";
    std::memcpy(&trieBytes, map.data(), sizeof(trieBytes));
    map.remove_prefix(sizeof(trieBytes));
    if (trieBytes > map.size() || trieBytes % sizeof(TrieUnit) != 0 || trieBytes == 0) {
        return "its normaliser has an impossible size";
    }
    const std::string_view texts = map.substr(trieBytes);
    if (texts.empty() || texts.back() != '\0') return "its normaliser's text does not end";
    std::vector<TrieUnit> units(trieBytes / sizeof(TrieUnit));
    std::memcpy(units.data(), map.data(), trieBytes);
    return checkTrie(units, texts.size());
}

/// Reads one file into `m_model`.
class ModelChecker {
public:
    Refusal check(std::string_view file);
    SentencePieceModel take() { return std::move(m_model); }

private:
    Refusal addField(const WireField& field);
    Refusal addPiece(std::string_view message);
    Refusal addTrainer(std::string_view message);
    Refusal addNormalizer(const WireField& field);
    void appendNormalizer();

    SentencePieceModel m_model;
    std::int64_t m_unknownPieces = 0;
    bool m_hasTrainer = false;
    std::optional<std::string_view> m_normalizer;
};

Refusal ModelChecker::check(std::string_view file)
{
    WireReader reader(file);
    while (const auto field = reader.next()) {
        if (auto refusal = addField(*field)) return refusal;
    }
    if (reader.isBroken()) return "it is cut off or no SentencePiece model";
    if (m_model.pieces == 0) return "it has no pieces";
    if (m_unknownPieces != 1) return "it must have exactly one piece for unknown text";
    if (!m_hasTrainer || !m_normalizer) return "it says neither how it was trained nor how it normalises";
    appendNormalizer();
    return std::nullopt;
}

Refusal ModelChecker::addField(const WireField& field)
{
    const bool isKnown = field.number >= kPieces && field.number <= kDenormalizerSpec;
    if (isKnown && field.type != WireType::Bytes) return "one of its parts has the wrong type";
    // The self test was made with the file's own treatment of spaces.
    if (field.number == kSelfTest) return std::nullopt;
    if (field.number == kNormalizerSpec) return addNormalizer(field);
    m_model.serialized += field.encoded;
    if (field.number == kPieces) return addPiece(field.bytes);
    if (field.number == kTrainerSpec) return addTrainer(field.bytes);
    if (field.number == kDenormalizerSpec) {
        WireReader reader(field.bytes);
        while (const auto part = reader.next()) {
            if (part->number != kCharsMap) continue;
            if (auto refusal = checkCharsMap(part->bytes)) return refusal;
        }
        if (reader.isBroken()) return "its denormaliser is no protobuf message";
    }
    return std::nullopt;
}

Refusal ModelChecker::addPiece(std::string_view message)
{
    if (m_model.pieces == kMaxPieces) return "it has more than " + countText(kMaxPieces) + " pieces";
    Piece piece;
    if (auto refusal = readPiece(message, piece)) return "piece " + std::to_string(m_model.pieces) + ": " + *refusal;
    if (piece.type == kUnknownType) ++m_unknownPieces;
    ++m_model.pieces;
    return std::nullopt;
}

Refusal ModelChecker::addTrainer(std::string_view message)
{
    if (m_hasTrainer) return "it says twice how it was trained";
    m_hasTrainer = true;
    std::uint64_t kind = kUnigramModel;
    WireReader reader(message);
    while (const auto field = reader.next()) {
        if (field->number == kModelType) kind = field->value;
        if (field->number == kByteFallback) m_model.hasByteFallback = field->value != 0;
        if (field->number == kWhitespaceAsSuffix && field->value != 0) return "spaces behind words are not supported";
    }
    if (reader.isBroken()) return "its training settings are no protobuf message";
    if (kind != kUnigramModel && kind != kBpeModel) return "only BPE and unigram models are supported";
    m_model.kind = kind == kBpeModel ? SentencePieceKind::Bpe : SentencePieceKind::Unigram;
    return std::nullopt;
}

Refusal ModelChecker::addNormalizer(const WireField& field)
{
    if (m_normalizer) return "it says twice how it normalises";
    m_normalizer = field.bytes;
    WireReader reader(field.bytes);
    while (const auto part = reader.next()) {
        if (part->number == kAddDummyPrefix) m_model.addsDummyPrefix = part->value != 0;
        if (part->number == kEscapeWhitespaces && part->value == 0) return "plain spaces in pieces are not supported";
        if (part->number != kCharsMap) continue;
        m_model.mapsCharacters = m_model.mapsCharacters || !part->bytes.empty();
        if (auto refusal = checkCharsMap(part->bytes)) return refusal;
    }
    if (reader.isBroken()) return "its normaliser is no protobuf message";
    return std::nullopt;
}

void ModelChecker::appendNormalizer()
{
    std::string spec;
    WireReader reader(*m_normalizer);
    while (const auto part = reader.next()) {
        const bool isOurs = part->number == kAddDummyPrefix || part->number == kRemoveExtraWhitespaces;
        if (m_model.kind != SentencePieceKind::Bpe || !isOurs) spec += part->encoded;
    }
    if (m_model.kind == SentencePieceKind::Bpe) {
        appendVarintField(spec, kAddDummyPrefix, 0);
        appendVarintField(spec, kRemoveExtraWhitespaces, 0);
    }
    appendBytesField(m_model.serialized, kNormalizerSpec, spec);
}

}  // namespace

Result<SentencePieceModel> readSentencePieceModel(const std::filesystem::path& path)
{
    TRY(const auto file, readTextFile(path, kMaxFileBytes));
    if (const auto wrong = wrongContent(file, file.size())) {
        return fail(ErrorCode::NotTheContent,
                    {{"path", path.string()}, {"found", wrong->found}, {"remedy", wrong->remedy}});
    }
    ModelChecker checker;
    if (auto refusal = checker.check(file)) {
        return fail(ErrorCode::TokenizerInvalid, {{"path", path.string()}, {"reason", *refusal}});
    }
    return checker.take();
}

}  // namespace preflab
