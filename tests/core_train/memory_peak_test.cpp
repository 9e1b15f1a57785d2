// SPDX-License-Identifier: GPL-3.0-or-later
// The predicted peak against the measured one, in a process of its own per case, because a peak never comes down.
// ctest-label: slow
#include "core/base/system.h"
#include "core/plan/memory.h"
#include "core/train/backend/torch_border.h"
#include "core/train/engine/readable_engine.h"
#include "support/loop_run.h"

#include <QCoreApplication>
#include <QProcess>
#include <QtTest>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

/// One measured situation.
struct Case {
    const char* name;
    DecoderSizes sizes;
    Precision precision;
    std::int64_t pairs;
    std::int64_t length;
    bool isTraining;
};

DecoderSizes stories()
{
    return {512, 64, 5, 8, 4, 8, 172, false, true, {}};
}
DecoderSizes thirtyMillions()
{
    return {32'000, 512, 4, 8, 4, 64, 1376, false, true, {}};
}

const std::vector<Case>& cases()
{
    static const std::vector<Case> list = {
        {"stories, 8 pairs", stories(), Precision::Float32, 8, 256, true},
        {"stories, 32 pairs", stories(), Precision::Float32, 32, 256, true},
        {"stories, fp64", stories(), Precision::Float64, 8, 256, true},
        {"stories, bf16", stories(), Precision::BFloat16, 16, 256, true},
        {"stories, scoring", stories(), Precision::Float32, 32, 256, false},
        {"30M", thirtyMillions(), Precision::Float32, 2, 128, true},
        {"30M, bf16", thirtyMillions(), Precision::BFloat16, 2, 128, true},
        {"30M, scoring", thirtyMillions(), Precision::Float32, 4, 128, false},
    };
    return list;
}

std::vector<TokenPair> pairsOf(const Case& which)
{
    TokenPair pair;
    pair.chosen = TokenSequence::afterPrompt(TokenIds(static_cast<std::size_t>(which.length), 5), 10);
    pair.rejected = TokenSequence::afterPrompt(TokenIds(static_cast<std::size_t>(which.length), 7), 10);
    return std::vector<TokenPair>(static_cast<std::size_t>(which.pairs), pair);
}

/// A DPO run of two steps with its reference pass and evaluations, through the loop that users' runs take; or a scoring
/// pass.
void work(const Case& which)
{
    applyThreads(1);
    const std::vector<TokenPair> drawn = pairsOf(which);
    if (!which.isTraining) {
        makeReadableEngine(randomDecoder(which.sizes, which.precision))->evaluate({drawn}, kLabelSumOnly);
        return;
    }
    TrainingJob training = job("dpo", {{"per_device_train_batch_size", which.pairs},
                                       {"per_device_eval_batch_size", which.pairs},
                                       {"max_steps", std::int64_t{2}}});
    training.train = training.eval = training.heldOut = std::make_shared<FixedPairs>(drawn);
    training.weights = randomDecoder(which.sizes, which.precision);
    Ran ran;
    ran.run(training);
    if (!std::holds_alternative<Finished>(ran.outcome)) std::abort();
}

std::uint64_t predicted(const Case& which)
{
    MemoryQuestion question{describe(which.sizes),
                            parameterCount(weightSpecs(which.sizes)),
                            which.precision,
                            2 * which.pairs,
                            which.length,
                            which.isTraining,
                            0};
    if (which.isTraining) {
        question.evalSequences = question.sequences;
        question.evalLongest = question.longest;
    }
    return predictMemory(question).total();
}

}  // namespace

class MemoryPeakTest : public QObject {
    Q_OBJECT

private slots:
    void predictionHoldsTheMeasurement_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < cases().size(); ++i) QTest::newRow(cases()[i].name) << int(i);
    }

    void predictionHoldsTheMeasurement()
    {
        QFETCH(int, index);
        QProcess process;
        process.start(QCoreApplication::applicationFilePath(), {"--measure", QString::number(index)});
        QVERIFY(process.waitForFinished(-1));  // ctest's own limit ends what hangs
        const double measured = process.readAllStandardOutput().trimmed().toDouble();
        const double ratio = double(predicted(cases()[std::size_t(index)])) / measured;
        qInfo("measured %.0f MB, predicted / measured %.2f", measured / 1e6, ratio);
        QVERIFY2(ratio >= 0.9 && ratio <= 1.3, qPrintable(QString::number(ratio)));
    }

    void everythingThatGrowsIsCounted()
    {
        MemoryQuestion small{describe(stories()), 260'032, Precision::Float32, 8, 128, true, 0};
        const std::uint64_t base = predictMemory(small).total();
        MemoryQuestion other = small;
        other.sequences = 16;
        QVERIFY(predictMemory(other).total() > base);
        other = small;
        other.longest = 256;
        QVERIFY(predictMemory(other).total() > base);
        other = small;
        other.frozenCopies = 1;
        QCOMPARE(predictMemory(other).total(), base + 4 * 260'032);
        other = small;
        other.isTraining = false;
        QVERIFY(predictMemory(other).total() < base);
        other = small;
        other.precision = Precision::Float64;
        QVERIFY(predictMemory(other).total() > base);
        // An evaluation counts once it needs more than a training batch.
        other = small;
        other.evalSequences = 8;
        other.evalLongest = 128;
        QCOMPARE(predictMemory(other).total(), base);
        other.evalSequences = 8000;
        QVERIFY(predictMemory(other).total() > base);
        const MemoryParts parts = predictMemory(small);
        QCOMPARE(parts.total(), base);
        QCOMPARE(parts.weights, 4U * 260'032U);
        QCOMPARE(parts.gradients, parts.weights);
        QCOMPARE(parts.optimizer, 2 * parts.weights);
    }

    void tooMuchIsRefusedBeforeTheStart()
    {
        QVERIFY(checkMemory(1'000'000).has_value());
        const auto refused = checkMemory(std::uint64_t{1} << 50);
        QCOMPARE(refused.error().code, ErrorCode::TooLittleMemory);
        const QString text = QString::fromStdString(sentence(refused.error()));
        QVERIFY2(text.contains("1.1 PB") && text.contains("max_length"), qPrintable(text));
    }

    // What a run holds is not free for an answer between two of its steps.
    void aRequestCountsOnWhatIsFree()
    {
        MemoryParts parts;
        parts.program = 160'000'000;
        parts.weights = 1'000'000'000;
        QVERIFY(checkRequestMemory(parts, 1'000'000'000).has_value());
        const auto refused = checkRequestMemory(parts, 999'999'999);
        QCOMPARE(refused.error().code, ErrorCode::TooLittleMemory);
        QVERIFY(sentence(refused.error()).find("wait for the end of a run") != std::string::npos);
        // The machine's own figure, too, without what this process holds.
        parts.weights = std::uint64_t{1} << 50;
        QVERIFY(!checkRequestMemory(parts).has_value());
    }

    void keysAndValuesOfAnAnswerAreCounted()
    {
        MemoryQuestion question{describe(stories()), 260'032, Precision::Float32, 1, 16, false, 0};
        const std::uint64_t base = predictMemory(question).total();
        question.cachedTokens = 100;
        // 5 layers, keys and values of 4 heads of 8 numbers, 4 bytes each.
        QCOMPARE(predictMemory(question).total(), base + 100U * 5U * 2U * 4U * 8U * 4U);
    }
};

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == "--measure") {
        work(cases().at(static_cast<std::size_t>(arguments.value(2).toInt())));
        std::printf("%llu\n", static_cast<unsigned long long>(peakResidentMemory()));
        return 0;
    }
    MemoryPeakTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "memory_peak_test.moc"
