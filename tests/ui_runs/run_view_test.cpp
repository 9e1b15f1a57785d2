// SPDX-License-Identifier: GPL-3.0-or-later
// One run: its curves while it computes, steering it, how it ended, answers, settings, log, findings, and all of it
// again after a restart.
#include "core/runs/run_store.h"
#include "support/accessibility_walk.h"
#include "support/grab.h"
#include "support/restart_bench.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/models/app/number_text.h"
#include "ui/pages/runs/answers_view.h"
#include "ui/pages/runs/findings_panel.h"
#include "ui/pages/runs/live_curves.h"
#include "ui/pages/runs/run_strip.h"
#include "ui/pages/runs/runs_page.h"
#include "ui/plots/chart_card.h"
#include "ui/plots/line_chart.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pair_text.h"
#include "ui/widgets/table_view.h"

#include <cmath>

using namespace preflab;
using namespace preflab::test;

namespace {

FakeScript longRun()
{
    FakeScript script = plausible();
    script.stepTime = std::chrono::microseconds(300);
    return script;
}

void setValue(FakeValues& values, const std::string& name, double value)
{
    for (auto& [key, old] : values)
        if (key == name) old = value;
}

}  // namespace

class RunViewTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<RestartBench> m_bench;
    std::unique_ptr<RunsPage> m_page;

    bool open(FakeScript script)
    {
        m_bench = std::make_unique<RestartBench>(std::move(script));
        return reopen();
    }
    bool reopen()
    {
        m_page.reset();
        m_bench->close();
        if (!m_bench->open()) return false;
        m_page = std::make_unique<RunsPage>(*m_bench->workspace);
        m_page->resize(1208, 774);
        m_page->show();
        return QTest::qWaitForWindowActive(m_page.get());
    }

    RunView& view() const { return *m_page->runView(); }
    RunController& run() const { return view().run(); }
    Button& button(const char* text) const
    {
        for (Button* found : view().findChildren<Button*>())
            if (found->text() == QLatin1String(text) && found->isVisible()) return *found;
        qFatal("no button %s", text);
    }
    bool hasButton(const char* text) const
    {
        const QList<Button*> all = view().findChildren<Button*>();
        return std::ranges::any_of(
            all, [&](Button* found) { return found->text() == QLatin1String(text) && found->isVisible(); });
    }
    QString badge() const { return view().findChild<Badge*>()->text(); }
    QString figure(const char* name) const
    {
        const QList<QLabel*> labels = view().findChildren<QLabel*>();
        const auto found =
            std::ranges::find_if(labels, [&](QLabel* label) { return label->accessibleName() == QLatin1String(name); });
        return found == labels.end() ? QString() : (*found)->text();
    }
    Note& note() const { return *view().findChild<Note*>(); }
    LineChart& chart(const char* id) const { return *view().curves().chart(QLatin1String(id)); }
    FindingsPanel& findings() const { return *view().findChild<FindingsPanel*>(); }
    QStringList findingTexts() const
    {
        QStringList texts;
        for (const QLabel* label : findings().findChildren<QLabel*>())
            if (label->isVisible()) texts.push_back(label->text());
        return texts;
    }

    /// A run over epochs that the program left at step 36 of 135, with that checkpoint or none.
    QString abandonedRun(const std::string& checkpoint) const
    {
        RunLog log;
        RunStore store(*m_bench->workspace->project());
        const auto record = store.create(fakeSpec("Killed"));
        if (!record || !store.begin(record->id)) return {};
        store.follow(record->id, log);
        log.append({RunEvent::Kind::Note, {}, 0, "Trains on 360 pairs.", {{"steps", 135}}});
        if (!checkpoint.empty()) log.append({RunEvent::Kind::Checkpoint, {}, 20, checkpoint, {}});
        const std::uint16_t loss = log.nameOf("loss");
        for (std::int64_t step = 1; step <= 36; ++step) log.append({step, 0.1, {{loss, 0.7}}});
        const auto isStored = [&] { return log.committed().metrics == 36; };
        return QTest::qWaitFor(isStored, 10'000) ? QString::fromStdString(record->id) : QString();
    }

private Q_SLOTS:
    void init() { wear(ThemeKind::Light); }

    void cleanup()
    {
        m_page.reset();
        m_bench.reset();
    }

    void pointsAppearWhileItTrains()
    {
        QVERIFY(open(longRun()));
        const QStringList runs = m_bench->start({specOf("dpo", "live", 100'000)});
        m_page->arrive({PageId::Runs, {}, runs.front(), {}});
        QTRY_COMPARE_GT(run().step(), 20);
        QCOMPARE(badge(), QStringLiteral("training"));
        QTRY_COMPARE_GT(chart("loss").graph(1)->dataCount(), 10);
        const int drawn = chart("loss").graph(1)->dataCount();
        QTRY_COMPARE_GT(chart("loss").graph(1)->dataCount(), drawn);
        QTRY_COMPARE_GT(chart("rewards").graph(1)->dataCount(), 10);
        QCOMPARE(chart("loss").xAxis->range().upper, 100'000.0);
        const auto* strip = view().findChild<RunStrip*>();
        const auto* bar = strip->findChild<ThinProgress*>();
        QTRY_COMPARE_GT(bar->share(), 0.0);
        QVERIFY(bar->share() < 0.9);
        const QList<QLabel*> words = strip->findChildren<QLabel*>();
        QVERIFY(std::ranges::any_of(words, [](const QLabel* label) {
            return label->text().startsWith(QStringLiteral("Step ")) &&
                   label->text().endsWith(QStringLiteral(" of 100000"));
        }));
        QVERIFY(figure("Speed").endsWith(QStringLiteral("tok/s")));
        QVERIFY(figure("Memory") != QStringLiteral("–") && !figure("Memory").isEmpty());
        QVERIFY(figure("Gradient norm") != QStringLiteral("–"));
        run().cancel();
    }

    void pausesAndGoesOnByKeyAndMouse()
    {
        QVERIFY(open(longRun()));
        m_page->arrive({PageId::Runs, {}, m_bench->start({specOf("dpo", "live", 100'000)}).front(), {}});
        QTRY_COMPARE_GT(run().step(), 5);
        QTest::keyClick(&view(), Qt::Key_P);
        QCOMPARE(run().state(), RunState::Paused);
        QCOMPARE(badge(), QStringLiteral("paused"));
        // The step that was on may still arrive, then nothing does.
        QSignalSpy arrived(&run(), &RunController::metricsArrived);
        while (arrived.wait(200)) {}
        const std::int64_t step = run().step();
        QTest::mouseClick(&button("Resume"), Qt::LeftButton);
        QCOMPARE(run().state(), RunState::Running);
        QTRY_COMPARE_GT(run().step(), step);
        run().cancel();
    }

    void savesNowAndStopsAndSaves()
    {
        QVERIFY(open(longRun()));
        const QStringList runs = m_bench->start({specOf("dpo", "live", 100'000)});
        m_page->arrive({PageId::Runs, {}, runs.front(), {}});
        QTRY_COMPARE_GT(run().step(), 5);
        const QSignalSpy toasts(m_page.get(), &Page::toastWanted);
        QTest::mouseClick(&button("Save now"), Qt::LeftButton);
        QCOMPARE(toasts.size(), 1);
        QTRY_COMPARE(run().checkpoints().size(), std::size_t(1));
        const std::int64_t saved = run().checkpoints()[0].step;
        QCOMPARE(run().state(), RunState::Running);
        QTRY_COMPARE_GT(run().step(), saved);
        QTest::mouseClick(&button("Stop and save"), Qt::LeftButton);
        QTRY_COMPARE(run().state(), RunState::Cancelled);
        QCOMPARE(badge(), QStringLiteral("stopped"));
        QCOMPARE(run().checkpoints().size(), std::size_t(2));
        QCOMPARE(run().checkpoints()[1].step, run().step());
        QVERIFY(!hasButton("Pause") && !hasButton("Save now") && !hasButton("Stop and save"));
        QVERIFY(hasButton("Set up another") && hasButton("Compare"));
        QVERIFY(m_bench->finishAll());
        QCOMPARE(m_bench->runs().find(runs[0])->record.outcome, std::string("cancelled"));
    }

    void aFailureSaysStepReasonAndRemedy()
    {
        FakeScript script = plausible();
        script.failAtStep = 30;
        QVERIFY(open(script));
        const QStringList runs = m_bench->start({specOf("dpo", "unlucky", 100)});
        const QString expected =
            QStringLiteral("Stopped after step 29. Training stopped at step 30 because the loss is not a finite "
                           "number; lower the learning rate and start again, the last good state is none.");
        m_page->openRun(runs.front());
        QTRY_COMPARE(run().state(), RunState::Failed);
        QCOMPARE(badge(), QStringLiteral("failed"));
        QVERIFY(note().isVisible());
        QCOMPARE(note().text(), expected);
        QVERIFY(m_bench->finishAll());
        QVERIFY(reopen());
        m_page->openRun(runs.front());
        QTRY_COMPARE(run().state(), RunState::Failed);
        QCOMPARE(note().text(), expected);
        QCOMPARE(run().step(), 29);
        QTRY_COMPARE(chart("loss").graph(1)->dataCount(), 29);
    }

    void anInterruptedRunSaysHowFarItCame()
    {
        QVERIFY(open(plausible()));
        const QString unsaved = abandonedRun({}), saved = abandonedRun("checkpoint-20");
        QVERIFY(reopen());
        m_page->openRun(unsaved);
        QTRY_COMPARE(run().state(), RunState::Interrupted);
        QTRY_COMPARE(run().step(), 36);
        QCOMPARE(run().totalSteps(), 135);
        QCOMPARE(note().text(),
                 QStringLiteral("PrefLab was closed or killed during this run, after step 36. It had saved "
                                "no checkpoint: nothing of it is left to go on from."));
        m_page->openRun(saved);
        QTRY_COMPARE(run().state(), RunState::Interrupted);
        QTRY_VERIFY(note().text().endsWith(QStringLiteral("Its last checkpoint is from step 20.")));
    }

    void reopensCurvesAfterARestart()
    {
        QVERIFY(open(plausible()));
        const QStringList runs =
            m_bench->finished({specOf("dpo", "dpo-beta", 312), specOf("orpo", "orpo-lambda", 312)});
        QCOMPARE(runs.size(), 2);
        QVERIFY(reopen());
        m_page->openRun(runs.front());
        QTRY_COMPARE(run().state(), RunState::Finished);
        QTRY_COMPARE(chart("loss").graph(1)->dataCount(), 312);
        QVERIFY(view().curves().chart(QStringLiteral("rewards")) != nullptr);
        QVERIFY(view().curves().chart(QStringLiteral("terms")) == nullptr);
        QCOMPARE(note().text(),
                 QStringLiteral("Finished at step 312. Held-out accuracy of whole answers 68\u00A0%, from 51\u00A0%."));
        const PlotTable table = chart("loss").tableWork()();
        QCOMPARE(table.columns[0].size(), std::size_t(313));  // and the evaluation before the first step
        QCOMPARE(table.columns[1][312], fakeStep(run().record().spec, 312, 312)[0].second);
        m_page->openRun(runs.back());
        QTRY_COMPARE(run().state(), RunState::Finished);
        QVERIFY(view().curves().chart(QStringLiteral("terms")) != nullptr);
        QVERIFY(view().curves().chart(QStringLiteral("odds")) != nullptr);
        QVERIFY(view().curves().chart(QStringLiteral("rewards")) == nullptr);
        QTRY_COMPARE_GT(chart("terms").graph(1)->dataCount(), 300);
    }

    void showsSampleAnswers()
    {
        QVERIFY(open(plausible()));
        m_page->openRun(m_bench->finished({specOf("dpo", "talks", 60)}).front());
        QTRY_COMPARE(run().state(), RunState::Finished);
        const QStringList texts = findingTexts();
        QVERIFY(texts.contains(QStringLiteral("Sample answer")));
        QVERIFY(texts.contains(QStringLiteral("How do I thank a neighbour who watered my plants?")));
        QCOMPARE(findings().findChild<PairText*>()->toPlainText(), QStringLiteral(" The answer after, by dpo."));
        QTest::mouseClick(&button("All sample answers"), Qt::LeftButton);
        QCOMPARE(view().currentTab(), QStringLiteral("answers"));
        const auto answers = view().findChild<AnswersView*>()->findChildren<PairText*>();
        QCOMPARE(answers.size(), 7);  // before, five on the way, after
        QCOMPARE(answers.front()->toPlainText(), QStringLiteral(" The answer before, by dpo."));
        QCOMPARE(answers.back()->toPlainText(), QStringLiteral(" The answer after, by dpo."));
        QTRY_VERIFY(answers.back()->isVisible());
    }

    void showsSettingsAndLog()
    {
        QVERIFY(open(plausible()));
        RunSpec spec = specOf("dpo", "logged", 12);
        spec.params["beta"] = 0.25;
        m_page->openRun(m_bench->finished({spec}).front());
        QTRY_COMPARE(run().state(), RunState::Finished);
        const auto tables = view().findChildren<TableView*>();
        const auto tableOf = [&](const char* name) {
            return *std::ranges::find_if(
                tables, [&](TableView* table) { return table->accessibleName() == QLatin1String(name); });
        };
        view().showTab(QStringLiteral("settings"));
        const auto* settings = tableOf("Settings of the run")->model();
        const QModelIndex beta =
            settings->match(settings->index(0, 0), Qt::DisplayRole, QStringLiteral("Beta")).value(0);
        QVERIFY(beta.isValid());
        QCOMPARE(beta.siblingAtColumn(1).data().toString(), QStringLiteral("0.250"));
        QCOMPARE(beta.siblingAtColumn(2).data().toString(), QStringLiteral("0.100"));
        view().showTab(QStringLiteral("log"));
        QVERIFY(tableOf("Log of the run")->isVisible());
        const auto* log = tableOf("Log of the run")->model();
        QVERIFY(
            !log->match(log->index(0, 3), Qt::DisplayRole, QStringLiteral("Trains on 200 of 203 pairs.")).isEmpty());
        QVERIFY(!log->match(log->index(0, 2), Qt::DisplayRole, QStringLiteral("checkpoint")).isEmpty());
    }

    void aGoodBeginningRaisesNoAlarm()
    {
        QVERIFY(open(plausible()));
        m_page->openRun(m_bench->finished({specOf("dpo", "well", 100)}).front());
        QTRY_COMPARE(run().state(), RunState::Finished);
        QTRY_VERIFY(findingTexts().contains(QStringLiteral("Model and reference agree")));
        QVERIFY(!findings().findChild<Badge*>()->isVisible());
        QVERIFY(!chart("logps").alarm());
    }

    void fallingChosenAnswersAlarm()
    {
        FakeScript script = plausible();
        script.onValues = [](std::int64_t step, FakeValues& values) {
            const auto now = static_cast<double>(step);
            const double chosen = 0.05 + 0.005 * std::min(now, 60.0) - 0.03 * std::max(now - 60.0, 0.0);
            setValue(values, "rewards/chosen", chosen);
            setValue(values, "rewards/margins", 0.09 * now);
        };
        QVERIFY(open(script));
        m_page->openRun(m_bench->finished({specOf("dpo", "falls", 200)}).front());
        QTRY_COMPARE(run().state(), RunState::Finished);
        QTRY_VERIFY(findingTexts().contains(QStringLiteral("Chosen answers are getting less likely")));
        QVERIFY(findingTexts().contains(QStringLiteral("Model and reference differ")));
        QCOMPARE(findings().findChild<Badge*>()->text(), QStringLiteral("2"));
        QVERIFY(findings().findChild<Badge*>()->isVisible());
        QTRY_VERIFY(chart("logps").alarm().has_value());
        QVERIFY(!chart("loss").alarm().has_value());
        // A run with alarms does not end as if all were well.
        QTRY_VERIFY2(note().text().startsWith(QStringLiteral("Finished at step 200, but: ")),
                     qPrintable(note().text()));
        QVERIFY(note().text().contains(QStringLiteral("Chosen answers are getting less likely")));
        const AlarmBand alarm = *chart("logps").alarm();
        QVERIFY2(alarm.from >= 60 && alarm.from <= 66, qPrintable(QString::number(alarm.from)));
        QCOMPARE(alarm.to, 200.0);
        QTest::mouseClick(&button("Show"), Qt::LeftButton);
        QTRY_VERIFY(!chart("logps").isFollowing());
        QVERIFY(chart("logps").xAxis->range().lower > 40);
        QCOMPARE(QApplication::focusWidget(), &chart("logps"));
    }

    void aWeakPreferenceAlarms()
    {
        QVERIFY(open(plausible()));
        m_page->openRun(m_bench->finished({specOf("orpo", "weak", 100)}).front());
        QTRY_COMPARE(run().state(), RunState::Finished);
        QTRY_VERIFY(findingTexts().contains(QStringLiteral("The preference hardly counts")));
        QVERIFY(!findingTexts().contains(QStringLiteral("Model and reference differ")));
    }

    void leadsOn()
    {
        QVERIFY(open(plausible()));
        const QString id = m_bench->finished({specOf("dpo", "done", 12)}).front();
        m_page->openRun(id);
        QTRY_COMPARE(run().state(), RunState::Finished);
        const QSignalSpy went(m_page.get(), &Page::wentTo);
        QTest::mouseClick(&button("Set up another"), Qt::LeftButton);
        QTest::mouseClick(&button("Compare"), Qt::LeftButton);
        QCOMPARE(went.size(), 2);
        QCOMPARE(went[0][0].value<Destination>().page, PageId::Train);
        QCOMPARE(went[1][0].value<Destination>().page, PageId::Compare);
        for (const QList<QVariant>& one : went) QCOMPARE(one[0].value<Destination>().run, id);
        m_bench->runs().rename(id, QStringLiteral("other name"));
        QTRY_VERIFY(withText<QLabel>(view(), QStringLiteral("other name")) != nullptr);
    }

    void everythingHasANameAndIsReachable()
    {
        QVERIFY(open(plausible()));
        m_page->openRun(m_bench->finished({specOf("orpo", "named", 60)}).front());
        QTRY_COMPARE(run().state(), RunState::Finished);
        QCOMPARE(namelessControls(*m_page), QStringList());
        QCOMPARE(controlsOutOfReach(*m_page), QStringList());
    }
};

PREFLAB_UI_TEST_MAIN(RunViewTest)
#include "run_view_test.moc"
