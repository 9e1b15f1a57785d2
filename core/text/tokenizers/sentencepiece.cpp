// SPDX-License-Identifier: GPL-3.0-or-later
// SentencePiece's tokenizer.model with the behaviour of Hugging Face's LlamaTokenizer: special tokens are cut out of
// the text, every space counts, and only the very beginning of a text gets the prefix space.
#include "core/base/hash.h"
#include "core/base/utf8.h"
#include "core/text/added_tokens.h"
#include "core/text/piece_breaks.h"
#include "core/text/sentencepiece_model.h"
#include "core/text/tokenizer.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <mutex>

namespace preflab {
namespace {

constexpr const char* kFile = "tokenizer.model";
/// Longer texts are encoded in parts of about this size, if there are places to cut them.
constexpr std::size_t kPartBytes = std::size_t{64} << 10;

tl::unexpected<Error> invalid(const std::filesystem::path& path, const std::string& reason)
{
    return fail(ErrorCode::TokenizerInvalid, {{"path", path.string()}, {"reason", reason}});
}

class SentencePieceTokenizer : public Tokenizer {
public:
    static Result<std::unique_ptr<Tokenizer>> open(const std::filesystem::path& folder);

    Result<TokenIds> encode(std::string_view text, SpecialTokens special, std::stop_token stop) const override;
    std::unique_ptr<TextDecoder> decoder() const override;
    std::string piece(TokenId id) const override;
    std::int64_t size() const override { return std::max<std::int64_t>(m_pieces, m_added.idEnd()); }
    std::optional<TokenId> beginOfSequence() const override { return m_beginOfSequence; }
    std::optional<TokenId> endOfSequence() const override { return m_endOfSequence; }
    std::string endOfSequenceText() const override { return m_endOfSequence ? piece(*m_endOfSequence) : ""; }
    std::string description() const override;
    std::string contentHash() const override { return m_hash; }
    std::vector<std::filesystem::path> files() const override { return m_files; }

    /// What an id adds to a text.
    struct DecodedToken {
        std::string text;
        bool isByte = false;  ///< `text` is one byte of a character
    };
    DecodedToken decoded(TokenId id) const;

private:
    Result<> load(const std::filesystem::path& folder);
    Result<> loadSpecialTokens(const TokenizerSettings& settings, const std::filesystem::path& file);
    Result<std::optional<TokenId>> specialToken(const std::optional<std::string>& name, int fallback,
                                                const std::filesystem::path& file);
    Result<> hashFiles();
    Result<> appendText(const TextPart& part, const std::stop_token& stop, TokenIds& ids) const;
    Result<> appendPieces(std::string_view text, TokenIds& ids) const;
    const PieceBreaks& breaks() const;
    bool isLeftOut(TokenId id) const;

