// SPDX-License-Identifier: GPL-3.0-or-later
// Figures that change while a run trains: they keep their room, and only a longer one lays the window out anew.
#include "support/layout_counter.h"
#include "support/ui_test_main.h"
#include "ui/widgets/frame_bars.h"
#include "ui/widgets/labels.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QWidget>

using namespace preflab;
using namespace preflab::test;

namespace {

/// A window with one row.
struct Window : QWidget {
    explicit Window(QWidget* content)
    {
        auto* row = new QHBoxLayout(this);
        row->addWidget(content);
        row->addStretch(1);
        resize(600, 100);
        show();
        (void)QTest::qWaitForWindowExposed(this);
        layouts.take();
    }

    LayoutCounter layouts{*this};
};

}  // namespace

class SteadyFiguresTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFigureKeepsTheRoomOfItsLongestText()
    {
        auto* figure = new FigureLabel("mono");
        figure->setFigure(QStringLiteral("10 tok/s"));
        Window window(figure);
        const int width = figure->width();
        figure->setFigure(QStringLiteral("9 tok/s"));
        figure->setFigure(QStringLiteral("11 tok/s"));
        QCOMPARE(window.layouts.take(), 0);
        QCOMPARE(figure->width(), width);
        QCOMPARE(figure->text(), QStringLiteral("11 tok/s"));
        figure->setFigure(QStringLiteral("123456 tok/s"));
        QCOMPARE(window.layouts.take(), 1);
        QVERIFY(figure->width() >= figure->fontMetrics().horizontalAdvance(figure->text()));
    }

    void aFigureGrowsWithTheTextSize()
    {
        auto* figure = new FigureLabel("mono");
        figure->setFigure(QStringLiteral("10 tok/s"));
        Window window(figure);
        const QSize usual = figure->size();
        applyTheme(*qApp, makeTheme(ThemeKind::Light, 1.5));
        window.layouts.take();
        QVERIFY(figure->width() > usual.width() && figure->height() > usual.height());
        QVERIFY(figure->width() >= figure->fontMetrics().horizontalAdvance(figure->text()));
        applyTheme(*qApp, makeTheme(ThemeKind::Light));
        window.layouts.take();
        QCOMPARE(figure->size(), usual);
    }

    void aRunInTheStatusBarMovesNothing()
    {
        auto* bar = new StatusBar;
        bar->setJob(QStringLiteral("Courteous · step 10 of 600"));
        Window window(bar);
        bar->setJob(QStringLiteral("Courteous · step 11 of 600"));
        bar->setJob(QStringLiteral("Courteous · step 9 of 600"));
        QCOMPARE(window.layouts.take(), 0);
        bar->setJob(QStringLiteral("Courteous · step 12 of 600 · 2 min left"));
        QCOMPARE(window.layouts.take(), 1);
        const auto* job = bar->findChild<QAbstractButton*>();
        QVERIFY(job->text().endsWith(QStringLiteral("left")));
        QVERIFY(job->width() > QFontMetrics(currentTheme().tiny).horizontalAdvance(job->text()));
    }
};

PREFLAB_UI_TEST_MAIN(SteadyFiguresTest)
#include "steady_figures_test.moc"
