// SPDX-License-Identifier: GPL-3.0-or-later
// Opening the text side of a model folder, and turning ids back into text one by one.
#include "core/text/text_model.h"
#include "support/piece_tokenizer.h"
#include "support/results.h"
#include "support/tiny_model.h"

#include <QtTest>

using namespace preflab;
using namespace preflab::test;

namespace {

/// What a decoder shows after a context, piece by piece, of a text given byte by byte.
QStringList streamed(const PieceTokenizer& tokenizer, const std::string& context, const std::string& text)
{
    const auto decoder = tokenizer.decoder();
    const TokenIds before = tokenizer.encode(context, SpecialTokens::Default).value();
    for (const TokenId id : before) (void)decoder->add(id);
    QStringList pieces;
    for (const char byte : text) {
        const TokenIds one = tokenizer.encode(std::string(1, byte), SpecialTokens::None).value();
        const std::string piece = decoder->add(one.at(0));
        if (!piece.empty()) pieces << QString::fromStdString(piece);
    }
    const std::string rest = decoder->finish();
    return rest.empty() ? pieces : pieces << "rest:" + QString::fromStdString(rest);
}

}  // namespace

class TextModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensWhatTheFolderHolds()
    {
        const ScratchFolder folder;
        const auto path = writeTinyModel(folder / "tiny");
        const auto model = ModelFolder::open(path).value();
        const auto text = TextModel::open(model);
        QCOMPARE(problemOf(text), QString());
        QCOMPARE(text->tokenizer->size(), model.decoder.vocabularySize);
        QCOMPARE(text->chatTemplate->id, std::string("chatml"));
        const auto other = TextModel::open(path, *findChatTemplate("transcript"));
        QVERIFY(other->contentHash() != text->contentHash());
        QCOMPARE(TextModel::open(path)->contentHash(), text->contentHash());
    }

    void tokenizersThatDoNotFit()
    {
        const ScratchFolder folder;
        Json config = tinyConfig();
        config["vocab_size"] = 271;
        const auto path = writeTinyModel(folder / "tiny", config);
        const auto model = ModelFolder::open(path).value();
        const auto text = TextModel::open(model);
        QCOMPARE(codeOf(text), QString("tokenizer-too-large"));
        QCOMPARE(argumentOf(text, "pieces") + " " + argumentOf(text, "rows"), QString("272 271"));
        writeFile(path / "tokenizer.model", "x");
        QCOMPARE(codeOf(TextModel::open(model)), QString("tokenizer-invalid"));
        std::filesystem::remove(path / "tokenizer.model");
        QCOMPARE(codeOf(TextModel::open(model)), QString("no-tokenizer"));
    }

    void streamsWholeCharacters()
    {
        const PieceTokenizer tokenizer;
        QCOMPARE(streamed(tokenizer, "ab", "cd"), (QStringList{"c", "d"}));
        QCOMPARE(streamed(tokenizer, "ab", "é€😀!"), (QStringList{"é", "€", "😀", "!"}));
        QCOMPARE(streamed(tokenizer, "", "x"), (QStringList{"x"}));
        // A character whose first bytes belong to the prompt is the answer's.
        QCOMPARE(streamed(tokenizer, "a\xE2\x82", "\xAC"), (QStringList{"€"}));
    }

    void bytesThatAreNoCharacter()
    {
        const PieceTokenizer tokenizer;
        QCOMPARE(streamed(tokenizer, "a", "b\xE2\x82"), (QStringList{"b", "rest:\uFFFD\uFFFD"}));
        QCOMPARE(streamed(tokenizer, "a", "\xE2z"), (QStringList{"\uFFFDz"}));
        // 0xE0 needs a second byte from 0xA0 on: nothing that follows could complete this.
        QCOMPARE(streamed(tokenizer, "a", "\xE0\x80"), (QStringList{"\uFFFD\uFFFD"}));
        QCOMPARE(streamed(tokenizer, "a", "\xFFz"), (QStringList{"\uFFFD", "z"}));
        QCOMPARE(streamed(tokenizer, "a", "\xF0\x9F\x98\x80"), (QStringList{"😀"}));
    }

    void decodersCountWhatTheyAddOnly()
    {
        // A decoder that read its whole text again for each id would need hours for this.
        const PieceTokenizer tokenizer;
        const TokenIds ids(300'000, 3 + 'x');
        QCOMPARE(tokenizer.decode(ids).size(), ids.size());
    }
};

QTEST_GUILESS_MAIN(TextModelTest)
#include "text_model_test.moc"