    sentencepiece::SentencePieceProcessor m_processor;
    SentencePieceKind m_kind = SentencePieceKind::Bpe;
    bool m_hasByteFallback = false;
    bool m_mapsCharacters = false;
    TokenId m_pieces = 0;
    bool m_addsPrefix = true;
    bool m_addsPrefixEverywhere = false;
    bool m_addsBeginOfSequence = true;
    bool m_addsEndOfSequence = false;
    AddedTokens m_added;
    std::optional<TokenId> m_beginOfSequence;
    std::optional<TokenId> m_endOfSequence;
    std::vector<std::filesystem::path> m_files;
    std::string m_hash;
    mutable std::once_flag m_breaksMade;  ///< only a long text needs them
    mutable std::optional<PieceBreaks> m_breaks;
};

Result<std::unique_ptr<Tokenizer>> SentencePieceTokenizer::open(const std::filesystem::path& folder)
{
    auto tokenizer = std::make_unique<SentencePieceTokenizer>();
    try {
        TRY_VOID(tokenizer->load(folder));
    } catch (const std::exception& exception) {
        return invalid(folder / kFile, exception.what());
    }
    return std::unique_ptr<Tokenizer>(std::move(tokenizer));
}

Result<> SentencePieceTokenizer::load(const std::filesystem::path& folder)
{
    const auto file = folder / kFile;
    TRY(const auto settings, readTokenizerSettings(folder));
    TRY(const auto model, readSentencePieceModel(file));
    if (const auto status = m_processor.LoadFromSerializedProto(model.serialized); !status.ok()) {
        return invalid(file, status.error_message());
    }
    m_kind = model.kind;
    m_hasByteFallback = model.hasByteFallback;
    m_mapsCharacters = model.mapsCharacters;
    m_pieces = static_cast<TokenId>(model.pieces);
    m_addsPrefix = model.addsDummyPrefix && settings.addsPrefixSpace.value_or(true);
    m_addsPrefixEverywhere = settings.isLegacy;
    TRY_VOID(loadSpecialTokens(settings, file));
    m_addsBeginOfSequence = m_beginOfSequence.has_value() && settings.addsBeginOfSequence.value_or(true);
    m_addsEndOfSequence = m_endOfSequence.has_value() && settings.addsEndOfSequence.value_or(false);
    m_files = tokenizerSideFiles(folder);
    m_files.insert(m_files.begin(), file);
    return hashFiles();
}

Result<> SentencePieceTokenizer::loadSpecialTokens(const TokenizerSettings& settings, const std::filesystem::path& file)
{
    for (const AddedToken& token : settings.addedTokens) {
        // An id far behind the pieces would ask for an embedding of that many rows.
        if (std::int64_t{token.id} >= 4 * std::int64_t{m_pieces} + 1024) {
            return invalid(file, "the added token " + token.content + " has the id " + std::to_string(token.id) +
                                     ", but there are only " + std::to_string(m_pieces) + " pieces");
        }
        m_added.add(token);
    }
    TRY(m_beginOfSequence, specialToken(settings.beginOfSequence, m_processor.bos_id(), file));
    TRY(m_endOfSequence, specialToken(settings.endOfSequence, m_processor.eos_id(), file));
    TRY_VOID(specialToken(settings.unknown, m_processor.unk_id(), file));
    return {};
}

/// The token of that name, or else the model's own; it becomes an added token.
Result<std::optional<TokenId>> SentencePieceTokenizer::specialToken(const std::optional<std::string>& name,
                                                                    int fallback, const std::filesystem::path& file)
{
    if (!name && (fallback < 0 || fallback >= m_pieces)) return std::optional<TokenId>();
    const std::string text = name ? *name : m_processor.IdToPiece(fallback);
    if (const auto id = m_added.idOf(text)) return id;
    const TokenId id = m_processor.PieceToId(text);
    if (id < 0 || id >= m_pieces || m_processor.IdToPiece(id) != text) {
        return invalid(file, "it has no piece " + text + ", which tokenizer_config.json names");
    }
    m_added.add({id, text, true, false, false});
    return std::optional<TokenId>(id);
}

Result<> SentencePieceTokenizer::hashFiles()
{
    ContentHash hash;
    for (const auto& path : m_files) {
        TRY(const auto content, hashFile(path));
        hash.add(path.filename().string() + "\n" + content + "\n");
    }
    m_hash = hash.hex();
    return {};
}

Result<> SentencePieceTokenizer::appendText(const TextPart& part, const std::stop_token& stop, TokenIds& ids) const
{
    std::string text(part.text);
    const bool isPrefixed = m_kind == SentencePieceKind::Bpe && m_addsPrefix &&
                            (part.isAtStart || m_addsPrefixEverywhere) && !part.text.starts_with(' ') &&
                            !part.text.starts_with(kSpaceMark);
    if (isPrefixed) text.insert(0, " ");
    // A unigram model weighs the whole text.
    const bool isCut = text.size() > kPartBytes && m_kind == SentencePieceKind::Bpe && !m_mapsCharacters;
    if (!isCut) return appendPieces(text, ids);
    for (std::size_t at = 0; at < text.size();) {
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        const std::size_t end = breaks().next(text, std::min(text.size(), at + kPartBytes));
        TRY_VOID(appendPieces(std::string_view(text).substr(at, end - at), ids));
        at = end;
    }
    return {};
}

Result<> SentencePieceTokenizer::appendPieces(std::string_view text, TokenIds& ids) const
{
    std::vector<int> found;
    if (const auto status = m_processor.Encode(text, &found); !status.ok()) {
        return fail(ErrorCode::TextNotTokenisable, {{"reason", status.error_message()}});
    }
    ids.insert(ids.end(), found.begin(), found.end());
    return {};
}

const PieceBreaks& SentencePieceTokenizer::breaks() const
{
    std::call_once(m_breaksMade, [this] {
        std::vector<std::string> pieces(static_cast<std::size_t>(m_pieces));
        for (TokenId id = 0; id < m_pieces; ++id) pieces[static_cast<std::size_t>(id)] = m_processor.IdToPiece(id);
        m_breaks.emplace(pieces, m_hasByteFallback);
    });
    return *m_breaks;
}

Result<TokenIds> SentencePieceTokenizer::encode(std::string_view text, SpecialTokens special,
                                                std::stop_token stop) const
{
    if (const auto offset = firstInvalidUtf8(text)) {
        return fail(ErrorCode::TextNotTokenisable, {{"reason", "byte " + std::to_string(*offset) + " is not UTF-8"}});
    }
    const bool isDefault = special == SpecialTokens::Default;
    TokenIds ids;
    if (isDefault && m_addsBeginOfSequence) ids.push_back(*m_beginOfSequence);
    try {
        for (const TextPart& part : m_added.split(text)) {
            if (part.token) {
                ids.push_back(*part.token);
            } else {
                TRY_VOID(appendText(part, stop, ids));
            }
        }
    } catch (const std::exception& exception) {
        return fail(ErrorCode::TextNotTokenisable, {{"reason", exception.what()}});
    }
    if (isDefault && m_addsEndOfSequence) ids.push_back(*m_endOfSequence);
    return ids;
}

bool SentencePieceTokenizer::isLeftOut(TokenId id) const
{
    if (const AddedToken* token = m_added.find(id)) return token->isSpecial;
    return id < 0 || id >= m_pieces || m_processor.IsControl(id) || m_processor.IsUnknown(id);
}

SentencePieceTokenizer::DecodedToken SentencePieceTokenizer::decoded(TokenId id) const
{
    if (isLeftOut(id)) return {};
    std::string text = piece(id);
    if (id < m_pieces && m_processor.IsByte(id)) {
        unsigned value = 0;
        std::from_chars(text.data() + 3, text.data() + 5, value, 16);  // "<0x41>"
        return {std::string(1, static_cast<char>(static_cast<unsigned char>(value))), true};
    }
    for (auto mark = text.find(kSpaceMark); mark != std::string::npos; mark = text.find(kSpaceMark, mark)) {
        text.replace(mark, kSpaceMark.size(), " ");
    }
    return {std::move(text), false};
}

/// The prefix space that encoding puts in front of a text is left out of it again.
class SentencePieceDecoder final : public TextDecoder {
public:
    SentencePieceDecoder(const SentencePieceTokenizer& tokenizer, bool dropsSpace)
        : m_tokenizer(tokenizer), m_dropsSpace(dropsSpace)
    {
    }

