// SPDX-License-Identifier: GPL-3.0-or-later
// SentencePiece with Hugging Face's rules: spaces, special tokens, settings, decoding.
#include "core/text/tokenizer.h"
#include "support/files.h"
#include "support/piece_model.h"
#include "support/results.h"

#include <QtTest>

#include <algorithm>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::problemOf;

namespace {

// Ids of test::helloModel.
constexpr TokenId kHe = 259, kLl = 260, kSpaceW = 261, kSpaceHe = 262, kTwoSpaces = 263, kSpace = 264;
constexpr TokenId kD = 265, kE = 266, kL = 268, kO = 269, kR = 270;

TokenId byteId(unsigned value)
{
    return static_cast<TokenId>(3 + value);
}

QList<int> list(const Result<TokenIds>& ids)
{
    return ids ? QList<int>(ids->begin(), ids->end()) : QList<int>{-1};
}

}  // namespace

class SentencePieceTest : public QObject {
    Q_OBJECT

private:
    /// A tokenizer of helloModel with a tokenizer_config.json, if any.
    static Result<std::unique_ptr<Tokenizer>> open(const test::ScratchFolder& folder, const std::string& config = {},
                                                   const test::ModelOptions& options = {})
    {
        test::writeFile(folder / "tokenizer.model", test::helloModel(options));
        if (!config.empty()) test::writeFile(folder / "tokenizer_config.json", config);
        return openTokenizer(folder.path());
    }

private slots:
    void encodes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QList<int>>("ids");
        const QList<int> hello{kSpaceHe, kLl, kO};
        QTest::newRow("words") << "hello world" << hello + QList<int>{kSpaceW, kO, kR, kL, kD};
        QTest::newRow("empty") << "" << QList<int>{};
        // Every space counts; one in front takes the place of the prefix.
        QTest::newRow("space in front") << " hello" << hello;
        QTest::newRow("two spaces in front") << "  hello" << QList<int>{kSpace} + hello;
        QTest::newRow("spaces behind") << "hello  " << hello + QList<int>{kTwoSpaces};
        QTest::newRow("spaces between") << "hello   w" << hello + QList<int>{kTwoSpaces, kSpaceW};
        QTest::newRow("only a space") << " " << QList<int>{kSpace};
        QTest::newRow("space mark in front") << QString::fromUtf8("\xE2\x96\x81hello") << hello;
        // Special tokens are cut out, and no prefix stands behind them.
        QTest::newRow("end of sequence") << "hello</s>" << hello + QList<int>{2};
        QTest::newRow("between") << "hello</s>hello" << hello + QList<int>{2, kHe, kLl, kO};
        QTest::newRow("in front") << "<s>hello" << QList<int>{1, kHe, kLl, kO};
        QTest::newRow("space behind one") << "</s> hello" << QList<int>{2} + hello;
        QTest::newRow("several") << "</s></s><unk>" << QList<int>{2, 2, 0};
        QTest::newRow("almost one") << "</s" << QList<int>{kSpace, byteId('<'), byteId('/'), byteId('s')};
        // Bytes where there is no piece.
        QTest::newRow("bytes") << QString::fromUtf8("h\xC3\xA9") << QList<int>{kSpace, 267, byteId(0xC3), byteId(0xA9)};
        QTest::newRow("newline") << "\n" << QList<int>{kSpace, byteId('\n')};
        QTest::newRow("byte as text") << "<0x41>" << QList<int>{kSpace,      byteId('<'), byteId('0'), byteId('x'),
                                                                byteId('4'), byteId('1'), byteId('>')};
    }

    void encodes()
    {
        QFETCH(QString, text);
        QFETCH(QList<int>, ids);
        const test::ScratchFolder folder;
        const auto tokenizer = open(folder);
        QCOMPARE(problemOf(tokenizer), QString());
        QCOMPARE(list((*tokenizer)->encode(text.toStdString(), SpecialTokens::None)), ids);
        QCOMPARE(list((*tokenizer)->encode(text.toStdString(), SpecialTokens::Default)), QList<int>{1} + ids);
    }

    void nulBytesAreText()
    {
        const test::ScratchFolder folder;
        const auto tokenizer = open(folder);
        QCOMPARE(list((*tokenizer)->encode(std::string_view("h\0e", 3), SpecialTokens::None)),
                 (QList<int>{kSpace, 267, byteId(0), kE}));
    }

    void invalidTextIsRefused()
    {
        const test::ScratchFolder folder;
        const auto tokenizer = open(folder);
        for (const char* text : {"he\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x96"}) {
            const auto ids = (*tokenizer)->encode(text, SpecialTokens::None);
            QCOMPARE(codeOf(ids), QString("text-not-tokenisable"));
        }
        QCOMPARE(argumentOf((*tokenizer)->encode("he\xFF", SpecialTokens::None), "reason"),
                 QString("byte 2 is not UTF-8"));
    }

    void decodes()
    {
        const test::ScratchFolder folder;
        const auto tokenizer = open(folder);
        const auto decode = [&](const TokenIds& ids) { return QString::fromStdString((*tokenizer)->decode(ids)); };
        QCOMPARE(decode({1, kSpaceHe, kLl, kO, kSpaceW, 2}), QString("hello w"));
        QCOMPARE(decode({kTwoSpaces, kHe}), QString(" he"));
        QCOMPARE(decode({kHe, kSpace}), QString("he "));
        QCOMPARE(decode({byteId(0xC3), byteId(0xA9), kHe}), QString::fromUtf8("\xC3\xA9he"));
        QCOMPARE(decode({byteId(0xC3), kHe, byteId(0xA9)}), QString::fromUtf8("\xEF\xBF\xBDhe\xEF\xBF\xBD"));
        QCOMPARE(decode({0, 1, 2, -1, 100'000, kHe}), QString("he"));
        QCOMPARE(decode({}), QString());
        for (const char* text :
             {"hello world", "  hello ", "Text with \xC3\xA9, \xF0\x9F\x98\x80 and\nlines", " ", ""}) {
            const auto ids = (*tokenizer)->encode(text, SpecialTokens::Default).value();
            const bool isShortened = *text == ' ';  // the prefix and a first space are the same piece
            QCOMPARE(decode(ids), QString::fromUtf8(text).mid(isShortened ? 1 : 0));
        }
    }

    void describesItself()
    {
        const test::ScratchFolder folder;
        const auto tokenizer = open(folder);
        const Tokenizer& hello = **tokenizer;
        QCOMPARE(hello.size(), std::int64_t{272});
        QCOMPARE(hello.description(), std::string("SentencePiece (BPE), 272 pieces"));
        QCOMPARE(hello.piece(kSpaceHe), std::string("\xE2\x96\x81he"));
        QCOMPARE(hello.piece(2), std::string("</s>"));
        QCOMPARE(hello.piece(-1), std::string());
        QCOMPARE(hello.piece(272), std::string());
        QCOMPARE(hello.beginOfSequence().value(), 1);
        QCOMPARE(hello.endOfSequence().value(), 2);
        QCOMPARE(hello.endOfSequenceText(), std::string("</s>"));
        QCOMPARE(hello.files().size(), std::size_t{1});
        const auto hash = hello.contentHash();
        const auto changed = open(folder, "{}");
        QCOMPARE((*changed)->files().size(), std::size_t{2});
        QVERIFY((*changed)->contentHash() != hash);
    }

    void settingsDecideSpecialTokens()
    {
        const auto idsWith = [](const std::string& config, const test::ModelOptions& options = {}) {
            const test::ScratchFolder folder;
            const auto tokenizer = open(folder, config, options);
            return tokenizer ? list((*tokenizer)->encode("he</s>he", SpecialTokens::Default)) : QList<int>{-2};
        };
        QCOMPARE(idsWith("{}"), (QList<int>{1, kSpaceHe, 2, kHe}));
        QCOMPARE(idsWith(R"({"add_bos_token":false,"add_eos_token":true})"), (QList<int>{kSpaceHe, 2, kHe, 2}));
        QCOMPARE(idsWith(R"({"add_bos_token":null,"bos_token":null})"), (QList<int>{1, kSpaceHe, 2, kHe}));
        QCOMPARE(idsWith(R"({"add_prefix_space":false})"), (QList<int>{1, kHe, 2, kHe}));
        QCOMPARE(idsWith(R"({"legacy":true})"), (QList<int>{1, kSpaceHe, 2, kSpaceHe}));
        QCOMPARE(idsWith(R"({"bos_token":"</s>","eos_token":{"content":"<s>"}})"), (QList<int>{2, kSpaceHe, 2, kHe}));
        test::ModelOptions options;
        options.addsDummyPrefix = false;
        QCOMPARE(idsWith("{}", options), (QList<int>{1, kHe, 2, kHe}));
    }

    void specialTokensMapIsTheFallback()
    {
        const test::ScratchFolder folder;
        test::writeFile(folder / "special_tokens_map.json", R"({"eos_token":"<s>","bos_token":"<s>"})");
        const auto tokenizer = open(folder, R"({"bos_token":"</s>"})");
        QCOMPARE((*tokenizer)->beginOfSequence().value(), 2);
        QCOMPARE((*tokenizer)->endOfSequence().value(), 1);
    }

    void addedTokens()
    {
        const test::ScratchFolder folder;
        const auto tokenizer = open(folder, R"({"eos_token":"<|end|>","added_tokens_decoder":{
            "2":{"content":"</s>","special":true},
            "272":{"content":"<|end|>","special":true},
            "273":{"content":"<|end|>>","special":false},
            "280":{"content":"<|user|>","special":true,"rstrip":true,"lstrip":true}}})");
        QCOMPARE(problemOf(tokenizer), QString());
        const Tokenizer& hello = **tokenizer;
        QCOMPARE(hello.size(), std::int64_t{281});
        QCOMPARE(hello.endOfSequence().value(), 272);
        QCOMPARE(hello.endOfSequenceText(), std::string("<|end|>"));
        QCOMPARE(list(hello.encode("<|user|> \n he \t<|user|><|end|>>he<|end|></s>", SpecialTokens::None)),
                 (QList<int>{280, kHe, 280, 273, kHe, 272, 2}));
        QCOMPARE(hello.decode(TokenIds{280, kHe, 273, 272, 275}), std::string("he<|end|>>"));
        QCOMPARE(hello.piece(273), std::string("<|end|>>"));
        QCOMPARE(hello.piece(275), std::string());

        const test::ScratchFolder old;
        test::writeFile(old / "added_tokens.json", R"({"<|end|>":272})");
        QCOMPARE(list((*open(old))->encode("he<|end|>", SpecialTokens::None)), (QList<int>{kSpaceHe, 272}));
    }

    void wrongSettingsAreRefused_data()
    {
        QTest::addColumn<QString>("config");
        QTest::addColumn<QString>("code");
        const QString invalid = "config-invalid";
        QTest::newRow("no object") << "[]" << invalid;
        QTest::newRow("no JSON") << "{" << invalid;
        QTest::newRow("flag of a wrong type") << R"({"add_bos_token":"yes"})" << invalid;
        QTest::newRow("token of a wrong type") << R"({"bos_token":1})" << invalid;
        QTest::newRow("token without content") << R"({"bos_token":{}})" << invalid;
        QTest::newRow("empty token") << R"({"eos_token":""})" << invalid;
        QTest::newRow("unknown token") << R"({"eos_token":"<|none|>"})"
                                       << "tokenizer-invalid";
        QTest::newRow("table is no object") << R"({"added_tokens_decoder":[]})" << invalid;
        QTest::newRow("id is no number") << R"({"added_tokens_decoder":{"x":{"content":"a"}}})" << invalid;
        QTest::newRow("negative id") << R"({"added_tokens_decoder":{"-1":{"content":"a"}}})" << invalid;
        QTest::newRow("id beyond 2^24") << R"({"added_tokens_decoder":{"16777216":{"content":"a"}}})" << invalid;
        QTest::newRow("id far away") << R"({"added_tokens_decoder":{"99999":{"content":"a"}}})"
                                     << "tokenizer-invalid";
        QTest::newRow("no content") << R"({"added_tokens_decoder":{"300":{"content":""}}})" << invalid;
        QTest::newRow("single word") << R"({"added_tokens_decoder":{"300":{"content":"a","single_word":true}}})"
                                     << "config-unsupported";
    }

    void wrongSettingsAreRefused()
    {
        QFETCH(QString, config);
        QFETCH(QString, code);
        const test::ScratchFolder folder;
        QCOMPARE(codeOf(open(folder, config.toStdString())), code);
    }

    void aFolderWithoutTokenizer()
    {
        const test::ScratchFolder folder;
        const auto tokenizer = openTokenizer(folder.path());
        QCOMPARE(codeOf(tokenizer), QString("no-tokenizer"));
        std::filesystem::create_directory(folder / "tokenizer.model");
        QCOMPARE(codeOf(openTokenizer(folder.path())), QString("not-a-regular-file"));
    }

    // With work that grows by the square of the length these would outlast the limit of every test.
    void longTextsTakeLinearWork()
    {
        const test::ScratchFolder folder;
        const auto tokenizer = open(folder);
        for (const char letter : {'l', '^', ' ', '<'}) {
            const auto ids = (*tokenizer)->encode(std::string(300'000, letter), SpecialTokens::None);
            QCOMPARE(problemOf(ids), QString());
            QVERIFY(ids->size() >= 150'000);
        }
    }
};

QTEST_GUILESS_MAIN(SentencePieceTest)
#include "sentencepiece_test.moc"
