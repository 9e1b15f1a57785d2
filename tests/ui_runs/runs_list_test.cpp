// SPDX-License-Identifier: GPL-3.0-or-later
// The history of runs: what a row says, filter, rename, note, delete with undo, what is led to.
#include "support/accessibility_walk.h"
#include "support/grab.h"
#include "support/restart_bench.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/models/runs/runs_model.h"
#include "ui/pages/runs/runs_page.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/table_view.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>

using namespace preflab;
using namespace preflab::test;

class RunsListTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<RestartBench> m_bench;
    std::unique_ptr<RunsPage> m_page;

    bool open()
    {
        if (!m_bench->open()) return false;
        m_page = std::make_unique<RunsPage>(*m_bench->workspace);
        m_page->resize(1208, 774);
        m_page->show();
        return QTest::qWaitForWindowActive(m_page.get());
    }
    void close()
    {
        m_page.reset();
        m_bench->close();
    }

    RunsList& list() const { return *m_page->list(); }
    TableView& table() const { return list().table(); }
    QPlainTextEdit& note() const { return *list().findChild<QPlainTextEdit*>(); }
    Button& button(const char* text) const { return *withText<Button>(list(), QLatin1String(text)); }
    QModelIndex cell(int row, RunsModel::Column column) const { return table().model()->index(row, column); }
    QString text(int row, RunsModel::Column column) const { return cell(row, column).data().toString(); }
    const RunRecord& record(const QString& run) const { return m_bench->runs().find(run)->record; }
    void clickRow(int row, Qt::KeyboardModifiers keys = {}) const
    {
        QTest::mouseClick(table().viewport(), Qt::LeftButton, keys,
                          table().visualRect(cell(row, RunsModel::Steps)).center());
    }