    std::string add(TokenId id) override
    {
        const auto token = m_tokenizer.decoded(id);
        if (token.text.empty()) return {};
        if (token.isByte) return shown(m_bytes.add(token.text));
        const std::string text = m_bytes.finish();
        return shown(text + token.text);
    }

    std::string finish() override { return shown(m_bytes.finish()); }

private:
    std::string shown(std::string text)
    {
        if (text.empty()) return text;
        if (m_dropsSpace && text.starts_with(' ')) text.erase(0, 1);
        m_dropsSpace = false;
        return text;
    }

    const SentencePieceTokenizer& m_tokenizer;
    CharacterAssembler m_bytes;
    bool m_dropsSpace;
};

std::unique_ptr<TextDecoder> SentencePieceTokenizer::decoder() const
{
    return std::make_unique<SentencePieceDecoder>(*this, m_addsPrefix);
}

std::string SentencePieceTokenizer::piece(TokenId id) const
{
    if (const AddedToken* token = m_added.find(id)) return token->content;
    return id >= 0 && id < m_pieces ? m_processor.IdToPiece(id) : std::string();
}

std::string SentencePieceTokenizer::description() const
{
    const std::string kind = m_kind == SentencePieceKind::Bpe ? "BPE" : "unigram";
    return "SentencePiece (" + kind + "), " + std::to_string(size()) + " pieces";
}

bool isIn(const std::filesystem::path& folder)
{
    std::error_code ignored;
    return std::filesystem::exists(folder / kFile, ignored);
}

}  // namespace

extern const TokenizerInfo tokenizer_sentencepiece;
const TokenizerInfo tokenizer_sentencepiece{"sentencepiece", "SentencePiece", 10, isIn, SentencePieceTokenizer::open};

}  // namespace preflab
