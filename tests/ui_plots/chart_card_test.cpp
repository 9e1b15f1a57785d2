// SPDX-License-Identifier: GPL-3.0-or-later
// The frame around a chart: legend, "Follow", the menu, files that are written or are not.
#include "core/base/error.h"
#include "support/accessibility_walk.h"
#include "support/chart_samples.h"
#include "support/files.h"
#include "support/layout_counter.h"
#include "support/ui_test_main.h"
#include "ui/models/app/error_text.h"
#include "ui/plots/chart_card.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/table_view.h"

#include <QMenu>
#include <QSignalSpy>

using namespace preflab;
using namespace preflab::test;

class ChartCardTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_card = std::make_unique<ChartCard>(lossChart(fallingCurve(100)).release());
        m_card->resize(520, 320);
        m_card->show();
    }

    void followIsOfferedOnceTheUserHasMoved()
    {
        auto& follow = *m_card->findChild<Chip*>();
        QVERIFY(!follow.isVisible());
        turnWheel(m_card->plot(), m_card->plot().rect().center());
        QVERIFY(follow.isVisible());
        QTest::mouseClick(&follow, Qt::LeftButton);
        QVERIFY(m_card->plot().isFollowing());
        QVERIFY(!follow.isVisible());
    }

    void newValuesInTheLegendLayNothingOut()
    {
        QVERIFY(QTest::qWaitForWindowExposed(m_card.get()));
        LayoutCounter layouts(*m_card);
        QTRY_COMPARE(layouts.take(), 0);
        auto& legend = *m_card->findChild<ChartLegend*>();
        legend.setEntries({{LineLook::chosen(), QStringLiteral("chosen"), QStringLiteral("0.1")}});
        layouts.take();
        legend.setEntries({{LineLook::chosen(), QStringLiteral("chosen"), QStringLiteral("0.123456")},
                           {LineLook::rejected(), QStringLiteral("rejected"), QStringLiteral("0.123456")}});
        QCOMPARE(layouts.take(), 0);
    }

    void theMenuSwitchesTheAxisAndTheTable()
    {
        choose(QStringLiteral("Logarithmic axis"));
        QCOMPARE(m_card->plot().yScale(), PlotArea::YScale::Logarithmic);
        choose(QStringLiteral("Logarithmic axis"));
        QCOMPARE(m_card->plot().yScale(), PlotArea::YScale::Linear);
        choose(QStringLiteral("Show as table"));
        auto* table = m_card->findChild<TableView*>();
        QVERIFY(table != nullptr && table->isVisible());
        QVERIFY(!m_card->plot().isVisible());
        QTRY_VERIFY(table->model() != nullptr);  // made off the UI thread
        QCOMPARE(table->model()->rowCount(), 100);
        QCOMPARE(namelessControls(*m_card), QStringList());
        choose(QStringLiteral("Show as curves"));
        QVERIFY(m_card->plot().isVisible());
        QTRY_VERIFY(m_card->findChild<TableView*>() == nullptr);
    }

    void everyControlHasAName() { QCOMPARE(namelessControls(*m_card), QStringList()); }

    void isSavedInEveryFormat_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("PNG") << static_cast<int>(ExportFormat::Png) << QByteArray("\x89PNG");
        QTest::newRow("SVG") << static_cast<int>(ExportFormat::Svg) << QByteArray("<?xml");
        QTest::newRow("CSV") << static_cast<int>(ExportFormat::Csv) << QByteArray("\"Step\"");
    }

    void isSavedInEveryFormat()
    {
        QFETCH(int, format);
        QFETCH(QByteArray, begin);
        const auto as = static_cast<ExportFormat>(format);
        QSignalSpy saved(m_card.get(), &ChartCard::saved), failed(m_card.get(), &ChartCard::failed);
        const auto path = m_folder / ("loss" + exportSuffix(as).toStdString());
        m_card->save(as, path);
        QTRY_COMPARE(saved.size(), 1);
        QCOMPARE(saved[0][0].toString(), QString::fromStdString(path.string()));
        QVERIFY(readFile(path).starts_with(begin.toStdString()));
        QCOMPARE(failed.size(), 0);
    }

    void aPathThatCannotBeWrittenIsOneSentence_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("the folder is not there") << QStringLiteral("none/loss.csv");
        QTest::newRow("the folder is a file") << QStringLiteral("file/loss.csv");
        QTest::newRow("it is a folder") << QStringLiteral("folder");
    }

    void aPathThatCannotBeWrittenIsOneSentence()
    {
        QFETCH(QString, path);
        const auto target = m_folder / path.toStdString();
        writeFile(m_folder / "file", "kept");
        std::filesystem::create_directory(m_folder / "folder");
        std::vector<Error> errors;
        connect(m_card.get(), &ChartCard::failed, this, [&](const Error& error) { errors.push_back(error); });
        QSignalSpy saved(m_card.get(), &ChartCard::saved);
        m_card->save(ExportFormat::Csv, target);
        QTRY_COMPARE(errors.size(), std::size_t{1});
        QCOMPARE(saved.size(), 0);
        QCOMPARE(errors[0].code, ErrorCode::WriteFailed);
        const QString text = errorText(errors[0]);
        QVERIFY2(text.contains(QString::fromStdString(target.string())), qPrintable(text));
        QVERIFY2(text.endsWith(QLatin1Char('.')), qPrintable(text));
        // Nothing is lost or left over.
        QCOMPARE(readFile(m_folder / "file"), std::string("kept"));
        QCOMPARE(entriesIn(m_folder / "folder"), 0);
        QVERIFY(!std::filesystem::exists(m_folder / "none"));
        disconnect(m_card.get(), &ChartCard::failed, this, nullptr);
    }

    void aCardThatGoesWhileItSavesSaysNothing()
    {
        m_card->save(ExportFormat::Png, m_folder / "gone.png");
        m_card.reset();
        QTRY_VERIFY(std::filesystem::exists(m_folder / "gone.png"));
        QCoreApplication::processEvents();
    }

private:
    /// Opens the menu by its button and takes an entry.
    void choose(const QString& text)
    {
        QTest::mouseClick(m_card->findChild<Button*>(), Qt::LeftButton);
        QMenu* menu = nullptr;
        for (QMenu* each : m_card->findChildren<QMenu*>())
            if (each->isVisible()) menu = each;
        QVERIFY(menu != nullptr);
        for (QAction* action : menu->actions()) {
            if (action->text() != text) continue;
            QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
            QTRY_VERIFY(m_card->findChildren<QMenu*>().isEmpty());
            return;
        }
        QFAIL(qPrintable(QStringLiteral("The menu has no %1").arg(text)));
    }

    ScratchFolder m_folder;
    std::unique_ptr<ChartCard> m_card;
};

PREFLAB_UI_TEST_MAIN(ChartCardTest)
#include "chart_card_test.moc"
