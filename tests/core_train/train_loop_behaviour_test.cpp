// SPDX-License-Identifier: GPL-3.0-or-later
// How a run goes and ends: what is logged when, stops, failures, and what each of them leaves.
#include "core/train/checkpoint.h"
#include "core/train/run_pulse.h"
#include "core/train/torch_border.h"
#include "core/train/train_loop.h"

#include "support/random_decoder.h"

#include <c10/core/GradMode.h>

#include "support/files.h"
#include "support/results.h"

#include <QElapsedTimer>
#include <QTest>

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

std::shared_ptr<FixedPairs> pairs(std::uint32_t count)
{
    std::vector<TokenPair> pairs;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto id = static_cast<TokenId>(i % 13);
        TokenPair pair{i, {{1, 2, id, 3}, 2}, {{1, 2, 4, id}, 2}};
        if (i % 3 == 0) pair.chosen.ids.push_back(5);
        pairs.push_back(std::move(pair));
    }
    return std::make_shared<FixedPairs>(std::move(pairs));
}

TrainingJob job(const char* method, const ParamValues& params, Precision precision = Precision::Float32)
{
    TrainingJob job;
    job.method = *findMethod(method);
    ParamValues own = params;
    own.merge(ParamValues{{"learning_rate", 1e-2}, {"per_device_train_batch_size", std::int64_t{2}}});
    job.params = *completeParams(own, method, job.method->params(), job.method->defaults);
    job.options = *trainingOptions(job.params);
    job.train = pairs(8);
    job.weights = randomDecoder({}, precision);
    return job;
}

/// A run that writes into `folder`, on a copy of the demo model in "source" there.
struct DemoRun {
    Result<ModelFolder> model;
    TrainingJob job;

    DemoRun(const ScratchFolder& folder, const ParamValues& params) : model(copied(folder)), job(::job("dpo", params))
    {
        job.weights = *DecoderWeights::load(*model, Precision::Float32, true);
        job.model = &*model;
        job.place.runFolder = folder.path();
    }
    static Result<ModelFolder> copied(const ScratchFolder& folder)
    {
        std::filesystem::copy(std::filesystem::path(PREFLAB_SOURCE_FOLDER) / "resources/demo/model", folder / "source");
        return ModelFolder::open(folder / "source");
    }
};

/// Calls `onStep` before clipping of each step.
class Hook final : public LoopObserver {
public:
    explicit Hook(std::function<void(std::int64_t, const DecoderWeights&)> onStep) : m_onStep(std::move(onStep)) {}
    void onGradients(std::int64_t step, const DecoderWeights& weights) override { m_onStep(step, weights); }

private:
    std::function<void(std::int64_t, const DecoderWeights&)> m_onStep;
};

/// One run with everything it said.
struct Ran {
    Outcome outcome;
    RunControl control;
    RunLog log;

    void run(TrainingJob& job, LoopObserver& observer)
    {
        log.setAutoCommit();
        RunPulse pulse(control, log);
        outcome = runTrainingLoop(job, pulse, observer);
    }
    void run(TrainingJob& job)
    {
        LoopObserver nobody;
        run(job, nobody);
    }
    std::vector<double> series(const char* metric) const
    {
        std::vector<double> values;
        for (const auto& [step, value] : log.series(metric)) values.push_back(value);
        return values;
    }
    std::vector<RunEvent> events(RunEvent::Kind kind) const
    {
        RunCursor cursor;
        std::vector<RunEvent> events;
        for (RunEvent& event : log.news(cursor).events)
            if (event.kind == kind) events.push_back(std::move(event));
        return events;
    }
};

/// A run on a thread of its own, in whose way a file lies where it wants to save at its end.
struct BlockedRun {
    ScratchFolder folder;
    Ran ran;

    /// `isStopped`: by stop-and-save in its second step; otherwise it does all of them.
    explicit BlockedRun(bool isStopped) : m_demo(folder, {})
    {
        std::filesystem::create_directory(runFolder());
        m_demo.job.place.runFolder = runFolder();
        m_thread = std::thread([this, isStopped] {
            applyThreads(1);
            Hook hook([&](std::int64_t step, const DecoderWeights&) {
                if (step != 2) return;
                std::filesystem::rename(runFolder(), folder / "aside");
                writeFile(runFolder(), "in the way");
                if (isStopped) ran.control.stopAndSave();
            });
            ran.run(m_demo.job, hook);
        });
    }
    ~BlockedRun()
    {
        ran.control.cancel();
        join();
    }
    std::filesystem::path runFolder() const { return folder / "run"; }
    void unblock()
    {
        std::filesystem::remove(runFolder());
        std::filesystem::rename(folder / "aside", runFolder());
    }
    void join()
    {
        if (m_thread.joinable()) m_thread.join();
    }

private:
    DemoRun m_demo;
    std::thread m_thread;
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
        TrainingJob training = job(method.toUtf8().constData(), {{"num_train_epochs", 2.0}},
                                   static_cast<Precision>(precision));
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
            TrainingJob training = job("sft", {{"per_device_train_batch_size", batch}, {"shuffle", false},
                                               {"gradient_accumulation_steps", accumulation}}, Precision::Float64);
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
            if (repeat == 0) first = ran.series("loss");
            else QCOMPARE(ran.series("loss"), first);
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

