// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints reload bit for bit, stay loadable folders, and never exist by half.
#include "core/text/text_model.h"
#include "core/train/checkpoint.h"
#include "core/train/inspect.h"
#include "support/files.h"
#include "support/golden_pairs.h"
#include "support/random_decoder.h"
#include "support/results.h"

#include <ATen/core/grad_mode.h>

#include <QtTest>

#include <set>

using namespace preflab;
using namespace preflab::test;

namespace {

std::set<std::string> namesIn(const std::filesystem::path& folder)
{
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    return names;
}

}  // namespace

class CheckpointFolderTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!std::filesystem::exists(storiesFolder())) QSKIP("the reference data beside the project is not there");
        auto model = ModelFolder::open(storiesFolder());
        QCOMPARE(problemOf(model), QString());
        m_model = std::make_unique<ModelFolder>(std::move(*model));
        m_source = CheckpointSource::read(*m_model, *TextModel::open(*m_model).value().tokenizer).value();
        m_weights = DecoderWeights::load(*m_model, Precision::Float32, /*isTrainable=*/true).value();
        const at::NoGradGuard noGrad;  // numbers that no file holds yet
        for (const auto& [name, parameter] : m_weights.parameters()) Tensor(parameter).mul_(1.0 + 1e-4);
    }

    void floatWeightsReloadBitForBit()
    {
        const ScratchFolder scratch;
        const auto folder = scratch / "checkpoint-12";
        QCOMPARE(problemOf(writeCheckpoint(m_weights, m_source, folder, 12, "dpo")), QString());
        QVERIFY(namesIn(folder) ==
                (std::set<std::string>{"config.json", "model.safetensors", "preflab.json", "tokenizer.model"}));
        const auto reopened = ModelFolder::open(folder);
        QCOMPARE(problemOf(reopened), QString());
        const auto reloaded = DecoderWeights::load(*reopened, Precision::Float32, false);
        QCOMPARE(problemOf(reloaded), QString());
        QCOMPARE(reloaded->tensors.size(), m_weights.tensors.size());
        for (const auto& [name, tensor] : m_weights.tensors) QVERIFY(reloaded->tensors.at(name).equal(tensor));
        // Names as in the source, and no second copy of the tied head.
        QCOMPARE(reopened->tensors.tensors().size(), m_model->tensors.tensors().size());
        for (const TensorEntry& entry : m_model->tensors.tensors())
            QVERIFY(reopened->tensors.find(entry.name) != nullptr);
        QCOMPARE(entriesIn(scratch.path()), std::ptrdiff_t{1});
    }

    void configKeepsEverythingButTheDtype()
    {
        const ScratchFolder scratch;
        QVERIFY(writeCheckpoint(m_weights, m_source, scratch / "c", 1, "orpo", TensorType::BF16));
        Json config = readJsonFile(scratch / "c/config.json", 1 << 20).value();
        QCOMPARE(config["torch_dtype"].get<std::string>(), std::string("bfloat16"));
        config["torch_dtype"] = m_model->config["torch_dtype"];
        QVERIFY(config == m_model->config);
        QCOMPARE(readFile(scratch / "c/tokenizer.model"), readFile(storiesFolder() / "tokenizer.model"));
    }

    void roundedWeightsAreHalfAsLarge()
    {
        const ScratchFolder scratch;
        QVERIFY(writeCheckpoint(m_weights, m_source, scratch / "c", 1, "orpo", TensorType::BF16));
        const auto reopened = ModelFolder::open(scratch / "c");
        QCOMPARE(problemOf(reopened), QString());
        QCOMPARE(reopened->tensors.totalBytes(), std::uint64_t{2 * 260'032});
        const auto reloaded = DecoderWeights::load(*reopened, Precision::Float32, false).value();
        for (const auto& [name, tensor] : m_weights.tensors)
            QVERIFY(reloaded.tensors.at(name).equal(tensor.detach().to(at::kBFloat16).to(at::kFloat)));
        QCOMPARE(verifyCheckpoint(scratch / "c")->dtype, std::string("bfloat16"));
    }

    void doublesKeepTheirBits()
    {
        const ScratchFolder scratch;
        DecoderWeights wide = DecoderWeights::load(*m_model, Precision::Float64, true).value();
        {
            const at::NoGradGuard noGrad;
            wide.embedding.mul_(1.0 + 1e-12);
        }
        QVERIFY(writeCheckpoint(wide, m_source, scratch / "c", 1, "dpo", TensorType::F64));
        const auto reopened = ModelFolder::open(scratch / "c");
        QCOMPARE(problemOf(reopened), QString());
        QVERIFY(DecoderWeights::load(*reopened, Precision::Float64, false)->embedding.equal(wide.embedding));
    }

    void manifestSaysWhatItIs()
    {
        const ScratchFolder scratch;
        QVERIFY(writeCheckpoint(m_weights, m_source, scratch / "c", 34, "dpo"));
        const auto manifest = verifyCheckpoint(scratch / "c");
        QCOMPARE(problemOf(manifest), QString());
        QCOMPARE(manifest->step, std::int64_t{34});
        QCOMPARE(manifest->method, std::string("dpo"));
        QCOMPARE(manifest->files.size(), std::size_t{3});
    }

    void changedFilesAreNoticed_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("code");
        QTest::newRow("weights cut off") << "model.safetensors"
                                         << "short"
                                         << "weights-invalid";
        QTest::newRow("config edited") << "config.json"
                                       << "{}"
                                       << "weights-invalid";
        QTest::newRow("no manifest") << "preflab.json"
                                     << ""
                                     << "config-invalid";
        QTest::newRow("manifest without files") << "preflab.json"
                                                << R"({"step": 1, "method": "dpo", "dtype": "float32"})"
                                                << "config-invalid";
        QTest::newRow("manifest leads elsewhere")
            << "preflab.json"
            << R"({"step": 1, "method": "dpo", "dtype": "float32", "files": {"../x": "0"}})"
            << "config-invalid";
    }

    void changedFilesAreNoticed()
    {
        QFETCH(QString, file);
        QFETCH(QString, content);
        QFETCH(QString, code);
        const ScratchFolder scratch;
        QVERIFY(writeCheckpoint(m_weights, m_source, scratch / "c", 1, "dpo"));
        writeFile(scratch / "c" / file.toStdString(), content.toStdString());
        QCOMPARE(codeOf(verifyCheckpoint(scratch / "c")), code);
    }

    void oldCheckpointIsReplacedWhole()
    {
        const ScratchFolder scratch;
        writeFile(scratch / "c/left-over", "from before");
        writeFile(scratch / "c.tmp/half", "of a killed process");
        QVERIFY(writeCheckpoint(m_weights, m_source, scratch / "c", 2, "dpo"));
        QVERIFY(!namesIn(scratch / "c").contains("left-over"));
        QVERIFY(verifyCheckpoint(scratch / "c").has_value());
        QVERIFY(!std::filesystem::exists(scratch / "c.tmp"));
    }

    void failureLeavesTheOldCheckpoint()
    {
        const ScratchFolder scratch;
        QVERIFY(writeCheckpoint(m_weights, m_source, scratch / "c", 1, "dpo"));
        CheckpointSource broken = m_source;
        broken.files["nowhere/tokenizer.model"] = "";  // cannot be written, and is not before the weights are
        const auto result = writeCheckpoint(m_weights, broken, scratch / "c", 2, "dpo");
        QVERIFY(!result.has_value());
        QCOMPARE(readJsonFile(scratch / "c/preflab.json", 1 << 20).value()["step"].get<int>(), 1);
        QVERIFY(!std::filesystem::exists(scratch / "c.tmp"));
        QCOMPARE(codeOf(writeCheckpoint(m_weights, m_source, scratch / "none/here/c", 2, "dpo")).isEmpty(), false);
    }

    void theModelsFolderIsReadOnce()
    {
        const ScratchFolder scratch;
        std::filesystem::copy(storiesFolder(), scratch / "m");
        CheckpointSource source;
        {
            const ModelFolder model = ModelFolder::open(scratch / "m").value();
            const TextModel text = TextModel::open(model).value();
            source = CheckpointSource::read(model, *text.tokenizer).value();
            std::filesystem::remove(scratch / "m/tokenizer.model");
            QCOMPARE(codeOf(CheckpointSource::read(model, *text.tokenizer)), QString("file-not-found"));
        }
        std::filesystem::remove_all(scratch / "m");
        QCOMPARE(problemOf(writeCheckpoint(m_weights, source, scratch / "c", 1, "dpo")), QString());
        QCOMPARE(problemOf(ModelFolder::open(scratch / "c")), QString());
        QCOMPARE(readFile(scratch / "c/tokenizer.model"), readFile(storiesFolder() / "tokenizer.model"));
    }

    void reportsDescribeTheModel()
    {
        const auto report = inspectModelFolder(storiesFolder());
        QCOMPARE(problemOf(report), QString());
        QCOMPARE(report->parameters, std::int64_t{260'032});
        QCOMPARE(report->weightBytes, std::uint64_t{4 * 260'032});
        QCOMPARE(report->dtype, std::string("F32"));
        QCOMPARE(report->layers, std::int64_t{5});
        QCOMPARE(report->heads, std::int64_t{8});
        QCOMPARE(report->keyValueHeads, std::int64_t{4});
        QVERIFY(report->isHeadTied);
        QCOMPARE(report->tensors.size(), std::size_t{47});
        const auto embedding = std::find_if(report->tensors.begin(), report->tensors.end(), [](const auto& tensor) {
            return tensor.name == "model.embed_tokens.weight";
        });
        QCOMPARE(embedding->shape, std::string("512 × 64"));
        QCOMPARE(embedding->parameters, std::int64_t{512 * 64});
        QVERIFY(!report->hasChatTemplate);
        QCOMPARE(report->contentHash.size(), std::size_t{32});
        QCOMPARE(codeOf(inspectModelFolder(storiesFolder() / "nowhere")), QString("file-not-found"));
    }

    void valuesThatAreNotNumbersAreRefused()
    {
        const ScratchFolder scratch;
        DecoderWeights broken = DecoderWeights::load(*m_model, Precision::Float32, false).value();
        broken.embedding.view(-1)[77] = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(writeCheckpoint(broken, m_source, scratch / "c", 1, "dpo"));
        const auto loaded = DecoderWeights::load(ModelFolder::open(scratch / "c").value(), Precision::Float32, false);
        QCOMPARE(codeOf(loaded), QString("weights-invalid"));
        QCOMPARE(argumentOf(loaded, "where"), QString("model.embed_tokens.weight"));
    }

private:
    std::unique_ptr<ModelFolder> m_model;
    CheckpointSource m_source;
    DecoderWeights m_weights;
};

QTEST_GUILESS_MAIN(CheckpointFolderTest)
#include "checkpoint_folder_test.moc"
