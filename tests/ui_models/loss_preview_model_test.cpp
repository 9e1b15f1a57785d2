// SPDX-License-Identifier: GPL-3.0-or-later
// The preview of the loss: follows the settings, takes margins from scored pairs, and remembers them.
#include "support/fake_backend.h"
#include "support/files.h"
#include "support/results.h"
#include "ui/models/runs/run_center.h"
#include "ui/models/train/loss_preview_model.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace preflab;

class LossPreviewModelTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    static void makeReady(RunDraft& draft, const Backend& backend)
    {
        draft.setModel("models/tiny", *backend.inspectModel("models/tiny"));
        draft.setData({"pairs.jsonl", 100, RowKind::Preference});
    }

    static test::FakeScript withPairs(std::uint32_t pairs)
    {
        test::FakeScript script;
        script.curves = test::FakeCurves::Plausible;
        script.pairs = pairs;
        return script;
    }

private Q_SLOTS:
    void theLastOfManyStepsIsDrawn()
    {
        const test::FakeBackend backend;
        RunDraft draft(backend.describeComponents());
        makeReady(draft, backend);
        LossPreviewModel model(backend, draft);
        QSignalSpy drawn(&model, &LossPreviewModel::previewChanged);
        for (int step = 1; step <= 200; ++step) draft.form().setText("beta", QString::number(step / 200.0));
        QTRY_VERIFY(model.preview() && model.preview()->value == 1.0);
        QCOMPARE_LT(drawn.count(), 100);
        const LossCurves& curves = *model.preview();
        QCOMPARE(curves.x.size(), curves.loss.size());
        QCOMPARE(curves.compared, 0.1);
        // ln 2 where every pair starts.
        const auto middle = curves.x.size() / 2;
        QVERIFY(std::abs(curves.x[middle]) < 1e-9 && std::abs(curves.loss[middle] - std::log(2.0)) < 1e-9);
        QCOMPARE(curves.margins, std::vector<double>(90, 0.0));
        QCOMPARE(curves.stillPulling, 1.0);
        QVERIFY(!model.needsScores());
        QVERIFY(model.sentence().contains(QStringLiteral("margin 0")));
    }

    void aMethodWithoutPairsComesWhileACurveIsComputed()
    {
        const test::FakeBackend backend;
        std::vector<ComponentDescription> components = backend.describeComponents();
        components.push_back(components.front());
        components.back().id = components.back().recipe = "sft";
        RunDraft draft(components);
        makeReady(draft, backend);
        LossPreviewModel model(backend, draft);
        QTRY_VERIFY(model.preview());
        int previewsOfNothing = 0;
        connect(&model, &LossPreviewModel::previewChanged, &model, [&] {
            if (model.preview() && !model.method()) ++previewsOfNothing;
            (void)model.sentence();
        });
        draft.form().setText("beta", QStringLiteral("0.3"));
        draft.setChoice(QStringLiteral("sft"));
        QCOMPARE(model.sentence(), QString());
        QTRY_VERIFY(!model.preview());
        QCOMPARE(previewsOfNothing, 0);
    }

    void oddsAreScoredOnceAndRemembered()
    {
        test::FakeBackend backend(withPairs(300));
        auto project = Project::open(m_folder / "project");
        QCOMPARE(test::problemOf(project), QString());
        RunCenter runs(std::shared_ptr<Project>(*std::move(project)), backend);
        RunDraft draft(backend.describeComponents());
        LossPreviewModel model(backend, draft);
        model.setRuns(&runs);
        makeReady(draft, backend);
        draft.setChoice(QStringLiteral("orpo"));
        QCOMPARE(model.strengthLabel(), QStringLiteral("Lambda"));
        QVERIFY(model.needsScores());
        model.computeScores();
        QVERIFY(model.isScoring());
        QTRY_VERIFY(!model.isScoring() && model.preview() && !model.preview()->margins.empty());
        QVERIFY(!model.scoreError());
        QCOMPARE(model.preview()->margins.size(), std::size_t{256});
        QVERIFY(!model.needsScores());
        draft.setChoice(QStringLiteral("dpo"));
        draft.setChoice(QStringLiteral("orpo"));
        QVERIFY(!model.needsScores());
        QTRY_COMPARE(model.preview()->margins.size(), std::size_t{256});
    }

    void scoringCanBeCancelled()
    {
        test::FakeBackend backend(withPairs(100'000));
        auto project = Project::open(m_folder / "other");
        RunCenter runs(std::shared_ptr<Project>(*std::move(project)), backend);
        RunDraft draft(backend.describeComponents());
        LossPreviewModel model(backend, draft);
        model.setRuns(&runs);
        makeReady(draft, backend);
        draft.setChoice(QStringLiteral("orpo"));
        model.computeScores();
        model.cancelScores();
        QVERIFY(!model.isScoring());
        QVERIFY(model.needsScores());
    }
};

QTEST_GUILESS_MAIN(LossPreviewModelTest)
#include "loss_preview_model_test.moc"
