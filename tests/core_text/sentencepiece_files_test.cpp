// SPDX-License-Identifier: GPL-3.0-or-later
// Broken and hostile tokenizer.model files: refused or usable, never a crash.
#include "core/text/sentencepiece_model.h"
#include "core/text/tokenizer.h"
#include "support/files.h"
#include "support/piece_model.h"
#include "support/results.h"

#include <QtTest>

#include <limits>
#include <random>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::ModelPiece;
using test::problemOf;

namespace {

std::vector<ModelPiece> pieces()
{
    return test::modelPieces("abc", {"ab"});
}

std::string with(ModelPiece piece)
{
    auto all = pieces();
    all.push_back(std::move(piece));
    return test::modelFile(all);
}

std::string mapOf(std::uint32_t size, const std::vector<std::uint32_t>& units, const std::string& texts)
{
    std::string map(sizeof(size) + units.size() * sizeof(std::uint32_t), '\0');
    std::memcpy(map.data(), &size, sizeof(size));
    if (!units.empty()) std::memcpy(map.data() + sizeof(size), units.data(), units.size() * sizeof(std::uint32_t));
    return map + texts;
}

std::string withMap(const std::string& map)
{
    test::ModelOptions options;
    options.charsMap = map;
    return test::modelFile(pieces(), options);
}

}  // namespace

class SentencePieceFilesTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    Result<std::unique_ptr<Tokenizer>> open(const std::string& content)
    {
        test::writeFile(m_folder / "tokenizer.model", content);
        return openTokenizer(m_folder.path());
    }

    /// Opens; what opens must also work.
    bool survives(const std::string& content)
    {
        const auto tokenizer = open(content);
        if (!tokenizer) return false;
        const char* text = "abc aabbc \xC3\xA9\xEF\xBC\xA1\n <s>x\xF0\x9F\x98\x80";
        const auto ids = (*tokenizer)->encode(text, SpecialTokens::Default);
        if (!ids) return false;
        for (const TokenId id : *ids) (void)(*tokenizer)->piece(id);
        (void)(*tokenizer)->decode(*ids);
        return true;
    }

