// SPDX-License-Identifier: GPL-3.0-or-later
// Model folders from public reports of trouble, with the numbers that transformers gives: heads that are tied or not,
// several end tokens, pointers in the place of files. Skips without the reference data.
#include "core/train/engine/decoder_forward.h"
#include "core/train/engine/readable_engine.h"
#include "core/train/sample.h"
#include "support/broken_model.h"
#include "support/files.h"
#include "support/golden_pairs.h"
#include "support/piece_model.h"
#include "support/random_decoder.h"
#include "support/results.h"

#include <ATen/core/grad_mode.h>

#include <QtTest>

#include <cmath>
#include <string>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

std::filesystem::path casesFolder()
{
    return sharedFolder() / "cases";
}

/// A case's folder with a tokenizer that can be read.
std::filesystem::path copyWithTokenizer(const std::filesystem::path& from, const std::filesystem::path& to)
{
    std::filesystem::create_directories(to);
    for (const char* name : {"config.json", "model.safetensors"}) std::filesystem::copy_file(from / name, to / name);
    writeFile(to / "tokenizer.model", helloModel());
    return to;
}

}  // namespace

class ModelCasesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!std::filesystem::exists(casesFolder())) QSKIP("the reference data beside the project is not there");
    }

    void headsAreThoseOfTransformers_data()
    {
        QTest::addColumn<bool>("isTied");
        QTest::newRow("tied") << true;
        QTest::newRow("tied-flag-own-head") << false;
        QTest::newRow("flag-absent-own-head") << false;
    }

    void headsAreThoseOfTransformers()
    {
        QFETCH(bool, isTied);
        const auto folder = casesFolder() / "27-tied-or-separate-head";
        const Json expected = readJsonFile(folder / "expected.json", 1 << 20).value();
        const std::string name = QTest::currentDataTag();
        const ScratchFolder scratch;
        const auto model = ModelFolder::open(copyWithTokenizer(folder / name, scratch / name));
        QCOMPARE(problemOf(model), QString());
        QCOMPARE(model->decoder.isHeadTied, isTied);
        const auto weights = DecoderWeights::load(*model, Precision::Float32, false);
        QCOMPARE(problemOf(weights), QString());
        const at::NoGradGuard noGrad;
        const Tensor ids = idTensor({expected["ids"].get<std::vector<std::int64_t>>()});
        const Tensor logits = decoderLogits(*weights, decoderHidden(*weights, ids)).select(1, -1).flatten();
        const Json& values = expected["folders"][name]["last_logits"];
        for (std::size_t i = 0; i < values["first_8"].size(); ++i) {
            const double found = logits[static_cast<std::int64_t>(i)].item<double>();
            QVERIFY2(std::abs(found - values["first_8"][i].get<double>()) < 1e-5, qPrintable(QString::number(found)));
        }
        QVERIFY(std::abs(logits.max().item<double>() - values["max"].get<double>()) < 1e-5);
        QCOMPARE(logits.argmax().item<std::int64_t>(), values["argmax"].get<std::int64_t>());
    }

    void missingHeadsAreNamed()
    {
        const ScratchFolder scratch;
        const auto folder = casesFolder() / "27-tied-or-separate-head" / "untied-no-head";
        const auto model = ModelFolder::open(copyWithTokenizer(folder, scratch / "m"));
        QVERIFY(problemOf(model).contains("lm_head.weight"));
    }

    void severalTokensEndAnAnswer()
    {
        const auto folder = casesFolder() / "31-several-end-tokens";
        const Json expected = readJsonFile(folder / "expected.json", 1 << 20).value();
        const ScratchFolder scratch;
        const auto copy = copyModel(storiesFolder(), scratch / "m");
        const auto answerOf = [&](std::int64_t count) {
            const auto model = ModelFolder::open(copy).value();
            const auto weights = DecoderWeights::load(model, Precision::Float32, false).value();
            TokenIds ids;
            (void)generateTokens(*makeReadableEngine(weights), tokenIds(expected["prompt_ids"]),
                                 TextModel::open(model).value().endTokens, {.maxNewTokens = count},
                                 [&](TokenId id) {
                                     ids.push_back(id);
                                     return true;
                                 },
                                 {});
            return ids;
        };
        QVERIFY(answerOf(60) == tokenIds(expected["greedy_without_list_first_60"]));
        std::filesystem::copy_file(folder / "generation_config.json", copy / "generation_config.json");
        QVERIFY(answerOf(60) == tokenIds(expected["greedy_with_list"]));
        std::string text;
        const auto model = ModelFolder::open(copy).value();
        const auto end =
            generateText(*makeReadableEngine(DecoderWeights::load(model, Precision::Float32, false).value()),
                         TextModel::open(model).value(), expected["prompt"].get<std::string>(), {},
                         [&](std::string_view piece) {
                             text += piece;
                             return true;
                         },
                         {});
        QVERIFY(end.value() == GenerationEnd::EndToken);
        QCOMPARE(QString::fromStdString(text).trimmed(),
                 QString::fromStdString(expected["text_with_list"].get<std::string>()));
    }

    void pointersAreNamed()
    {
        const auto folder = casesFolder() / "49-download-that-is-no-file" / "model";
        const auto weights = ModelFolder::open(folder);
        QCOMPARE(codeOf(weights), QString("not-the-content"));
        QVERIFY(problemOf(weights).contains("Git LFS") && problemOf(weights).contains("git lfs pull"));
        const ScratchFolder scratch;
        const auto copy = copyModel(storiesFolder(), scratch / "m");
        std::filesystem::remove(copy / "tokenizer.model");
        std::filesystem::copy_file(folder / "tokenizer.model", copy / "tokenizer.model");
        const auto tokenizer = TextModel::open(ModelFolder::open(copy).value());
        QCOMPARE(codeOf(tokenizer), QString("not-the-content"));
        QVERIFY(argumentOf(tokenizer, "path").endsWith("tokenizer.model"));
    }
};

QTEST_GUILESS_MAIN(ModelCasesTest)
#include "model_cases_test.moc"
