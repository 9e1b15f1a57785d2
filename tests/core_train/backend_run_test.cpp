// SPDX-License-Identifier: GPL-3.0-or-later
// The engine's verbs on a real small model: from files to metrics, checkpoints, samples and errors.
#include "core/base/system.h"
#include "core/train/backend/run_setup.h"
#include "core/train/backend/torch_backend.h"
#include "core/train/checkpoint.h"
#include "core/train/loop/run_clock.h"
#include "core/train/loop/run_reporter.h"
#include "core/train/loop/train_loop.h"
#include "support/files.h"
#include "support/results.h"
#include "support/run_events.h"

#include <QTest>

#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

const std::filesystem::path kModel = std::filesystem::path(PREFLAB_TEST_SHARED) / "assets/models/stories260K-hf";

/// Twelve pairs; the sixth has a prompt that no small max_length leaves room for.
std::string pairLines()
{
    std::string lines;
    for (int i = 0; i < 12; ++i) {
        Json row;
        row["prompt"] = i == 5 ? std::string(400, 'x') : "Once upon a time there were " + std::to_string(i) + " birds.";
        row["chosen"] = " They sang a happy song in the sun.";
        row["rejected"] = " They fell down and it rained.";
        lines += row.dump() + "\n";
    }
    return lines;
}

/// A project-like place with data in it.
struct Place {
    ScratchFolder folder;
    RunFolders folders{folder / "run", folder / "cache"};
    std::filesystem::path data = writeFile(folder / "pairs.jsonl", pairLines());

    Place() { std::filesystem::create_directories(folders.run); }
    RunSpec spec(const std::string& method, ParamValues params) const
    {
        params.merge(ParamValues{{"per_device_train_batch_size", std::int64_t{4}},
                                 {"max_length", std::int64_t{64}},
                                 {"learning_rate", 1e-3},
                                 {"threads", std::int64_t{1}}});
        RunSpec spec;
        spec.method = method;
        spec.model = kModel;
        spec.data = data;
        spec.params = std::move(params);
        return spec;
    }
};

struct Ran {
    RunControl control;
    RunLog log;
    Outcome outcome;

    Ran(const RunSpec& spec, const RunFolders& folders)
    {
        log.setAutoCommit();
        outcome = TorchBackend().train(spec, folders, {}, control, log);
    }
    QString problem() const
    {
        const auto* failed = std::get_if<Failed>(&outcome);
        return failed ? QString::fromStdString(sentence(failed->error)) : QString();
    }
    std::vector<RunEvent> events(RunEvent::Kind kind) const { return test::eventsOf(log, kind); }
};

}  // namespace

class BackendRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!std::filesystem::exists(kModel)) QSKIP("The small model is not beside the project.");
    }

    void describesEveryTable()
    {
        std::set<std::string> methods;
        for (const ComponentDescription& component : TorchBackend().describeComponents()) {
            QVERIFY(!component.id.empty() && !component.title.empty());
            if (component.kind != ComponentDescription::Kind::Method) continue;
            methods.insert(component.id);
            std::set<std::string> keys;
            for (const MetricDescription& metric : component.metrics) keys.insert(metric.key);
            QCOMPARE(keys.size(), component.metrics.size());
            QVERIFY(keys.contains("loss") && keys.contains("heldout/log_odds"));
            // What the method calls a default must be acceptable to it.
            QVERIFY(completeParams({}, component.id, component.params, component.defaults));
            for (const ParamSpec& spec : component.params) {
                QVERIFY2(spec.help.size() > 20 && spec.help.size() <= 110, spec.key.c_str());
                QCOMPARE(spec.group, std::string(component.id == "sft" ? "Optimisation" : "Preference"));
                QCOMPARE(spec.isLogScale, spec.usualMinimum.has_value() && spec.usualMaximum.has_value());
            }
        }
        QCOMPARE(methods, (std::set<std::string>{"dpo", "orpo", "sft"}));
    }

    // What `runs show`, reports and the window read of a run, long after it was started.
    void whatIsWarnedOfIsInTheLog()
    {
        const Place place;
        const auto data =
            writeFile(place.folder / "odd.jsonl",
                      pairLines() + Json{{"prompt", "Once"}, {"chosen", ""}, {"rejected", " more"}}.dump());
        for (const char* method : {"dpo", "sft"}) {
            RunSpec spec = place.spec(method, {{"max_steps", std::int64_t{1}}});
            spec.data = data;
            const Ran ran(spec, place.folders);
            QCOMPARE(ran.problem(), QString());
            std::vector<std::string> warnings;
            for (const RunEvent& event : ran.events(RunEvent::Kind::Warning)) warnings.push_back(event.text);
            QCOMPARE(warnings,
                     (std::vector<std::string>{"1 pair of odd.jsonl has an empty answer (line 13).",
                                               "Nothing is held out, so nothing will tell whether training helped."}));
        }
    }

    void trainsFromFiles_data()
    {
        QTest::addColumn<QString>("method");
        for (const char* method : {"dpo", "orpo", "sft"}) QTest::newRow(method) << method;
    }
    void trainsFromFiles()
    {
        QFETCH(QString, method);
        const Place place;
        RunSpec spec =
            place.spec(method.toStdString(),
                       {{"max_steps", std::int64_t{4}}, {"save_steps", std::int64_t{2}}, {"eval_fraction", 0.25}});
        spec.params["eval_steps"] = std::int64_t{2};
        spec.samplePrompts = {"Once upon a time"};
        const Ran ran(spec, place.folders);
        QCOMPARE(ran.problem(), QString());
        QCOMPARE(std::get<Finished>(ran.outcome).steps, 4);
        QCOMPARE(ran.log.series("loss").size(), 4U);
        QCOMPARE(ran.log.series("heldout/accuracy_mean").size(), 3U);

        QCOMPARE(problemOf(verifyCheckpoint(place.folders.run / "checkpoint-2")), QString());
        const auto model = verifyCheckpoint(place.folders.run / kFinalModelFolder);
        QCOMPARE(problemOf(model), QString());
        QCOMPARE(model->step, 4);
        QCOMPARE(entriesIn(place.folders.run), 2);

        const auto samples = ran.events(RunEvent::Kind::Sample);
        QCOMPARE(samples.size(), 3U);
        QCOMPARE(samples[0].data.at("when").get<std::string>(), std::string("before"));
        QCOMPARE(samples[1].data.at("when").get<std::string>(), std::string("step 2"));
        QCOMPARE(samples[1].step, 2);
        QCOMPARE(samples[2].data.at("when").get<std::string>(), std::string("after"));
        QVERIFY(!samples[0].data.at("answer").get<std::string>().empty());
        bool hasHashes = false;
        for (const RunEvent& note : ran.events(RunEvent::Kind::Note))
            hasHashes =
                hasHashes || (note.sources && !note.sources->dataHash.empty() && !note.sources->modelHash.empty());
        QVERIFY(hasHashes);
    }

    void answersAtEvaluationsCanBeLeftOut()
    {
        const Place place;
        RunSpec spec = place.spec("orpo", {{"max_steps", std::int64_t{4}},
                                           {"eval_steps", std::int64_t{1}},
                                           {"eval_samples", false},
                                           {"eval_fraction", 0.25}});
        spec.samplePrompts = {"Once upon a time"};
        const Ran ran(spec, place.folders);
        QCOMPARE(ran.problem(), QString());
        QCOMPARE(ran.events(RunEvent::Kind::Sample).size(), 2U);
    }

    // The second run reads what the first one computed, and starts at exactly the same numbers.
    void cachesTheReference()
    {
        const Place place;
        const RunSpec spec = place.spec("dpo", {{"max_steps", std::int64_t{3}}});
        const Ran first(spec, place.folders);
        QCOMPARE(first.problem(), QString());
        QCOMPARE(first.log.series("loss").front().second, 0.6931471824645996);
        const std::filesystem::path cache = place.folders.cache / "reference";
        QCOMPARE(entriesIn(cache), 1);
        const auto file = std::filesystem::directory_iterator(cache)->path();
        const auto written = std::filesystem::last_write_time(file);
        const Ran second(spec, place.folders);
        QCOMPARE(second.log.series("loss"), first.log.series("loss"));
        QCOMPARE(std::filesystem::last_write_time(file), written);

        writeFile(file, "damaged");
        const Ran third(spec, place.folders);
        QCOMPARE(third.log.series("loss"), first.log.series("loss"));
        QVERIFY(readFile(file) != "damaged");
    }

    void estimatesFromOneStep()
    {
        const Place place;
        const auto estimate =
            TorchBackend().estimate(place.spec("dpo", {{"num_train_epochs", 2.0}}), place.folders, {}, {}, {});
        QCOMPARE(problemOf(estimate), QString());
        QCOMPARE(estimate->memoryBytes, estimate->memory.total());
        QVERIFY(estimate->memory.weights > 0U && estimate->memory.reference > 0U);
        QCOMPARE(estimate->pairs, 11U);
        QCOMPARE(estimate->droppedRows, 1U);
        QCOMPARE(estimate->steps, 6);
        QVERIFY(estimate->secondsPerStep > 0.0);
        QVERIFY(estimate->totalSeconds > 6 * estimate->secondsPerStep);
        QVERIFY(estimate->memoryBytes > 10'000'000U && estimate->availableBytes > 0U);
        QCOMPARE(entriesIn(place.folders.run), 0);
    }

    void savesWhenStopped()
    {
        const Place place;
        RunControl control;
        RunLog log;
        log.setAutoCommit();
        log.setOnAppend([&] {
            if (log.series("loss").size() == 2) control.stopAndSave();
        });
        const Outcome outcome =
            TorchBackend().train(place.spec("orpo", {{"num_train_epochs", 50.0}}), place.folders, {}, control, log);
        QVERIFY(std::holds_alternative<Cancelled>(outcome));
        const std::int64_t steps = std::get<Cancelled>(outcome).steps;
        QCOMPARE(steps, 2);
        const auto saved = verifyCheckpoint(place.folders.run / checkpointFolder(steps));
        QCOMPARE(problemOf(saved), QString());
        QCOMPARE(entriesIn(place.folders.run), 1);
    }

    void cancelLeavesNothing()
    {
        const Place place;
        RunControl control;
        RunLog log;
        log.setAutoCommit();
        log.setOnAppend([&] {
            if (!log.series("loss").empty()) control.cancel();
        });
        const Outcome outcome =
            TorchBackend().train(place.spec("dpo", {{"num_train_epochs", 50.0}}), place.folders, {}, control, log);
        QVERIFY(std::holds_alternative<Cancelled>(outcome));
        QCOMPARE(entriesIn(place.folders.run), 0);
    }

    void keepsTheLastGoodWeights()
    {
        const Place place;
        const RunSpec spec = place.spec("sft", {});
        const auto setup = prepareSetup(spec, place.folders, {}, {}, {});
        QCOMPARE(problemOf(setup), QString());
        auto job = makeJob(*setup, spec, place.folders);
        QCOMPARE(problemOf(job), QString());
        class Breaker final : public LoopObserver {
            void onGradients(std::int64_t step, const DecoderWeights& weights) override
            {
                if (step == 3) weights.finalNorm.weight.mutable_grad().fill_(std::nan(""));
            }
        } breaker;
        RunControl control;
        RunLog log;
        RunClock clock(control, log);
        RunReporter reporter(clock, log);
        const Outcome outcome = runTrainingLoop(*job, clock, reporter, breaker);
        const auto* failed = std::get_if<Failed>(&outcome);
        QVERIFY(failed);
        QCOMPARE(failed->error.code, ErrorCode::LossNotFinite);
        const std::filesystem::path checkpoint = failed->error.arguments.at("checkpoint");
        QCOMPARE(checkpoint, place.folders.run / "checkpoint-2");
        QCOMPARE(problemOf(verifyCheckpoint(checkpoint)), QString());
        QVERIFY(std::filesystem::exists(place.folders.run / kBadBatchFile));
        QCOMPARE(entriesIn(place.folders.run), 2);
    }

    void errorsComeBack()
    {
        const Place place;
        const auto codeOfRun = [&](const RunSpec& spec) {
            const Ran ran(spec, place.folders);
            const auto* failed = std::get_if<Failed>(&ran.outcome);
            return failed ? std::string(errorId(failed->error.code)) : std::string(outcomeId(ran.outcome));
        };
        QCOMPARE(codeOfRun(place.spec("ppo", {})), std::string("unknown-method"));
        QCOMPARE(codeOfRun(place.spec("dpo", {{"beta", -1.0}})), std::string("parameter-out-of-range"));
        QCOMPARE(codeOfRun(place.spec("dpo", {{"lambda", 1.0}})), std::string("unknown-parameter"));
        QCOMPARE(codeOfRun(place.spec("orpo", {{"lambda", 11.0}})), std::string("parameter-out-of-range"));
        QCOMPARE(codeOfRun(place.spec("dpo", {{"max_length", std::int64_t{3}}})), std::string("no-answer-left"));
        RunSpec noModel = place.spec("dpo", {});
        noModel.model = place.folder / "nowhere";
        QCOMPARE(codeOfRun(noModel), std::string("file-not-found"));
    }

    void curvesFollowTheParameters()
    {
        const TorchBackend backend;
        const auto values = backend.curve("dpo", {{"beta", 2.0}}, {-1.0, 0.0, 1.0});
        QCOMPARE(problemOf(values), QString());
        QVERIFY(std::abs(values->at(1) - std::log(2.0)) < 1e-15);
        QVERIFY(std::abs(values->at(0) - values->at(2) - 2.0) < 1e-12);
        QCOMPARE(codeOf(backend.curve("sft", {}, {0.0})), "wrong-use");
        QCOMPARE(codeOf(backend.curve("dpo", {{"beta", std::nan("")}}, {0.0})), "parameter-out-of-range");
    }

    // An answer may be asked for while a run holds most of the memory.
    void anAnswerThatDoesNotFitIsRefusedBeforeItsModelIsLoaded()
    {
        if (availableMemory() > 42'000'000'000) QSKIP("The longest context that a model may have fits here.");
        const ScratchFolder folder;
        const auto model = folder / "endless";
        std::filesystem::copy(kModel, model);
        Json config = *readJsonFile(model / "config.json", 1 << 20);
        config["max_position_embeddings"] = std::int64_t{1} << 24;
        writeFile(model / "config.json", config.dump());
        GenerateRequest request;
        request.model = model;
        request.prompt = "Once upon a time";
        request.maxNewTokens = std::int64_t{1} << 40;
        request.dtype = "float64";
        const auto refused = TorchBackend().generate(request, [](std::string_view) { return false; }, {});
        QCOMPARE(codeOf(refused), QString("too-little-memory"));
    }

    void generatesAndInspects()
    {
        TorchBackend backend;
        std::string text;
        const auto collect = [&text](std::string_view piece) {
            text += piece;
            return true;
        };
        GenerateRequest request;
        request.model = kModel;
        request.prompt = "Once upon a time";
        request.maxNewTokens = 8;
        QCOMPARE(problemOf(backend.generate(request, collect, {})), QString());
        QVERIFY(!text.empty());
        QCOMPARE(backend.inspectModel(kModel)->architecture, std::string("Llama"));
    }
};

QTEST_GUILESS_MAIN(BackendRunTest)
#include "backend_run_test.moc"