private slots:
    void theBaseIsGood()
    {
        QVERIFY(survives(test::modelFile(pieces())));
        // NUL in a piece and a user's own piece are fine.
        QVERIFY(survives(with({std::string("a\0b", 3), -9, ModelPiece::Normal})));
        QVERIFY(survives(with({"<x>", -9, ModelPiece::UserDefined})));
        QVERIFY(survives(with({std::string(4096, 'a'), -9, ModelPiece::Normal})));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const std::string& content, const char* reason) {
            QTest::newRow(name) << QByteArray::fromStdString(content) << reason;
        };
        row("empty", "", "no pieces");
        row("text", "this is no model", "no SentencePiece model");
        row("JSON", "{\"model\":{}}", "no SentencePiece model");
        row("only pieces", test::modelFile({{"<unk>", 0, 2}}).substr(0, 16), "how it was trained");
        row("empty piece", with({"", 0, 1}), "1 to 4096 bytes");
        row("long piece", with({std::string(4097, 'a'), 0, 1}), "1 to 4096 bytes");
        row("piece of invalid UTF-8", with({"\xFF", 0, 1}), "not UTF-8");
        row("NaN score", with({"x", std::numeric_limits<float>::quiet_NaN(), 1}), "not a finite number");
        row("infinite score", with({"x", std::numeric_limits<float>::infinity(), 1}), "not a finite number");
        row("type 0", with({"x", 0, 0}), "type is unknown");
        row("type 7", with({"x", 0, 7}), "type is unknown");
        row("byte -1", with({"<0x-1>", 0, ModelPiece::Byte}), "<0x00> to <0xFF>");
        row("byte of one digit", with({"<0x1>", 0, ModelPiece::Byte}), "<0x00> to <0xFF>");
        row("two unknown pieces", with({"<unk2>", 0, ModelPiece::Unknown}), "exactly one piece");
        row("no unknown piece", test::modelFile({{"a", 0, 1}}), "exactly one piece");
        row("two equal pieces", with({"a", 0, 1}), "");
        test::ModelOptions options;
        options.modelType = 3;
        row("words", test::modelFile(pieces(), options), "only BPE and unigram");
        options.modelType = 77;
        row("unknown kind", test::modelFile(pieces(), options), "only BPE and unigram");
        std::string twice = test::modelFile(pieces());
        appendBytesField(twice, 2, "");
        row("two trainer specs", twice, "twice how it was trained");
        twice = test::modelFile(pieces());
        appendBytesField(twice, 3, "");
        row("two normalizer specs", twice, "twice how it normalises");
        std::string wrong = test::modelFile(pieces());
        appendVarintField(wrong, 1, 5);
        row("piece as a number", wrong, "wrong type");
        std::string group = test::modelFile(pieces());
        group += "\x53\x54";  // field 10: begin and end of a group
        row("group", group, "no SentencePiece model");
        row("long varint", test::modelFile(pieces()) + std::string(11, '\xFF'), "no SentencePiece model");
        row("field 0", test::modelFile(pieces()) + std::string("\0\0", 2), "no SentencePiece model");
    }

    void refuses()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, reason);
        const auto tokenizer = open(content.toStdString());
        QCOMPARE(codeOf(tokenizer), QString("tokenizer-invalid"));
        QVERIFY2(argumentOf(tokenizer, "reason").contains(reason), qPrintable(problemOf(tokenizer)));
    }

    void tablesOfTheNormaliser_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("isGood");
        const auto row = [](const char* name, const std::string& map, bool isGood) {
            QTest::newRow(name) << QByteArray::fromStdString(withMap(map)) << isGood;
        };
        const std::vector<std::uint32_t> empty(256, 0);
        // Unit 0 leads to 0 ^ 0 = 0: nothing matches, all stays inside.
        row("nothing to replace", mapOf(1024, empty, std::string(1, '\0')), true);
        row("shorter than a size", "ab", false);
        row("size beyond the file", mapOf(4096, empty, std::string(1, '\0')), false);
        row("size 2^32 - 4", mapOf(0xFFFFFFFCU, empty, std::string(1, '\0')), false);
        row("size 0", mapOf(0, {}, std::string(1, '\0')), false);
        row("size no multiple of 4", mapOf(1023, empty, std::string(1, '\0')), false);
        row("fewer units than bytes", mapOf(1020, std::vector<std::uint32_t>(255, 0), std::string(1, '\0')), false);
        row("no text", mapOf(1024, empty, ""), false);
        row("text without end", mapOf(1024, empty, "ab"), false);
        auto units = empty;
        units[0] = 1U << 18;  // leads to unit 256
        row("child outside", mapOf(1024, units, std::string(1, '\0')), false);
        units[0] = (0xFFFFU << 10) | (1U << 9);  // far outside, shifted by 8
        row("child far outside", mapOf(1024, units, std::string(1, '\0')), false);
        units = empty;
        units['a'] = (1U << 8) | 'a';  // has a leaf, at its own place: value 'a' + 256
        row("text outside", mapOf(1024, units, std::string(1, '\0')), false);
        row("text inside", mapOf(1024, units, std::string(1000, '\0')), true);
    }

    void tablesOfTheNormaliser()
    {
        QFETCH(QByteArray, content);
        QFETCH(bool, isGood);
        QCOMPARE(survives(content.toStdString()), isGood);
    }

    void everyTruncationIsRefused()
    {
        const std::string content = test::modelFile(pieces());
        for (std::size_t length = 0; length < content.size(); ++length) {
            QCOMPARE(codeOf(open(content.substr(0, length))), QString("tokenizer-invalid"));
        }
    }

    void changedBytesNeverCrash()
    {
        const std::string content = test::modelFile(pieces());
        std::mt19937 random(7);
        int opened = 0;
        for (std::size_t at = 0; at < content.size(); ++at) {
            std::string changed = content;
            changed[at] = static_cast<char>(static_cast<unsigned char>(random()));
            if (survives(changed)) ++opened;
        }
        QVERIFY(opened > 0);
    }

    void realFilesCutOffAndChanged()
    {
        const std::filesystem::path assets = PREFLAB_TEST_SHARED "/assets";
        if (!std::filesystem::exists(assets)) QSKIP("The reference data is not beside the project.");
        const auto bpe = test::readFile(assets / "models/stories260K-hf/tokenizer.model");
        QVERIFY(survives(bpe));
        for (std::size_t length = 0; length < bpe.size(); length += 97) {
            QCOMPARE(codeOf(open(bpe.substr(0, length))), QString("tokenizer-invalid"));
        }
        // A unigram model with a real table of replacements.
        const auto unigram = test::readFile(assets / "tokenizers/sentencepiece-unigram/test_model.model");
        QVERIFY(survives(unigram));
        std::mt19937 random(11);
        for (int i = 0; i < 300; ++i) {
            std::string changed = unigram;
            for (int flips = 0; flips < 1 + i % 20; ++flips) {
                changed[random() % changed.size()] = static_cast<char>(static_cast<unsigned char>(random()));
            }
            (void)survives(changed);
        }
    }
};

QTEST_GUILESS_MAIN(SentencePieceFilesTest)
#include "sentencepiece_files_test.moc"
