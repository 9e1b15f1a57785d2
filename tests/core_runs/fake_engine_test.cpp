// SPDX-License-Identifier: GPL-3.0-or-later
// The engine that pages are tested with keeps the contract: it logs what it describes, saves when asked, and can be
// stepped.
#include "support/fake_backend.h"
#include "support/files.h"
#include "support/results.h"
#include "support/run_events.h"
#include "support/run_project.h"

#include <QtTest>

#include <cmath>

using namespace preflab;
using namespace preflab::test;

namespace {

FakeScript plausible(std::int64_t steps)
{
    FakeScript script;
    script.steps = steps;
    script.curves = FakeCurves::Plausible;
    return script;
}

struct Ran {
    ScratchFolder folder;
    RunControl control;
    RunLog log;

    Outcome run(FakeBackend& backend, const RunSpec& spec)
    {
        log.setAutoCommit();
        return backend.train(spec, {folder.path(), folder.path()}, {}, control, log);
    }
    std::vector<RunEvent> events(RunEvent::Kind kind) const { return test::eventsOf(log, kind); }
};

}  // namespace

class FakeEngineTest : public QObject {
    Q_OBJECT

private slots:
    void logsWhatItDescribes_data()
    {
        QTest::addColumn<QString>("method");
        for (const char* method : {"dpo", "orpo"}) QTest::newRow(method) << method;
    }
    void logsWhatItDescribes()
    {
        QFETCH(QString, method);
        FakeBackend backend(plausible(10));
        RunSpec spec = fakeSpec();
        spec.method = method.toStdString();
        spec.params = {{"eval_steps", std::int64_t{4}}, {"eval_fraction", 0.1}};
        spec.samplePrompts = {"What is this?"};
        Ran ran;
        const Outcome outcome = ran.run(backend, spec);
        QVERIFY(std::holds_alternative<Finished>(outcome));
        for (const ComponentDescription& component : backend.describeComponents()) {
            if (component.id != spec.method) continue;
            QVERIFY(completeParams(spec.params, component.id, component.params, component.defaults));
            for (const MetricDescription& metric : component.metrics) {
                const bool isHeldOut = metric.key.starts_with("heldout/");
                QCOMPARE(ran.log.series(metric.key).size(), isHeldOut ? 4U : 10U);
                for (const auto& [step, value] : ran.log.series(metric.key)) QVERIFY(std::isfinite(value));
            }
        }
        std::vector<std::string> whens;
        for (const RunEvent& event : ran.events(RunEvent::Kind::Sample))
            whens.push_back(event.data.at("when").get<std::string>());
        QCOMPARE(whens, (std::vector<std::string>{"before", "step 4", "step 8", "after"}));
        QCOMPARE(ran.events(RunEvent::Kind::Checkpoint).back().text, std::string("model"));
        if (spec.method == "dpo") QCOMPARE(ran.log.series("loss").front().second, std::log(2.0));
    }

    void savesWhenAskedAndGoesOn()
    {
        FakeScript script = plausible(6);
        Ran ran;
        script.onStep = [&ran](std::int64_t step) {
            if (step == 3) QVERIFY(ran.control.saveNow());
        };
        FakeBackend backend(script);
        QVERIFY(std::holds_alternative<Finished>(ran.run(backend, fakeSpec())));
        QCOMPARE(ran.events(RunEvent::Kind::Checkpoint).front().text, std::string("checkpoint-3"));
        QCOMPARE(ran.log.series("loss").size(), 6U);
    }

    void scoresSpreadAndCanBeStepped()
    {
        FakeScript script = plausible(1);
        script.pairs = 100;
        std::vector<std::uint32_t> asked;
        script.onPair = [&asked](std::uint32_t row) { asked.push_back(row); };
        FakeBackend backend(script);
        ScoreRequest request;
        request.model = "trained";
        request.reference = "base";
        request.limit = 10;
        std::vector<double> margins;
        QVERIFY(backend.score(request,
                              [&](const PairScore& score) {
                                  margins.push_back(*score.logRatioMargin());
                                  QVERIFY(std::abs(*score.margin - request.beta * margins.back()) < 1e-12);
                              },
                              {}, {}));
        QCOMPARE(asked, (std::vector<std::uint32_t>{0, 10, 20, 30, 40, 50, 60, 70, 80, 90}));
        QVERIFY(*std::min_element(margins.begin(), margins.end()) < 0.0);
        QVERIFY(*std::max_element(margins.begin(), margins.end()) > 0.0);
        request.reference = "trained";
        QVERIFY(
            backend.score(request, [&](const PairScore& score) { QCOMPARE(*score.logRatioMargin(), 0.0); }, {}, {}));
    }

    void speaksInWords()
    {
        FakeScript script;
        script.words = {" One", " two", " three"};
        std::vector<std::int64_t> gates;
        script.onWord = [&gates](std::int64_t word) { gates.push_back(word); };
        FakeBackend backend(script);
        std::string answer;
        QVERIFY(backend.generate({},
                                 [&answer](std::string_view text) {
                                     answer += text;
                                     return true;
                                 },
                                 {}));
        QCOMPARE(answer, std::string(" One two three"));
        QVERIFY(gates.size() >= 3U);
    }

    void estimatesAddUp()
    {
        FakeBackend backend(plausible(5));
        const auto estimate = backend.estimate(fakeSpec(), {}, {}, {}, {});
        QCOMPARE(problemOf(estimate), QString());
        QCOMPARE(estimate->memoryBytes, estimate->memory.total());
        QCOMPARE(estimate->steps, 5);
    }
};

QTEST_GUILESS_MAIN(FakeEngineTest)
#include "fake_engine_test.moc"
