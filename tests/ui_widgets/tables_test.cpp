// SPDX-License-Identifier: GPL-3.0-or-later
// Tables: rows as high as designed, hovered and selected rows, and what each kind of cell draws, in both themes.
#include "support/grab.h"
#include "support/ui_test_main.h"
#include "ui/widgets/table_view.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QPointF>
#include <QStandardItemModel>
#include <QToolTip>

#include <cstdlib>

using namespace preflab;

namespace {

/// A table with one column of each kind.
struct Table {
    explicit Table(int rows) : model(rows, 5)
    {
        for (int row = 0; row < rows; ++row) {
            set(row, 0, QStringLiteral("a pair's prompt"));
            set(row, 1, QString::number(row * 1000));
            set(row, 2, row % 2 == 0 ? QStringLiteral("+120") : QStringLiteral("−80"));
            set(row, 3, QStringLiteral("length, empty"));
            set(row, 4, {});
            model.item(row, 4)->setData(QVariant::fromValue(QList<QPointF>{{0, 0}, {1, 3}, {2, 1}}), SparklineRole);
            model.item(row, 4)->setData(row, SeriesIndexRole);
            model.item(row, 2)->setData(row % 2 == 0 ? 0.8 : -0.8, GapShareRole);
        }
        view.setModel(&model);
        view.setCellKind(1, CellKind::Number);
        view.setCellKind(2, CellKind::Gap);
        view.setCellKind(3, CellKind::Badges);
        view.setCellKind(4, CellKind::Sparkline);
        view.setBadgeTone(QStringLiteral("length"), QStringLiteral("warning"));
        view.setBadgeTone(QStringLiteral("empty"), QStringLiteral("danger"));
        view.resize(700, 300);
        view.show();
        view.activateWindow();
        (void)QTest::qWaitForWindowActive(&view);
    }

    void set(int row, int column, const QString& text) { model.setItem(row, column, new QStandardItem(text)); }
    /// A cell's rectangle in a picture of the view.
    QRect cell(int row, int column) const
    {
        return view.visualRect(model.index(row, column)).translated(view.viewport()->pos());
    }

    QStandardItemModel model;
    TableView view;
};

bool areNear(const QColor& a, const QColor& b, int tolerance)
{
    return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue()) <= tolerance;
}

/// How many pixels have that colour; thin strokes only come near theirs.
int countOf(const QImage& image, const QRect& area, const QColor& color, int tolerance = 0)
{
    int found = 0;
    for (int y = area.top(); y <= area.bottom(); ++y)
        for (int x = area.left(); x <= area.right(); ++x)
            found += areNear(image.pixelColor(x, y), color, tolerance) ? 1 : 0;
    return found;
}

}  // namespace

class TablesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { test::wear(ThemeKind::Light); }

    void widthsFollowTheTextSizeAndNotThePalette()
    {
        Table table(2);
        table.view.setColumnWidths({{0, 100}, {1, 60}});
        QCOMPARE(table.view.columnWidth(0), 100);
        table.view.setColumnWidth(0, 130);  // by the user
        test::wear(ThemeKind::Dark);
        QCOMPARE(table.view.columnWidth(0), 130);
        test::wear(ThemeKind::Dark, 1.5);
        QCOMPARE(table.view.columnWidth(0), 150);
        QCOMPARE(table.view.columnWidth(1), 90);
    }

    void columnsGetNarrowAgainWithTheText()
    {
        Table table(3);
        table.view.setMinimumColumnWidth(60);
        table.view.setColumnWidths({{1, 66}});
        QCOMPARE(table.view.columnWidth(1), 66);
        test::wear(ThemeKind::Light, 1.5);
        QTRY_COMPARE(table.view.columnWidth(1), 99);
        test::wear(ThemeKind::Light);
        QTRY_COMPARE(table.view.columnWidth(1), 66);
    }

    void whatDoesNotFitIsShownWhole()
    {
        Table table(3);
        table.view.setColumnWidths({{0, 60}, {1, 200}});
        table.model.setHorizontalHeaderLabels({QStringLiteral("A name that is long"), QStringLiteral("n")});
        const auto restAt = [](QAbstractItemView& view, const QPoint& place) {
            QHelpEvent help(QEvent::ToolTip, place, view.viewport()->mapToGlobal(place));
            QApplication::sendEvent(view.viewport(), &help);
        };
        const auto middle = [&](int column) { return table.view.visualRect(table.model.index(0, column)).center(); };
        restAt(table.view, middle(0));
        QTRY_COMPARE(QToolTip::text(), QStringLiteral("a pair's prompt"));
        restAt(table.view, middle(1));
        QTRY_COMPARE(QToolTip::text(), QString());
        restAt(*table.view.horizontalHeader(), {100, 10});
        QCOMPARE(QToolTip::text(), QString());
        restAt(*table.view.horizontalHeader(), {20, 10});
        QTRY_COMPARE(QToolTip::text(), QStringLiteral("A name that is long"));
    }

    void rowsAreAsHighAsDesigned()
    {
        for (const int rows : {0, 1, 2000}) {
            Table table(rows);
            test::grabbed(table.view);
            QCOMPARE(table.view.verticalHeader()->defaultSectionSize(), 28);
            QCOMPARE(table.view.horizontalHeader()->height(), 30);
            if (rows > 0) QCOMPARE(table.view.rowHeight(rows - 1), 28);
            test::wear(ThemeKind::Light, 1.5);
            test::grabbed(table.view);
            QCOMPARE(table.view.verticalHeader()->defaultSectionSize(), 42);
            test::wear(ThemeKind::Light);
        }
    }

    void theSelectedRowHasABarAndDimsWithoutTheKeyboard()
    {
        Table table(3);
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            test::wear(kind);
            const Theme theme = makeTheme(kind);
            table.view.setFocus();
            table.view.selectRow(1);
            QImage image = test::grabbed(table.view);
            const QRect first = table.cell(1, 0);
            QCOMPARE(image.pixelColor(first.left() + 1, first.center().y()), theme.accent);
            QCOMPARE(image.pixelColor(first.left() + 5, first.center().y()), theme.bgSelected);
            QCOMPARE(image.pixelColor(table.cell(1, 4).right() - 1, first.top() + 2), theme.bgSelected);
            QCOMPARE(image.pixelColor(table.cell(0, 0).left() + 1, table.cell(0, 0).center().y()), theme.bgPanel);
            table.view.clearFocus();
            image = test::grabbed(table.view);
            QCOMPARE(image.pixelColor(first.left() + 5, first.center().y()), theme.bgHover);
        }
    }

    void theRowUnderThePointerIsTinted()
    {
        Table table(3);
        QTest::mouseMove(table.view.viewport(), table.view.visualRect(table.model.index(2, 0)).center());
        QTRY_COMPARE(table.view.hoveredRow(), 2);
        const QImage image = test::grabbed(table.view);
        QCOMPARE(image.pixelColor(table.cell(2, 3).right() - 2, table.cell(2, 3).top() + 2), currentTheme().bgHover);
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(table.view.viewport(), &leave);
        QApplication::sendEvent(&table.view, &leave);
        QCOMPARE(table.view.hoveredRow(), -1);
    }

    void keysMoveThroughTheRows()
    {
        Table table(100);
        table.view.setFocus();
        table.view.setCurrentIndex(table.model.index(0, 0));
        QTest::keyClick(&table.view, Qt::Key_Down);
        QCOMPARE(table.view.currentIndex().row(), 1);
        QTest::keyClick(&table.view, Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(table.view.currentIndex().row(), 99);
        QTest::keyClick(&table.view, Qt::Key_Home, Qt::ControlModifier);
        QCOMPARE(table.view.currentIndex().row(), 0);
        QTest::keyClick(&table.view, Qt::Key_PageDown);
        QVERIFY(table.view.currentIndex().row() > 3);
        QTest::keyClick(&table.view, Qt::Key_Tab);
        QVERIFY(table.view.currentIndex().column() == 0);  // Tab leaves the table
    }

    void cellsAreDrawnByTheirKind()
    {
        Table table(4);
        table.view.setColumnWidth(3, 140);
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            test::wear(kind);
            const Theme theme = makeTheme(kind);
            const QImage image = test::grabbed(table.view);
            // Numbers end at the right edge, texts begin at the left one.
            const QRect number = table.cell(1, 1), text = table.cell(1, 0);
            const auto inked = [&](const QRect& area) {
                return areaOf(image, area) - countOf(image, area, theme.bgPanel);
            };
            QCOMPARE(inked(QRect(number.left(), number.top() + 2, 40, 22)), 0);
            QVERIFY(inked(QRect(number.right() - 20, number.top() + 2, 20, 22)) > 0);
            QVERIFY(inked(QRect(text.left(), text.top() + 2, 20, 22)) > 0);
            // Each badge has the tint of its word, the first left of the second.
            const QRect badges = table.cell(1, 3);
            QVERIFY(countOf(image, badges, theme.warningBg) > 300);
            QVERIFY(countOf(image, badges, theme.dangerBg) > 300);
            QCOMPARE(countOf(image, QRect(badges.left(), badges.top(), 20, badges.height()), theme.dangerBg), 0);
            QVERIFY(countOf(image, QRect(badges.left(), badges.top(), 20, badges.height()), theme.warningBg) > 50);
            for (int row = 0; row < 3; ++row)
                QVERIFY(countOf(image, table.cell(row, 4), theme.series[std::size_t(row)], 60) > 5);
            gapsPointTheirWay(table, image, theme);
        }
    }

    void aBadgeWithoutRoomIsLeftOut()
    {
        Table table(1);
        for (const int width : {140, 74}) {
            table.view.setColumnWidth(3, width);
            const QImage image = test::grabbed(table.view);
            QVERIFY(countOf(image, table.cell(0, 3), currentTheme().warningBg) > 300);
            QCOMPARE(countOf(image, table.cell(0, 3), currentTheme().dangerBg) > 0, width == 140);
        }
    }

private:
    static int areaOf(const QImage& image, const QRect& area)
    {
        return image.rect().contains(area) ? area.width() * area.height() : -1;
    }

    /// A positive gap lies right of the middle, a negative one left.
    static void gapsPointTheirWay(const Table& table, const QImage& image, const Theme& theme)
    {
        const auto middleOf = [&](int row) {
            const QRect cell = table.cell(row, 2);
            double sum = 0, count = 0;
            for (int x = cell.left(); x <= cell.right(); ++x) {
                const int found = countOf(image, QRect(x, cell.top(), 1, cell.height()), theme.textMuted);
                sum += x * found;
                count += found;
            }
            return count > 0 ? sum / count : -1.0;
        };
        QVERIFY(middleOf(0) > middleOf(1));
        QVERIFY(middleOf(1) > 0);
    }
};

PREFLAB_UI_TEST_MAIN(TablesTest)
#include "tables_test.moc"