    void savesWhenAskedAndGoesOn()
    {
        const ScratchFolder folder;
        const Result<ModelFolder> model = ModelFolder::open(std::filesystem::path(PREFLAB_SOURCE_FOLDER)
                                                            / "resources/demo/model");
        QVERIFY(model);
        TrainingJob training = job("dpo", {});
        training.weights = *DecoderWeights::load(*model, Precision::Float32, true);
        training.model = &*model;
        training.place.runFolder = folder.path();
        Ran ran;
        Hook hook([&](std::int64_t step, const DecoderWeights&) {
            if (step == 2) ran.control.saveNow();
        });
        ran.run(training, hook);
        QVERIFY(std::holds_alternative<Finished>(ran.outcome));
        const auto saved = ran.events(RunEvent::Kind::Checkpoint);
        QCOMPARE(saved.size(), 2U);
        QCOMPARE(saved.front().text, std::string("checkpoint-2"));
        QCOMPARE(saved.back().text, std::string(kFinalModelFolder));
        QCOMPARE(verifyCheckpoint(folder / "checkpoint-2")->step, 2);
        QVERIFY(ran.series("loss").size() > 2U);
        // The loop is gone: nobody is left to save.
        ran.control.saveNow();
        ran.control.betweenSteps();
        QCOMPARE(ran.events(RunEvent::Kind::Checkpoint).size(), 2U);
    }

    // A model on a stick that is pulled out costs nothing: what a save needs is read when the run starts.
    void savesWhenTheModelsFolderIsGone()
    {
        const ScratchFolder folder;
        DemoRun demo(folder, {{"save_steps", std::int64_t{3}}});
        Ran ran;
        Hook hook([&](std::int64_t step, const DecoderWeights&) {
            if (step == 2) std::filesystem::rename(folder / "source", folder / "moved");
        });
        ran.run(demo.job, hook);
        QVERIFY(std::holds_alternative<Finished>(ran.outcome));
        QVERIFY(ran.events(RunEvent::Kind::Warning).empty());
        QCOMPARE(problemOf(verifyCheckpoint(folder / "checkpoint-3")), QString());
        QCOMPARE(problemOf(ModelFolder::open(folder / kFinalModelFolder)), QString());
    }

    void waitsWithTheLastModelUntilItCanBeSaved_data()
    {
        QTest::addColumn<QString>("wish");
        QTest::addColumn<bool>("isStopped");
        for (const char* wish : {"", "resume", "save", "stop"}) QTest::newRow(wish) << QString(wish) << false;
        QTest::newRow("after a stop") << QString("resume") << true;
    }
    void waitsWithTheLastModelUntilItCanBeSaved()
    {
        QFETCH(QString, wish);
        QFETCH(bool, isStopped);
        BlockedRun blocked(isStopped);
        QTRY_VERIFY(!blocked.ran.events(RunEvent::Kind::Warning).empty());
        const QString warning = QString::fromStdString(blocked.ran.events(RunEvent::Kind::Warning).front().text);
        QVERIFY2(warning.contains("waits with its weights"), qPrintable(warning));
        QTRY_VERIFY(blocked.ran.control.isPaused());
        QTRY_COMPARE(blocked.ran.log.progress().phase, std::string("Waiting to save"));
        blocked.unblock();
        if (wish == "resume") blocked.ran.control.resume();
        if (wish == "save") blocked.ran.control.saveNow();
        if (wish == "stop") blocked.ran.control.stopAndSave();
        blocked.join();
        QVERIFY(!blocked.ran.control.isPaused());
        QCOMPARE(blocked.ran.events(RunEvent::Kind::Warning).size(), 1U);
        QCOMPARE(blocked.ran.events(RunEvent::Kind::Checkpoint).size(), 1U);
        const auto folder = blocked.runFolder() / (isStopped ? checkpointFolder(2) : kFinalModelFolder);
        QCOMPARE(problemOf(verifyCheckpoint(folder)), QString());
        // Nothing is left to be stopped once every step is done.
        if (isStopped) QCOMPARE(std::get<Cancelled>(blocked.ran.outcome).steps, 2);
        else QVERIFY(std::holds_alternative<Finished>(blocked.ran.outcome));
    }

    // Weights that are given up are no silent end.
    void cancellingTheWaitIsAFailure()
    {
        for (const bool isStopped : {false, true}) {
            BlockedRun blocked(isStopped);
            QTRY_VERIFY(blocked.ran.control.isPaused());
            if (!isStopped) blocked.ran.control.stopAndSave();  // tries again at once, and goes on waiting
            blocked.ran.control.cancel();
            QElapsedTimer watch;
            watch.start();
            blocked.join();
            QVERIFY(watch.elapsed() < 2000);
            const auto* failed = std::get_if<Failed>(&blocked.ran.outcome);
            QVERIFY(failed && failed->error.code == ErrorCode::WriteFailed);
            QVERIFY(blocked.ran.events(RunEvent::Kind::Checkpoint).empty());
        }
    }

    void aSaveBeforeTheFirstStepSaysThatThereIsNothing()
    {
        TrainingJob training = job("sft", {});
        Ran ran;
        ran.control.saveNow();
        ran.run(training);
        QVERIFY(ran.events(RunEvent::Kind::Checkpoint).empty());
        QCOMPARE(ran.events(RunEvent::Kind::Note).size(), 1U);
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
        training.place.runFolder = folder.path();
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
