// SPDX-License-Identifier: GPL-3.0-or-later
// What every model family must keep, tried on its own example: the forward pass is that of the plain loops, weights
// go to a folder and back, and no key of config.json passes unseen.
#include "core/train/checkpoint.h"
#include "core/train/engine/log_probs.h"
#include "support/files.h"
#include "support/naive_decoder.h"
#include "support/piece_model.h"
#include "support/random_decoder.h"
#include "support/results.h"

#include <ATen/core/grad_mode.h>
#include <ATen/Parallel.h>

#include <QtTest>

#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

const std::vector<std::int64_t> kIds = {1, 5, 3, 12, 0, 7, 7, 2};

Json exampleOf(const ArchitectureInfo& family)
{
    return parseJson(family.example).value();
}

Result<DecoderDescription> described(const ArchitectureInfo& family, const Json& config)
{
    return describeDecoder(family, config, "config.json");
}

DecoderWeights weightsOf(const ArchitectureInfo& family, Precision precision)
{
    const DecoderDescription decoder = described(family, exampleOf(family)).value();
    return randomWeights(decoder, family.weights(decoder), precision);
}

/// Writes the random weights as a model folder with a tokenizer of 272 pieces.
Result<> writeModel(const ArchitectureInfo& family, const DecoderWeights& weights, const std::filesystem::path& folder)
{
    const CheckpointSource source{exampleOf(family), {{"tokenizer.model", helloModel()}}};
    return writeCheckpoint(weights, source, folder, 0, "dpo");
}

}  // namespace

class ArchitectureConformanceTest : public QObject {
    Q_OBJECT

    const ArchitectureInfo* m_family = nullptr;

    static void families()
    {
        QTest::addColumn<QString>("id");
        for (const ArchitectureInfo* family : architectures())
            QTest::newRow(family->id.c_str()) << QString::fromStdString(family->id);
    }

private slots:
    void initTestCase() { at::set_num_threads(1); }  // a second thread only costs at this size

    void init()
    {
        if (QTest::currentDataTag() == nullptr) return;
        for (const ArchitectureInfo* family : architectures())
            if (family->id == QTest::currentDataTag()) m_family = family;
    }

    void exampleIsOfItsFamily_data() { families(); }
    void exampleIsOfItsFamily()
    {
        const Json config = exampleOf(*m_family);
        QCOMPARE(architectureOf(JsonObject(config, "config.json")).value(), m_family);
        QCOMPARE(problemOf(described(*m_family, config)), QString());
    }

    void keysThatNobodyReadAreRefused_data() { families(); }
    void keysThatNobodyReadAreRefused()
    {
        for (const char* key : {"attention_dropout", "resid_pdrop", "hidden_dropout", "a_key_of_tomorrow"}) {
            Json config = exampleOf(*m_family);
            config[key] = 0.5;
            const auto decoder = described(*m_family, config);
            QCOMPARE(codeOf(decoder), QString("config-unsupported"));
            QCOMPARE(argumentOf(decoder, "key"), QString(key));
        }
    }

    void weightsAreNamedOnceAndFitTheirFiles_data() { families(); }
    void weightsAreNamedOnceAndFitTheirFiles()
    {
        const DecoderDescription decoder = described(*m_family, exampleOf(*m_family)).value();
        const auto specs = m_family->weights(decoder);
        std::set<std::string> names;
        for (const WeightSpec& spec : specs) QVERIFY2(names.insert(spec.name).second, spec.name.c_str());
        const auto files = fileTensorsOf(specs);
        QCOMPARE(problemOf(files), QString());
        std::int64_t stored = 0;
        for (const FileTensor& file : *files) stored += WeightSpec{.name = "", .shape = file.shape}.count();
        QCOMPARE(stored, parameterCount(specs));
    }

    void forwardPassEqualsPlainLoops_data() { families(); }
    void forwardPassEqualsPlainLoops()
    {
        const at::NoGradGuard noGrad;
        for (const auto& [precision, tolerance] :
             {std::pair(Precision::Float64, 1e-12), std::pair(Precision::Float32, 5e-5)}) {
            const DecoderWeights weights = weightsOf(*m_family, precision);
            const Tensor logits = decoderLogits(weights, decoderHidden(weights, idTensor({kIds})));
            QVERIFY(differenceToLoops(weights, kIds, logits[0]) < tolerance);
        }
    }

    void laterTokensDoNotReachEarlierLogits_data() { families(); }
    void laterTokensDoNotReachEarlierLogits()
    {
        const at::NoGradGuard noGrad;
        const DecoderWeights weights = weightsOf(*m_family, Precision::Float64);
        const auto logitsOf = [&](const std::vector<std::int64_t>& ids) {
            return decoderLogits(weights, decoderHidden(weights, idTensor({ids})));
        };
        const Tensor before = logitsOf(kIds);
        std::vector<std::int64_t> ids = kIds;
        ids[4] = 9;
        const Tensor after = logitsOf(ids);
        QVERIFY(before.narrow(1, 0, 4).equal(after.narrow(1, 0, 4)));
        QVERIFY(largestDifference(before.select(1, 4), after.select(1, 4)) > 1e-6);
    }

    void gradientReachesEveryWeight_data() { families(); }
    void gradientReachesEveryWeight()
    {
        const DecoderWeights weights = weightsOf(*m_family, Precision::Float64);
        const Tensor ids = idTensor({kIds});
        const Tensor hidden = decoderHidden(weights, ids).narrow(1, 0, 7);
        tokenStatistics(weights, hidden, ids.narrow(1, 1, 7)).logProbs.sum().backward();
        for (const auto& [name, parameter] : weights.parameters())
            QVERIFY2(parameter.grad().defined() && parameter.grad().abs().max().item<double>() > 1e-10, name.c_str());
    }

    void weightsComeBackFromAFolder_data() { families(); }
    void weightsComeBackFromAFolder()
    {
        const ScratchFolder scratch;
        const DecoderWeights weights = weightsOf(*m_family, Precision::Float32);
        QCOMPARE(problemOf(writeModel(*m_family, weights, scratch / "m")), QString());
        const auto model = ModelFolder::open(scratch / "m");
        QCOMPARE(problemOf(model), QString());
        const auto loaded = DecoderWeights::load(*model, Precision::Float32, false);
        QCOMPARE(problemOf(loaded), QString());
        QCOMPARE(loaded->tensors.size(), weights.tensors.size());
        for (const auto& [name, tensor] : weights.tensors)
            QVERIFY2(loaded->tensors.at(name).equal(tensor), name.c_str());
        // The one pass over the files also told what they are.
        QCOMPARE(loaded->sourceHash, model->contentHash().value());
    }
};

QTEST_GUILESS_MAIN(ArchitectureConformanceTest)
#include "architecture_conformance_test.moc"
