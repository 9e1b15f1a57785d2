// SPDX-License-Identifier: GPL-3.0-or-later
// Runs side by side: which are chosen, results in words, settings that differ, curves with their warning, answers, and
// one colour and dash for a run everywhere.
#include "core/base/statement.h"
#include "support/accessibility_walk.h"
#include "support/grab.h"
#include "support/restart_bench.h"
#include "support/run_bench.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/models/runs/runs_model.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/pages/compare/compare_tabs.h"
#include "ui/pages/compare/run_chip.h"
#include "ui/plots/line_chart.h"
#include "ui/plots/plot_style.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/table_view.h"

#include <set>

using namespace preflab;
using namespace preflab::test;

class ComparePageTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<RestartBench> m_bench;
    std::unique_ptr<ComparePage> m_page;

    bool open(FakeScript script = plausible())
    {
        m_bench = std::make_unique<RestartBench>(std::move(script));
        return m_bench->open() && makePage();
    }
    bool makePage()
    {
        m_page = std::make_unique<ComparePage>(*m_bench->workspace);
        m_page->resize(1208, 774);
        m_page->show();
        return QTest::qWaitForWindowActive(m_page.get());
    }

    ComparisonSet& set() const { return m_page->set(); }
    /// As a link leads here; waits for the result.
    bool compare(const QStringList& runs) const
    {
        m_page->arrive({PageId::Compare, {}, runs.join(QLatin1Char(',')), {}});
        return QTest::qWaitFor(
            [&] {
                return set().runs() == runs && set().comparison() && !set().comparison()->heldOut.empty() &&
                       set().comparison()->heldOut.front().values.size() == std::size_t(runs.size());
            },
            10'000);
    }
    void showTab(const char* id) const { m_page->header().setCurrentTab(QLatin1String(id)); }
    QString state() const { return m_page->findChild<StateView*>()->state(); }
    TableView& table(const char* name) const
    {
        for (TableView* found : m_page->findChildren<TableView*>())
            if (found->accessibleName() == QLatin1String(name)) return *found;
        qFatal("no table %s", name);
    }
    /// A row as words: what its cells show.
    static QStringList rowOf(const TableView& view, const QString& first)
    {
        QStringList cells;
        const QAbstractItemModel& model = *view.model();
        for (int row = 0; row < model.rowCount(); ++row) {
            if (!model.index(row, 0).data().toString().startsWith(first)) continue;
            for (int column = 0; column < model.columnCount(); ++column)
                cells.push_back(model.index(row, column).data().toString());
            break;
        }
        return cells;
    }
    static QStringList headersOf(const TableView& view)
    {
        QStringList headers;
        for (int column = 0; column < view.model()->columnCount(); ++column)
            headers.push_back(view.model()->headerData(column, Qt::Horizontal).toString());
        return headers;
    }
    static bool isSame(const LineLook& a, const LineLook& b) { return a.token == b.token && a.dash == b.dash; }
    LineChart& curves() const { return *m_page->findChild<CompareCurves*>()->findChild<LineChart*>(); }
    void chooseMetric(const char* metric) const
    {
        ComboBox& box = m_page->findChild<CompareCurves*>()->metric();
        box.setCurrentText(QLatin1String(metric));
        Q_EMIT box.activated(box.currentIndex());
    }

private Q_SLOTS:
    void init() { wear(ThemeKind::Light); }

    void cleanup()
    {
        m_page.reset();
        m_bench.reset();
    }

    void withoutTwoRunsItLeadsToTraining()
    {
        QVERIFY(open());
        QCOMPARE(state(), QStringLiteral("empty"));
        QCOMPARE(m_bench->finished({specOf("dpo", "alone", 12)}).size(), 1);
        QCOMPARE(state(), QStringLiteral("empty"));
        const QSignalSpy went(m_page.get(), &Page::wentTo);
        QTest::mouseClick(withText<Button>(*m_page, QStringLiteral("Set up training")), Qt::LeftButton);
        QCOMPARE(went.size(), 1);
        QCOMPARE(went[0][0].value<Destination>().page, PageId::Train);
    }

    void takesTheLatestFinishedRunsOfTwoMethods()
    {
        FakeScript script = plausible();
        script.onStep = [](std::int64_t step) {
            if (step == 77) throw std::runtime_error("as a bad run does");
        };
        QVERIFY(open(script));
        QStringList runs = m_bench->finished({specOf("orpo", "orpo", 30), specOf("dpo", "older", 30),
                                              specOf("dpo", "dpo", 30), specOf("orpo", "failed", 90)});
        QCOMPARE(runs.size(), 4);
        QCOMPARE(m_bench->runs().find(runs[3])->record.outcome, std::string("failed"));
        // The failed one came last; what somebody looks at stays.
        QVERIFY(makePage());
        QTRY_COMPARE(state(), QStringLiteral("content"));
        QCOMPARE(set().runs(), (QStringList{runs[0], runs[2]}));
        const QStringList later = m_bench->finished({specOf("orpo", "later", 30)});
        QCOMPARE(set().runs(), (QStringList{runs[0], runs[2]}));
        m_page->hide();
        m_page->show();
        m_page->arrive({PageId::Compare, {}, {}, {}});
        QCOMPARE(set().runs(), (QStringList{runs[0], runs[2]}));
        m_page->hide();
        m_bench->runs().refresh();
        QTRY_COMPARE(set().runs(), (QStringList{runs[2], later[0]}));
    }

    void resultsAreSaidInWords()
    {
        QVERIFY(open());
        const QStringList runs = m_bench->finished({specOf("dpo", "with dpo", 60), specOf("orpo", "with orpo", 60)});
        QVERIFY(compare(runs));
        const TableView& results = table("Held-out results");
        QTRY_VERIFY(results.model()->rowCount() >= 5);
        const QStringList headers = headersOf(results);
        QCOMPARE(headers.size(), 5);
        QCOMPARE(headers.mid(2, 2), (QStringList{QStringLiteral("with dpo"), QStringLiteral("with orpo")}));
        // 0.53, and 0.53 + 0.2 and 0.24 times 1 - e^-3.
        const QStringList accuracy = rowOf(results, QStringLiteral("Held-out accuracy, per token"));
        QCOMPARE(accuracy.mid(1, 3),
                 (QStringList{QStringLiteral("53.0 %"), QStringLiteral("72.0 %"), QStringLiteral("75.8 %")}));
        QCOMPARE(accuracy.back(), QStringLiteral("with orpo is better"));
        QCOMPARE(rowOf(results, QStringLiteral("Held-out margin")).back(), QStringLiteral("with dpo is better"));
        // Two runs leave room for the words.
        const int result = results.columnWidth(results.model()->columnCount() - 1);
        QVERIFY(result >=
                QFontMetrics(currentTheme().body).horizontalAdvance(QStringLiteral("orpo-lambda-0.1 is better")) + 16);
        // Lower is better.
        QVERIFY(rowOf(results, QStringLiteral("Held-out NLL of chosen"))[0].contains(QChar(0x2193)));
        QCOMPARE(rowOf(results, QStringLiteral("Held-out NLL of chosen")).back(),
                 QStringLiteral("with orpo is better"));
    }

    void settingsThatDifferAreShown()
    {
        QVERIFY(open());
        RunSpec second = specOf("dpo", "second", 30);
        second.params["beta"] = 0.25;
        second.params["seed"] = std::int64_t(7);
        QVERIFY(compare(m_bench->finished({specOf("dpo", "first", 30), second})));
        const TableView& settings = table("Settings");
        QCOMPARE(headersOf(settings).mid(1), (QStringList{QStringLiteral("first"), QStringLiteral("second")}));
        QCOMPARE(rowOf(settings, QStringLiteral("Beta")).mid(1),
                 (QStringList{QStringLiteral("0.1"), QStringLiteral("0.25")}));
        QVERIFY(!rowOf(settings, QStringLiteral("Seed")).isEmpty());
        QVERIFY(rowOf(settings, QStringLiteral("Learning rate")).isEmpty());
        const int differences = settings.model()->rowCount();
        for (Segmented* found : m_page->findChildren<Segmented*>())
            if (QAbstractButton* all = found->segment(QStringLiteral("all"))) QTest::mouseClick(all, Qt::LeftButton);
        QVERIFY(settings.model()->rowCount() > differences);
        QVERIFY(!rowOf(settings, QStringLiteral("Learning rate")).isEmpty());
        const auto badges = m_page->findChildren<Badge*>();
        QVERIFY(std::ranges::any_of(badges, [](Badge* badge) {
            return badge->isVisible() && badge->text().startsWith(QStringLiteral("not matched: "));
        }));
    }

    void aMatchedPairIsSaidToBeOne()
    {
        QVERIFY(open());
        RunSpec dpo = specOf("dpo", "first", 30), orpo = specOf("orpo", "second", 30);
        dpo.usableBy = orpo.usableBy = {"dpo", "orpo"};
        QVERIFY(compare(m_bench->finished({dpo, orpo})));
        QTRY_VERIFY(std::ranges::any_of(m_page->findChildren<Badge*>(), [](Badge* badge) {
            return badge->isVisible() && badge->text() == QStringLiteral("matched: same data order, seed and budget");
        }));
    }

    void rewardsOfTwoMethodsAreWarnedOf()
    {
        QVERIFY(open());
        const QStringList runs =
            m_bench->finished({specOf("dpo", "a", 30), specOf("orpo", "b", 30), specOf("dpo", "c", 30)});
        QVERIFY(compare({runs[0], runs[1]}));
        showTab("curves");
        const Note& warning = m_page->findChild<CompareCurves*>()->warning();
        QVERIFY(!warning.isVisible());
        chooseMetric("rewards/margins");
        QVERIFY(warning.isVisible());
        QVERIFY(warning.text().startsWith(QStringLiteral("Rewards of DPO and ORPO are different quantities.")));
        chooseMetric("heldout/accuracy_mean");
        QVERIFY(!warning.isVisible());
        chooseMetric("eval_rewards/margins");
        QVERIFY(warning.isVisible());
        // Of one method they can be compared.
        QVERIFY(compare({runs[0], runs[2]}));
        QTRY_VERIFY(!warning.isVisible());
        QCOMPARE(m_page->findChild<CompareCurves*>()->metric().currentText(), QStringLiteral("eval_rewards/margins"));
    }

    void curvesOfAllRunsAreDrawn()
    {
        QVERIFY(open());
        QVERIFY(compare(m_bench->finished({specOf("dpo", "a", 60), specOf("orpo", "b", 90), specOf("dpo", "c", 60)})));
        showTab("curves");
        QTRY_COMPARE(curves().legend().size(), 3);
        QTRY_VERIFY(!curves().isOutOfDate());
        const PlotTable loss = curves().tableWork()();
        QCOMPARE(loss.headers.mid(1), (QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));
        QCOMPARE(curves().graph(1)->dataCount(), 60);
        QCOMPARE(curves().graph(3)->dataCount(), 90);
        chooseMetric("nll_loss");
        QTRY_VERIFY(!curves().isOutOfDate());
        QCOMPARE(curves().graph(1)->dataCount(), 0);  // DPO has none
        QCOMPARE(curves().graph(3)->dataCount(), 90);
    }

    void answersStandSideBySide()
    {
        QVERIFY(open());
        QVERIFY(compare(m_bench->finished({specOf("dpo", "a", 30), specOf("orpo", "b", 30)})));
        showTab("answers");
        const auto* answers = m_page->findChild<CompareAnswers*>();
        QTRY_VERIFY(answers->isVisible());
        QStringList texts;
        for (const QLabel* label : answers->findChildren<QLabel*>()) texts.push_back(label->text());
        for (const char* text :
             {"How do I thank a neighbour who watered my plants?", "Base model", "a", "b", "The answer before, by dpo.",
              "The answer after, by dpo.", "The answer after, by orpo."})
            QVERIFY2(texts.contains(QLatin1String(text)), text);
    }

    void aRunLooksTheSameEverywhere()
    {
        QVERIFY(open());
        const QStringList runs =
            m_bench->finished({specOf("dpo", "a", 30), specOf("orpo", "b", 30), specOf("dpo", "c", 30)});
        // In another order than they were made in, and without the first.
        QVERIFY(compare({runs[2], runs[1]}));
        showTab("curves");
        QTRY_COMPARE(curves().legend().size(), 2);
        const RunsModel& list = m_bench->runs().model();
        std::set<QString> colors;
        for (int i = 0; i < 2; ++i) {
            const QString run = set().runs()[i];
            const int series = m_bench->runs().seriesIndexOf(run);
            const LineLook look = LineLook::ofSeries(series);
            QCOMPARE(list.index(list.rowOf(run), 0).data(SeriesIndexRole).toInt(), series);
            QVERIFY(isSame(curves().legend()[i].look, look));
            for (const std::string& metric : {std::string("loss"), std::string("heldout/accuracy_mean")})
                QVERIFY(isSame(linesOf(set(), metric)[std::size_t(i)].look, look));
            colors.insert(look.token);
        }
        QCOMPARE(colors.size(), std::size_t(2));
        // A chip's line has the colour of its run.
        const auto chips = m_page->findChildren<RunChip*>();
        QCOMPARE(chips.size(), 2);
        for (int i = 0; i < 2; ++i) {
            const QColor ink = currentTheme().color(curves().legend()[i].look.token);
            const QImage line = grabbed(*chips[i]->findChild<LineSample*>());
            int hits = 0;
            for (int x = 0; x < line.width(); ++x) hits += line.pixelColor(x, line.height() / 2) == ink ? 1 : 0;
            QVERIFY(hits > 4);
        }
    }

    void aRunThatComputesIsFollowed()
    {
        Gate early, late;
        FakeScript script = plausible();
        script.onStep = [&](std::int64_t step) {
            if (step == 12) early.pass();
            if (step == 40) late.pass();
        };
        QVERIFY(open(script));
        RunSpec live = specOf("orpo", "live", 60);
        live.samplePrompts.clear();  // its evaluations are metrics alone, no events
        QStringList runs = m_bench->finished({specOf("dpo", "over", 11)});
        runs += m_bench->start({live});
        QVERIFY(compare(runs));
        const auto evaluated = [&] {
            const auto& comparison = set().comparison();
            return comparison && comparison->heldOut.front().values[1]
                       ? comparison->heldOut.front().values[1]->afterStep
                       : -1;
        };
        showTab("curves");
        early.waitForArrival();
        QTRY_COMPARE_WITH_TIMEOUT(evaluated(), 10, 10'000);
        QTRY_VERIFY(curves().graph(3) && curves().graph(3)->dataCount() == 12);
        // From there to the next gate nothing but metrics comes.
        early.open();
        late.waitForArrival();
        QTRY_COMPARE_WITH_TIMEOUT(evaluated(), 40, 10'000);
        QTRY_COMPARE(curves().graph(3)->dataCount(), 40);
        late.open();
        QTRY_COMPARE_WITH_TIMEOUT(evaluated(), 60, 10'000);
        QTRY_COMPARE(curves().graph(3)->dataCount(), 60);
        QVERIFY(m_bench->finishAll());
    }

    void aRunThatCannotBeReadIsSaidToBeAndLeftOut()
    {
        QVERIFY(open());
        const QStringList runs =
            m_bench->finished({specOf("dpo", "a", 30), specOf("orpo", "b", 30), specOf("dpo", "c", 30)});
        m_page.reset();
        const Result<> damaged =
            m_bench->workspace->project()->database().call(Durability::Full, [](Connection& connection) -> Result<> {
                connection.execute("UPDATE metrics SET packed = x'01' WHERE run = 2");
                return {};
            });
        QVERIFY(damaged.has_value());
        QVERIFY(makePage());
        m_page->arrive({PageId::Compare, {}, runs.join(QLatin1Char(',')), {}});
        QTRY_COMPARE(state(), QStringLiteral("error"));
        QVERIFY(withText<QLabel>(*m_page, QStringLiteral("b cannot be read")));
        QTest::mouseClick(withText<Button>(*m_page, QStringLiteral("Leave it out")), Qt::LeftButton);
        QTRY_COMPARE(set().runs(), (QStringList{runs[0], runs[2]}));
        QTRY_COMPARE(state(), QStringLiteral("content"));
    }

    void runsAreAddedAndLeftOut()
    {
        QVERIFY(open());
        const QStringList runs =
            m_bench->finished({specOf("dpo", "a", 30), specOf("orpo", "b", 30), specOf("dpo", "c", 30)});
        QVERIFY(compare({runs[0], runs[1]}));
        auto& add = named<ComboBox>(*m_page, "addRun");
        QCOMPARE(add.count(), 2);
        add.setCurrentIndex(1);
        Q_EMIT add.activated(1);
        QTRY_COMPARE(headersOf(table("Held-out results")).size(), 6);
        QCOMPARE(set().runs(), runs);
        QVERIFY(!add.isVisible());
        const auto buttons = m_page->findChildren<Button*>();
        const auto cross = std::ranges::find_if(buttons, [](Button* button) {
            return button->accessibleName() == QStringLiteral("Leave a out of the comparison");
        });
        QVERIFY(cross != buttons.end());
        QTest::mouseClick(*cross, Qt::LeftButton);
        QTRY_COMPARE(set().runs(), (QStringList{runs[1], runs[2]}));
        QTRY_COMPARE(headersOf(table("Held-out results")).mid(2, 2),
                     (QStringList{QStringLiteral("b"), QStringLiteral("c")}));
    }

    void aReportIsWritten()
    {
        QVERIFY(open());
        QVERIFY(compare(m_bench->finished({specOf("dpo", "a", 30), specOf("orpo", "b", 30)})));
        QSignalSpy toasts(m_page.get(), &Page::toastWanted);
        QTest::mouseClick(withText<Button>(*m_page, QStringLiteral("Report")), Qt::LeftButton);
        QTRY_COMPARE(toasts.size(), 1);
        QVERIFY(toasts[0][0].toString().startsWith(QStringLiteral("Report written: report-")));
        QCOMPARE(entriesIn(m_bench->workspace->project()->exportsFolder()), 1);
    }

    void everythingHasANameAndIsReachable()
    {
        QVERIFY(open());
        QVERIFY(compare(
            m_bench->finished({specOf("dpo", "a", 30), specOf("orpo", "b", 30), specOf("dpo", "c", 30)}).mid(0, 2)));
        QCOMPARE(namelessControls(*m_page), QStringList());
        QCOMPARE(controlsOutOfReach(*m_page), QStringList());
    }
};

PREFLAB_UI_TEST_MAIN(ComparePageTest)
#include "compare_page_test.moc"