private Q_SLOTS:
    void init()
    {
        wear(ThemeKind::Light);
        m_bench = std::make_unique<RestartBench>();
        QVERIFY(open());
    }

    void cleanup() { close(); }

    void anEmptyListLeadsToTraining()
    {
        QTRY_COMPARE(list().findChild<StateView*>()->state(), QStringLiteral("empty"));
        const QSignalSpy went(m_page.get(), &Page::wentTo);
        QTest::mouseClick(&button("Set up a run"), Qt::LeftButton);
        QCOMPARE(went.size(), 1);
        QCOMPARE(went[0][0].value<Destination>().page, PageId::Train);
    }

    void aRowSaysMethodMetricsAndCurve()
    {
        RunSpec other = specOf("orpo", "second", 90);
        other.params["lambda"] = 0.25;
        QCOMPARE(m_bench->finished({specOf("dpo", "first", 60), other}).size(), 2);
        QTRY_COMPARE(text(1, RunsModel::Outcome), QStringLiteral("finished"));
        QCOMPARE(text(0, RunsModel::Name), QStringLiteral("second"));
        QCOMPARE(text(0, RunsModel::Method), QStringLiteral("ORPO, lambda 0.25"));
        QCOMPARE(text(1, RunsModel::Method), QStringLiteral("DPO, beta 0.1"));
        QCOMPARE(text(1, RunsModel::Steps), QStringLiteral("60"));
        // 0.51 + 0.18 * (1 - e^-3): what the fake evaluation after the last step says.
        QCOMPARE(text(1, RunsModel::Accuracy), QStringLiteral("68\u00A0%"));
        QVERIFY(cell(1, RunsModel::Accuracy)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .startsWith(QStringLiteral("best 68\u00A0% at step 60")));
        QVERIFY(cell(1, RunsModel::Loss).data(Qt::ToolTipRole).toString().startsWith(QStringLiteral("best 0.")));
        const auto points = cell(1, RunsModel::Curve).data(SparklineRole).value<QList<QPointF>>();
        QVERIFY(points.size() > 20);
        QVERIFY(points.front().y() > points.back().y());
        QCOMPARE(table().cellKind(RunsModel::Curve), CellKind::Sparkline);
    }

    void theSideSaysFirstLastAndBest()
    {
        const QStringList runs = m_bench->finished({specOf("dpo", "first", 60)});
        QTRY_COMPARE(table().model()->rowCount(), 1);
        QTRY_VERIFY(m_bench->runs().find(runs[0])->summary.find("loss") != nullptr);
        clickRow(0);
        QCOMPARE(list().selected(), runs);
        QStringList facts;
        for (const QLabel* label : list().findChildren<QLabel*>()) facts.push_back(label->text());
        const QString all = facts.join(QLatin1Char('\n'));
        QVERIFY(all.contains(QStringLiteral("Loss: first 0.693, last 0.")));
        QVERIFY(all.contains(
            QStringLiteral("Held-out accuracy: first 51\u00A0%, last 68\u00A0%, best 68\u00A0% at step 60")));
        QVERIFY(all.contains(QStringLiteral("Checkpoints: ")));
    }

    void renamesInPlace()
    {
        const QStringList runs = m_bench->finished({specOf("dpo", "first", 12)});
        clickRow(0);
        QTest::keyClick(&table(), Qt::Key_F2);
        auto* editor = table().findChild<QLineEdit*>();
        QVERIFY(editor != nullptr);
        QTest::keyClicks(editor, QStringLiteral("better name"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(text(0, RunsModel::Name), QStringLiteral("better name"));
        close();
        QVERIFY(open());
        QTRY_COMPARE(text(0, RunsModel::Name), QStringLiteral("better name"));
        QCOMPARE(record(runs[0]).name, std::string("better name"));
    }

    void aNoteIsKeptWhenItsFieldIsLeft()
    {
        const QStringList runs = m_bench->finished({specOf("dpo", "first", 12), specOf("dpo", "second", 12)});
        clickRow(1);
        QTest::mouseClick(note().viewport(), Qt::LeftButton);
        QTest::keyClicks(&note(), QStringLiteral("worth keeping"));
        // What is typed stays while the list is read again.
        QSignalSpy listed(&m_bench->runs(), &RunCenter::listChanged);
        m_bench->runs().refresh();
        QVERIFY(listed.wait());
        QCOMPARE(note().toPlainText(), QStringLiteral("worth keeping"));
        clickRow(0);
        QTRY_COMPARE(record(runs[0]).note, std::string("worth keeping"));
        QCOMPARE(note().toPlainText(), QString());
        QTest::mouseClick(note().viewport(), Qt::LeftButton);
        QTest::keyClicks(&note(), QStringLiteral("of the other"));
        QTest::keyClick(&note(), Qt::Key_Tab);
        QTRY_COMPARE(record(runs[1]).note, std::string("of the other"));
        QCOMPARE(record(runs[0]).note, std::string("worth keeping"));
        close();
        QVERIFY(open());
        clickRow(1);
        QTRY_COMPARE(note().toPlainText(), QStringLiteral("worth keeping"));
    }

    void theNoteHasAFrame()
    {
        QCOMPARE(m_bench->finished({specOf("dpo", "first", 12)}).size(), 1);
        const QImage image = grabbed(note());
        QCOMPARE(image.pixelColor(0, image.height() / 2), currentTheme().borderControl);
    }

    void aNoteIsKeptWhenTheSelectionOrThePageGoes()
    {
        const QStringList runs = m_bench->finished({specOf("dpo", "first", 12), specOf("dpo", "second", 12)});
        clickRow(1);
        note().setFocus();
        QTest::keyClicks(&note(), QStringLiteral("by key"));
        table().selectRow(0);  // the keyboard stays in the field
        QTRY_COMPARE(record(runs[0]).note, std::string("by key"));
        QTest::keyClicks(&note(), QStringLiteral("at the end"));
        m_page->hide();
        QTRY_COMPARE(record(runs[1]).note, std::string("at the end"));
    }

    void deletesWithUndo()
    {
        const QStringList runs =
            m_bench->finished({specOf("dpo", "first", 12), specOf("orpo", "second", 12), specOf("dpo", "third", 12)});
        clickRow(0);
        QSignalSpy toasts(m_page.get(), &Page::toastWanted);
        QTest::keyClick(&table(), Qt::Key_Delete);
        QTRY_COMPARE(table().model()->rowCount(), 2);
        QCOMPARE(toasts.size(), 1);
        QCOMPARE(toasts[0][0].toString(), QStringLiteral("third deleted."));
        QCOMPARE(toasts[0][1].toString(), QStringLiteral("Undo"));
        toasts[0][2].value<std::function<void()>>()();
        QTRY_COMPARE(table().model()->rowCount(), 3);
        QCOMPARE(text(0, RunsModel::Name), QStringLiteral("third"));
        clickRow(0);
        clickRow(2, Qt::ShiftModifier);
        QTest::mouseClick(&button("Delete"), Qt::LeftButton);
        QTRY_VERIFY(m_bench->runs().runs().empty());
        QCOMPARE(toasts[1][0].toString(), QStringLiteral("3 runs deleted."));
        close();
        QVERIFY(open());
        QVERIFY(m_bench->runs().runs().empty());
    }

    void aRunThatComputesIsRenamedButNotDeleted()
    {
        close();
        FakeScript script = longRuns();
        script.curves = FakeCurves::Plausible;
        script.saveEvery = 5;
        m_bench = std::make_unique<RestartBench>(script);
        QVERIFY(open());
        RunSpec spec = specOf("dpo", "first", 100'000);
        spec.samplePrompts.clear();
        const QStringList runs = m_bench->start({spec});
        QTRY_VERIFY(table().model()->rowCount() == 1 && text(0, RunsModel::Steps).toInt() > 0);
        clickRow(0);
        QVERIFY(!button("Delete").isEnabled());
        QVERIFY2(button("Delete").toolTip().startsWith(QStringLiteral("first is not over yet")),
                 qPrintable(button("Delete").toolTip()));
        QSignalSpy toasts(m_page.get(), &Page::toastWanted);
        QTest::keyClick(&table(), Qt::Key_Delete);
        QCOMPARE(toasts.size(), 1);
        QCOMPARE(toasts[0][1].toString(), QString());
        // What is typed stays while the run goes on and the list is read again.
        QTest::keyClick(&table(), Qt::Key_F2);
        auto* editor = table().findChild<QLineEdit*>();
        QVERIFY(editor != nullptr);
        QTest::keyClicks(editor, QStringLiteral("better"));
        const QString before = text(0, RunsModel::Steps);
        QSignalSpy listed(&m_bench->runs(), &RunCenter::listChanged);
        m_bench->runs().refresh();
        QVERIFY(listed.wait());
        QTRY_VERIFY(text(0, RunsModel::Steps) != before);
        QCOMPARE(editor->text(), QStringLiteral("better"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(text(0, RunsModel::Name), QStringLiteral("better"));
        // The facts beside it go on too.
        const auto hasFacts = [&](const QString& part) {
            return std::ranges::any_of(list().findChildren<QLabel*>(),
                                       [&](QLabel* label) { return label->text().contains(part); });
        };
        QTRY_VERIFY(hasFacts(QStringLiteral("Loss: first")));
        QTRY_VERIFY(hasFacts(QStringLiteral("Checkpoints: ")) && !hasFacts(QStringLiteral("Checkpoints: 0")));
        m_bench->runs().live(runs[0])->cancel();
        QTRY_VERIFY(button("Delete").isEnabled());
        QCOMPARE(button("Delete").toolTip(), QString());
    }

    void filtersByAllWords()
    {
        QCOMPARE(m_bench->finished({specOf("dpo", "first", 12), specOf("orpo", "second", 12)}).size(), 2);
        QTest::keyClick(&table(), Qt::Key_F, Qt::ControlModifier);
        auto* filter = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(filter != nullptr);
        QTest::keyClicks(filter, QStringLiteral("orpo fin"));
        QCOMPARE(table().model()->rowCount(), 1);
        QCOMPARE(text(0, RunsModel::Name), QStringLiteral("second"));
        QTest::keyClicks(filter, QStringLiteral("x"));
        QCOMPARE(list().findChild<StateView*>()->state(), QStringLiteral("empty"));
        QTest::mouseClick(&button("Clear filter"), Qt::LeftButton);
        QCOMPARE(table().model()->rowCount(), 2);
        QCOMPARE(list().findChild<StateView*>()->state(), QStringLiteral("content"));
    }

    void leadsToARunAndToComparing()
    {
        const QStringList runs = m_bench->finished({specOf("dpo", "first", 12), specOf("orpo", "second", 12)});
        clickRow(1);
        QVERIFY(!button("Compare").isEnabled());
        QVERIFY(!button("Compare").toolTip().isEmpty());
        clickRow(0, Qt::ControlModifier);
        QSignalSpy went(m_page.get(), &Page::wentTo);
        QTest::mouseClick(&button("Compare"), Qt::LeftButton);
        QCOMPARE(went.size(), 1);
        const auto destination = went[0][0].value<Destination>();
        QCOMPARE(destination.page, PageId::Compare);
        QStringList compared = destination.run.split(QLatin1Char(','));
        compared.sort();
        QCOMPARE(compared, runs);
        clickRow(1);
        QTest::keyClick(&table(), Qt::Key_Return);
        QVERIFY(m_page->runView() != nullptr);
        QCOMPARE(m_page->runView()->run().id(), runs[0]);
        QTest::keyClick(m_page->runView(), Qt::Key_Left, Qt::AltModifier);
        QTRY_VERIFY(list().isVisible());
        QCOMPARE(QApplication::focusWidget(), &table());
    }

    void allColumnsFitAt1280()
    {
        QCOMPARE(m_bench->finished({specOf("dpo", "dpo-beta-0.1", 12), specOf("orpo", "orpo-lambda-0.1", 12)}).size(),
                 2);
        for (const QSize size : {QSize(1848, 1054), QSize(1208, 774)}) {
            (void)grabbed(*m_page, Look{.size = size});
            const QHeaderView& header = *table().horizontalHeader();
            QVERIFY2(header.length() <= table().viewport()->width(), qPrintable(QString::number(header.length())));
            for (int column = 0; column < RunsModel::ColumnCount; ++column) {
                const int needed =
                    QFontMetrics(header.font())
                        .horizontalAdvance(table().model()->headerData(column, Qt::Horizontal).toString());
                QVERIFY2(header.sectionSize(column) >= needed, qPrintable(QString::number(column)));
                const bool isNumber = table().cellKind(column) == CellKind::Number;
                const int text = QFontMetrics(isNumber ? currentTheme().mono : currentTheme().body)
                                     .horizontalAdvance(this->text(0, RunsModel::Column(column)));
                QVERIFY2(header.sectionSize(column) >= text + currentTheme().px(16),
                         qPrintable(QString::number(column)));
            }
        }
    }

    void everythingHasANameAndIsReachable()
    {
        QCOMPARE(m_bench->finished({specOf("dpo", "first", 12)}).size(), 1);
        QCOMPARE(namelessControls(*m_page), QStringList());
        QCOMPARE(controlsOutOfReach(*m_page), QStringList());
    }

    void pictures()
    {
        if (!qEnvironmentVariableIsSet("PREFLAB_SHOTS")) QSKIP("pictures are drawn into PREFLAB_SHOTS");
        QCOMPARE(m_bench->finished({specOf("dpo", "dpo-beta-0.1", 300), specOf("orpo", "orpo-lambda-0.1", 300)}).size(),
                 2);
        clickRow(0);
        QVERIFY(!saveShot(*m_page, QStringLiteral("runs"), Look{.size = {1208, 774}}).isEmpty());
        QVERIFY(
            !saveShot(*m_page, QStringLiteral("runs"), Look{.size = {1208, 774}, .kind = ThemeKind::Dark}).isEmpty());
        QVERIFY(!saveShot(*m_page, QStringLiteral("runs"), Look{.size = {1848, 1054}}).isEmpty());
    }
};

PREFLAB_UI_TEST_MAIN(RunsListTest)
#include "runs_list_test.moc"
