// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors as a table, and a model in words.
#include "ui/models/model/model_facts.h"
#include "ui/models/model/tensors_model.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QTest>

using namespace preflab;

namespace {

std::vector<ModelReport::Tensor> tensors(int layers)
{
    std::vector<ModelReport::Tensor> made{{"model.embed_tokens.weight", "BF16", "49152 × 576", 56623104, 28311552}};
    for (int i = 0; i < layers; ++i)
        made.push_back(
            {"model.layers." + std::to_string(i) + ".mlp.up_proj.weight", "F32", "1536 × 576", 3538944, 884736});
    return made;
}

}  // namespace

class TensorsModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void noneOneAndMany()
    {
        TensorsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        model.setTensors(tensors(0));
        QCOMPARE(model.rowCount(), 1);
        model.setTensors(tensors(2000));
        QCOMPARE(model.rowCount(), 2001);
        QCOMPARE(model.index(0, TensorsModel::Shape).data().toString(), QStringLiteral("49152 × 576"));
        QCOMPARE(model.index(0, TensorsModel::Type).data().toString(), QStringLiteral("bf16"));
        QCOMPARE(model.index(0, TensorsModel::Parameters).data().toString(), QStringLiteral("28\u202F311\u202F552"));
    }

    void everyWordOfTheSearchCounts()
    {
        TensorsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setTensors(tensors(12));
        model.setFilter(QStringLiteral("layers.1 MLP"));
        QCOMPARE(model.rowCount(), 3);  // 1, 10, 11
        QCOMPARE(model.total(), 13);
        model.setFilter(QStringLiteral("nothing"));
        QCOMPARE(model.rowCount(), 0);
        model.setFilter({});
        QCOMPARE(model.rowCount(), 13);
    }

    void words()
    {
        ModelReport report;
        report.architecture = "Llama";
        report.layers = 30;
        report.hiddenSize = 576;
        report.parameters = 134515008;
        report.heads = 9;
        report.keyValueHeads = 3;
        report.maxPositions = 8192;
        report.dtype = "BF16";
        report.weightBytes = 269000000;
        report.tokenizer = "SentencePiece (BPE), 512 pieces";
        QStringList structure, storage;
        for (const ModelFact& fact : structureFacts(report)) structure.push_back(fact.text);
        for (const ModelFact& fact : storageFacts(report)) storage.push_back(fact.text);
        QCOMPARE(structure,
                 QStringList({QStringLiteral("Llama, 30 layers, width 576"), QStringLiteral("134\u202F515\u202F008"),
                              QStringLiteral("9 heads, 3 for keys and values"), QStringLiteral("8\u202F192 tokens")}));
        QCOMPARE(storage, QStringList({QStringLiteral("bf16, 269.0 MB on disk"),
                                       QStringLiteral("SentencePiece (BPE), 512 pieces"),
                                       QStringLiteral("separate from the output")}));
    }
};

QTEST_GUILESS_MAIN(TensorsModelTest)
#include "tensors_model_test.moc"
