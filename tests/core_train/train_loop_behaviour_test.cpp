// SPDX-License-Identifier: GPL-3.0-or-later
// How a run goes and ends: what is logged when, stops, failures, and what each of them leaves.
#include "core/train/backend/torch_border.h"
#include "support/loop_run.h"
#include "support/results.h"

#include <c10/core/GradMode.h>

#include <QTest>

#include <array>
#include <barrier>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <thread>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

/// What two processes tell each other.
struct Meeting {
    std::barrier<> barrier{2};
    std::array<std::span<const Tensor>, 2> tensors;
    std::array<std::span<double>, 2> numbers;
};

/// A process that is a thread.
class ThreadCommunicator final : public Communicator {
public:
    ThreadCommunicator(Meeting& meeting, std::size_t rank) : m_meeting(meeting), m_rank(rank) {}
    std::int64_t rank() const override { return static_cast<std::int64_t>(m_rank); }
    std::int64_t size() const override { return 2; }
    Result<> sum(std::span<const Tensor> tensors) override
    {
        return meet(m_meeting.tensors, tensors, [](const Tensor& a, const Tensor& b) {
            a.copy_(a + b);
            b.copy_(a);
        });
    }
    Result<> sum(std::span<double> numbers) override
    {
        return meet(m_meeting.numbers, numbers, [](double& a, double& b) { a = b = a + b; });
    }
    Result<> broadcast(std::span<const Tensor> tensors) override
    {
        return meet(m_meeting.tensors, tensors, [](const Tensor& a, const Tensor& b) { b.copy_(a); });
    }

private:
    template <class Span, class Merge>
    Result<> meet(std::array<Span, 2>& both, Span mine, const Merge& merge)
    {
        both[m_rank] = mine;
        m_meeting.barrier.arrive_and_wait();
        const c10::NoGradGuard noGrad;
        for (std::size_t i = 0; m_rank == 0 && i < both[0].size(); ++i) merge(both[0][i], both[1][i]);
        m_meeting.barrier.arrive_and_wait();
        return {};
    }
    Meeting& m_meeting;
    std::size_t m_rank;
};

}  // namespace

class TrainLoopBehaviourTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The matrices are so small that threads only wait for each other.
    void initTestCase() { applyThreads(1); }

    void logsEveryStep_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("precision");
        for (const MethodInfo* method : methods()) {
            for (const auto precision : {Precision::Float32, Precision::BFloat16, Precision::Float64})
                QTest::addRow("%s %d", method->id.c_str(), static_cast<int>(precision))
                    << QString::fromStdString(method->id) << static_cast<int>(precision);
        }
    }
    void logsEveryStep()
    {
        QFETCH(QString, method);
        QFETCH(int, precision);
        TrainingJob training =
            job(method.toUtf8().constData(), {{"num_train_epochs", 2.0}}, static_cast<Precision>(precision));
        training.eval = training.heldOut = pairs(3);
        Ran ran;
        ran.run(training);
        QVERIFY(std::holds_alternative<Finished>(ran.outcome));
        QCOMPARE(std::get<Finished>(ran.outcome).steps, 8);
        std::vector<std::string> keys;
        for (const MetricDescription& metric : loopDescriptions()) keys.push_back(metric.key);
        for (const MetricDescription& metric : training.method->metrics) keys.push_back(metric.key);
        for (const std::string& key : keys) QCOMPARE(ran.series(key.c_str()).size(), 8U);
        QCOMPARE(ran.series("eval_loss").size(), 2U);
        QCOMPARE(ran.series("heldout/margin_mean").size(), 2U);
        QCOMPARE(ran.series("heldout/drift_chosen").front(), 0.0);
        QVERIFY(ran.series("heldout/drift_chosen").back() != 0.0);
        QCOMPARE(ran.series("epoch").back(), 2.0);
        QCOMPARE(ran.series("learning_rate").front(), 1e-2);
        for (const double loss : ran.series("loss")) QVERIFY(std::isfinite(loss));
        if (training.method->needsReference) QCOMPARE(ran.series("rewards/margins").front(), 0.0);
    }

    void learns()
    {
        TrainingJob training = job("dpo", {{"num_train_epochs", 10.0}, {"lr_scheduler_type", std::string("constant")}});
        Ran ran;
        ran.run(training);
        QCOMPARE(ran.series("loss").front(), 0.6931471824645996);
        QVERIFY(ran.series("loss").back() < 0.5);
        QVERIFY(ran.series("rewards/margins").back() > 0.5);
    }

    // trl-spec 7.4: splitting a step of SFT into micro-batches changes nothing.
    void accumulationSplitsAreEquivalent()
    {
        const auto losses = [](std::int64_t batch, std::int64_t accumulation) {
            TrainingJob training = job("sft",
                                       {{"per_device_train_batch_size", batch},
                                        {"shuffle", false},
                                        {"gradient_accumulation_steps", accumulation}},
                                       Precision::Float64);
            Ran ran;
            ran.run(training);
            return ran.series("loss");
        };
        const auto whole = losses(4, 1), split = losses(2, 2), single = losses(1, 4);
        QCOMPARE(whole.size(), split.size());
        for (std::size_t i = 0; i < whole.size(); ++i) {
            QVERIFY(std::abs(whole[i] - split[i]) < 1e-12);
            QVERIFY(std::abs(whole[i] - single[i]) < 1e-12);
        }
    }

    // Two processes with half of every step each take the steps of one, short groups and all.
    void processesTrainTogether_data()
    {
        QTest::addColumn<QString>("method");
        for (const MethodInfo* method : methods())
            QTest::newRow(method->id.c_str()) << QString::fromStdString(method->id);
    }
    void processesTrainTogether()
    {
        QFETCH(QString, method);
        const auto training = [&method](std::int64_t accumulation) {
            TrainingJob made =
                job(method.toUtf8().constData(),
                    {{"gradient_accumulation_steps", accumulation}, {"num_train_epochs", 2.0}}, Precision::Float64);
            made.train = pairs(9);  // five micro-batches: the last group leaves one process without any
            return made;
        };
        TrainingJob alone = training(2);
        Ran expected;
        expected.run(alone);
        Meeting meeting;
        ThreadCommunicator communicators[] = {{meeting, 0}, {meeting, 1}};
        TrainingJob shared[] = {training(1), training(1)};
        // The second process begins elsewhere and gets the first one's weights.
        shared[1].weights = randomDecoder({}, Precision::Float64, 2);
        Ran ran[2];
        const auto run = [&](std::size_t rank) {
            applyThreads(1);
            shared[rank].communicator = &communicators[rank];
            ran[rank].run(shared[rank]);
        };
        {
            const std::jthread other(run, std::size_t{1});
            run(0);
        }
        for (const char* key : {"loss", "grad_norm", "num_tokens"}) {
            const auto found = ran[0].series(key), wanted = expected.series(key);
            QCOMPARE(found.size(), wanted.size());
            for (std::size_t i = 0; i < wanted.size(); ++i) QVERIFY(std::abs(found[i] - wanted[i]) < 1e-10);
        }
        for (const auto& [name, parameter] : alone.weights.parameters()) {
            for (const TrainingJob& one : shared)
                QVERIFY2(largestDifference(parameter, one.weights.tensors.at(name)) < 1e-8, name.c_str());
        }
    }

    void repeatsBitForBit()
    {
        std::vector<double> first;
        for (int repeat = 0; repeat < 2; ++repeat) {
            TrainingJob training = job("orpo", {});
            // Evaluation must not change what is trained.
            if (repeat == 1) {
                training.eval = training.heldOut = pairs(3);
                training.options.evalEvery = 1;
            }
            Ran ran;
            ran.run(training);
            if (repeat == 0)
                first = ran.series("loss");
            else
                QCOMPARE(ran.series("loss"), first);
        }
    }

    void evaluatesOnSchedule()
    {
        TrainingJob training = job("dpo", {{"num_train_epochs", 1.0}, {"eval_steps", std::int64_t{2}}});
        training.heldOut = pairs(3);
        Ran ran;
        ran.run(training);
        std::vector<std::int64_t> steps;
        for (const auto& [step, value] : ran.log.series("heldout/accuracy_mean")) steps.push_back(step);
        QCOMPARE(steps, (std::vector<std::int64_t>{0, 2, 4}));
    }

    // What speed and memory are read from, for every method alike.
    void stepsSayWhatTheyCost()
    {
        for (const char* method : {"dpo", "orpo", "sft"}) {
            TrainingJob training = job(method, {});
            Ran ran;
            ran.run(training);
            const std::vector<double> tokens = ran.series("num_tokens");
            QVERIFY(tokens.size() > 2U && tokens[1] > tokens[0] && tokens[0] > 0.0);
            for (const double speed : ran.series("pair_tokens_per_second")) QVERIFY(speed > 0.0);
            for (const double bytes : ran.series("process/resident_bytes")) QVERIFY(bytes > 1e6);
            QCOMPARE(ran.log.progress().secondsLeft, 0.0);
        }
    }

    void stopsAfterTheStep()
    {
        TrainingJob training = job("dpo", {});
        Ran ran;
        Hook hook([&](std::int64_t step, const DecoderWeights&) {
            if (step == 3) ran.control.stopAndSave();
        });
        ran.run(training, hook);
        QVERIFY(std::holds_alternative<Cancelled>(ran.outcome));
        QCOMPARE(std::get<Cancelled>(ran.outcome).steps, 3);
        QCOMPARE(ran.series("loss").size(), 3U);
    }

    void cancelsBetweenMicroBatches()
    {
        TrainingJob training = job("dpo", {{"gradient_accumulation_steps", std::int64_t{4}}});
        Ran ran;
        ran.control.cancel();
        ran.run(training);
        QCOMPARE(std::get<Cancelled>(ran.outcome).steps, 0);
        QVERIFY(ran.series("loss").empty());
    }

    void servesRequestsBetweenSteps()
    {
        TrainingJob training = job("sft", {});
        Ran ran;
        std::int64_t posted = 0, served = 0;
        Hook hook([&](std::int64_t step, const DecoderWeights&) {
            posted = step;
            ran.control.post([&] { served = posted; });
        });
        ran.run(training, hook);
        QVERIFY(posted > 1);
        QVERIFY(served >= posted - 1);
    }

    void aLossThatIsNotFiniteMovesNothing()
    {
        TrainingJob training = job("dpo", {{"shuffle", false}});
        const auto broken = training.weights.parameters().front().second;
        double before = 0.0;
        Ran ran;
        Hook hook([&](std::int64_t step, const DecoderWeights& weights) {
            if (step != 2) return;
            before = weights.parameters().back().second.sum().item<double>();
            broken.mutable_grad().fill_(std::numeric_limits<double>::infinity());
        });
        ran.run(training, hook);
        const auto* failed = std::get_if<Failed>(&ran.outcome);
        QVERIFY(failed);
        QCOMPARE(failed->error.code, ErrorCode::LossNotFinite);
        QCOMPARE(failed->error.arguments.at("step"), std::string("2"));
        QCOMPARE(failed->error.arguments.at("what"), std::string("the gradient norm"));
        QCOMPARE(ran.series("loss").size(), 1U);
        QCOMPARE(training.weights.parameters().back().second.sum().item<double>(), before);
    }

    void keepsTheRowsOfABadBatch()
    {
        ScratchFolder folder;
        TrainingJob training = job("sft", {{"shuffle", false}});
        training.folders.run = folder.path();
        {
            const c10::NoGradGuard noGrad;
            training.weights.parameters().front().second.fill_(std::numeric_limits<double>::quiet_NaN());
        }
        Ran ran;
        ran.run(training);
        const Error error = std::get<Failed>(ran.outcome).error;
        QCOMPARE(error.arguments.at("what"), std::string("the loss"));
        QCOMPARE(error.arguments.at("step"), std::string("1"));
        QVERIFY(sentence(error).find("step 1") != std::string::npos);
        const auto batch = readJsonFile(folder / kBadBatchFile, 10000);
        QCOMPARE(problemOf(batch), QString());
        QCOMPARE(batch->dump(), std::string(R"({"step":1,"what":"the loss","rows":[0,1]})"));
    }

    void pausesAreLeftOutOfTheClock()
    {
        TrainingJob training = job("sft", {});
        Ran ran;
        Hook hook([&](std::int64_t step, const DecoderWeights&) {
            if (step != 1) return;
            ran.control.pause();
            ran.control.post([&] { ran.control.resume(); });
        });
        ran.run(training, hook);
        QVERIFY(std::holds_alternative<Finished>(ran.outcome));
        QCOMPARE(ran.events(RunEvent::Kind::Phase).back().text, std::string("Training"));
        QCOMPARE(ran.log.progress().done, ran.log.progress().total);
    }
};

QTEST_GUILESS_MAIN(TrainLoopBehaviourTest)
#include "train_loop_behaviour_test.moc"
