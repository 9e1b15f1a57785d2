// SPDX-License-Identifier: GPL-3.0-or-later
// Ids of real texts: TRL's runs with Hugging Face's tokenizer, and SentencePiece's own ids.
#include "core/base/json.h"
#include "core/text/tokenizer.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::problemOf;

namespace {

const std::filesystem::path kShared = PREFLAB_TEST_SHARED;
constexpr std::uint64_t kMaxBytes = 100'000'000;

QList<int> idsIn(const Json& json)
{
    QList<int> ids;
    for (const Json& id : json) ids.append(id.get<int>());
    return ids;
}

QList<int> encode(const Tokenizer& tokenizer, const std::string& text, SpecialTokens special)
{
    const auto ids = tokenizer.encode(text, special);
    return ids ? QList<int>(ids->begin(), ids->end()) : QList<int>{-1};
}

/// Texts on which SentencePiece and Hugging Face agree for BPE models.
bool hasPlainSpaces(const std::string& text)
{
    return !text.starts_with(' ') && !text.ends_with(' ') && text.find("  ") == std::string::npos &&
           text.find("\xE2\x96\x81") == std::string::npos;
}

std::unique_ptr<Tokenizer> openCopy(const test::ScratchFolder& folder, const std::string& model)
{
    std::filesystem::copy_file(kShared / "assets" / model, folder / "tokenizer.model",
                               std::filesystem::copy_options::overwrite_existing);
    auto tokenizer = openTokenizer(folder.path());
    return tokenizer ? *std::move(tokenizer) : nullptr;
}

}  // namespace

class TokenGoldensTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!std::filesystem::exists(kShared / "goldens")) QSKIP("The reference data is not beside the project.");
    }

    void pairsOfTrl_data()
    {
        QTest::addColumn<QString>("golden");
        for (const char* name :
             {"dpo_sigmoid", "dpo_fp64", "dpo_implicit_prompt", "dpo_accumulation", "orpo", "orpo_fp64"}) {
            QTest::newRow(name) << name;
        }
    }

    void pairsOfTrl()
    {
        QFETCH(QString, golden);
        const auto tokenizer = openTokenizer(kShared / "assets/models/stories260K-hf");
        QCOMPARE(problemOf(tokenizer), QString());
        const auto json = readJsonFile(kShared / "goldens" / (golden.toStdString() + ".json"), kMaxBytes);
        QCOMPARE(problemOf(json), QString());
        int compared = 0;
        for (const Json& row : json->at("rows")) {
            const bool isSplit = row.contains("prompt");
            const auto prompt = isSplit ? row.at("prompt").get<std::string>() : std::string();
            if (isSplit) QCOMPARE(encode(**tokenizer, prompt, SpecialTokens::Default), idsIn(row.at("prompt_ids")));
            for (const std::string side : {"chosen", "rejected"}) {
                const auto text = prompt + row.at(side).get<std::string>() + "</s>";
                QCOMPARE(encode(**tokenizer, text, SpecialTokens::Default),
                         idsIn(row.at("prompt_ids")) + idsIn(row.at(side + "_ids")));
                ++compared;
            }
        }
        QVERIFY(compared >= 18);
    }

    void textsOfTrl()
    {
        const auto tokenizer = openTokenizer(kShared / "assets/models/stories260K-hf");
        const auto json = readJsonFile(kShared / "goldens/sft_full.json", kMaxBytes);
        for (const Json& row : json->at("rows")) {
            QCOMPARE(encode(**tokenizer, row.at("text").get<std::string>() + "</s>", SpecialTokens::Default),
                     idsIn(row.at("input_ids")));
        }
        const auto model = readJsonFile(kShared / "assets/models/stories260K-hf/golden.json", kMaxBytes);
        for (const Json& sequence : model->at("sequences")) {
            QCOMPARE(encode(**tokenizer, sequence.at("text").get<std::string>(), SpecialTokens::Default),
                     idsIn(sequence.at("ids")));
        }
    }

    void sentencePieceVectors_data()
    {
        QTest::addColumn<QString>("vectors");
        QTest::addColumn<QString>("model");
        QTest::addColumn<bool>("isUnigram");
        QTest::newRow("stories260K") << "stories260K"
                                     << "models/stories260K-hf/tokenizer.model" << false;
        QTest::newRow("Mistral") << "mistral-v3"
                                 << "tokenizers/mistral/mistral_instruct_tokenizer_240323.model.v3" << false;
        QTest::newRow("unigram") << "unigram-test_model"
                                 << "tokenizers/sentencepiece-unigram/test_model.model" << true;
    }

    void sentencePieceVectors()
    {
        QFETCH(QString, vectors);
        QFETCH(QString, model);
        QFETCH(bool, isUnigram);
        const test::ScratchFolder folder;
        const auto tokenizer = openCopy(folder, model.toStdString());
        QVERIFY(tokenizer != nullptr);
        const auto json = readJsonFile(
            kShared / "assets/tokenizer-vectors/sentencepiece" / (vectors.toStdString() + ".json"), kMaxBytes);
        int compared = 0;
        for (const Json& vector : *json) {
            const auto text = vector.at("text").get<std::string>();
            if (!isUnigram && !hasPlainSpaces(text)) continue;
            const auto ids = idsIn(vector.at("ids"));
            QCOMPARE(encode(*tokenizer, text, SpecialTokens::None), ids);
            // The unigram vectors show unknown text where we show the piece's name.
            for (qsizetype i = 0; !isUnigram && vector.contains("pieces") && i < ids.size(); ++i) {
                QCOMPARE(tokenizer->piece(ids[i]),
                         vector.at("pieces").at(static_cast<std::size_t>(i)).get<std::string>());
            }
            const TokenIds list(ids.begin(), ids.end());
            // SentencePiece takes a mark in the text for its own prefix as well.
            if (!ids.contains(0) && !text.starts_with("\xE2\x96\x81")) {
                QCOMPARE(QString::fromStdString(tokenizer->decode(list)),
                         QString::fromStdString(vector.at("decoded").get<std::string>()));
            }
            ++compared;
        }
        QVERIFY(compared > 40);
    }

    void largeModelsOpen()
    {
        const test::ScratchFolder folder;
        const auto tokenizer = openCopy(folder, "tokenizers/open-llama/tokenizer.model");
        QVERIFY(tokenizer != nullptr);
        QCOMPARE(tokenizer->size(), std::int64_t{32'000});
        QCOMPARE(tokenizer->endOfSequenceText(), std::string("</s>"));
        const auto ids = tokenizer->encode("Hello world</s>", SpecialTokens::Default).value();
        QCOMPARE(ids.front(), 1);
        QCOMPARE(ids.back(), 2);
        QCOMPARE(tokenizer->decode(ids), std::string("Hello world"));
    }
};

QTEST_GUILESS_MAIN(TokenGoldensTest)
#include "token_goldens_test.moc"
