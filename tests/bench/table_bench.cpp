// SPDX-License-Identifier: GPL-3.0-or-later
// A million pairs in the data page: opened, scrolled, sorted, searched. Every action goes through the page's own
// widgets; the event loop runs as in the program.
#include "core/base/system.h"
#include "support/figure_table.h"
#include "support/many_pairs.h"
#include "support/turn_meter.h"
#include "support/ui_bench.h"
#include "ui/models/data/dataset_table_model.h"
#include "ui/pages/data/data_page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/table_view.h"

#include <QApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QWheelEvent>

#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <string>

using namespace preflab;
using namespace preflab::test;

namespace {

constexpr std::uint32_t kRows = 1'000'000;
constexpr double kFrame = 16.0;  ///< milliseconds of work that a turn may take
constexpr int kPatience = 240'000;

/// Counts how often a widget is painted.
class PaintCounter : public QObject {
public:
    using QObject::QObject;
    int paints = 0;

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        paints += event->type() == QEvent::Paint ? 1 : 0;
        return QObject::eventFilter(watched, event);
    }
};

/// The page over the dataset, and the meter on its event loop.
class Bench {
public:
    explicit Bench(FigureTable& figures) : m_figures(figures), m_page(m_ui.workspace)
    {
        m_page.resize(1280, 800);
        m_page.show();
        table().viewport()->installEventFilter(&m_counter);
    }

    /// False when the dataset does not open.
    bool open()
    {
        const auto path = m_ui.folder / "million.jsonl";
        writeManyPairs(path, kRows);
        if (!m_ui.openProject()) return false;
        m_figures.begin("1 000 000 pairs of a file");
        m_figures.add("size of the file", static_cast<double>(std::filesystem::file_size(path)) / 1e6, "MB");
        m_memory = residentMemory();
        QElapsedTimer passed;
        passed.start();
        m_meter.restart();
        m_ui.workspace.openDataset(path);
        if (!m_meter.runUntil(
                [this] { return table().model() != nullptr && table().model()->rowCount() == int(kRows); }, kPatience))
            return false;
        m_figures.add("opened: rows are shown after", static_cast<double>(passed.elapsed()), "ms");
        addWork("opened");
        m_meter.restart();
        if (!m_meter.runUntil([this] { return session().areColumnsReady(); }, kPatience)) return false;
        m_figures.add("lengths and similarity of all rows after", static_cast<double>(passed.elapsed()), "ms");
        addWork("measured");
        m_figures.add("memory more than before", static_cast<double>(residentMemory() - m_memory) / 1e6, "MB");
        return true;
    }

    void scroll()
    {
        m_figures.begin("Scrolled, 1280 x 800");
        const QPoint at = table().viewport()->rect().center();
        move("wheel, 200 notches", 200, [&](int) {
            QWheelEvent event(at, table().viewport()->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, {},
                              Qt::NoScrollPhase, false);
            QApplication::sendEvent(table().viewport(), &event);
        });
        QScrollBar* bar = table().verticalScrollBar();
        move("scroll bar, 100 jumps", 100, [&](int i) {
            bar->setValue(static_cast<int>(static_cast<std::int64_t>(bar->maximum()) * ((i * 37) % 100) / 100));
        });
        move("scroll bar, 200 steps of 50 rows", 200, [&](int) { bar->setValue(bar->value() + 50); });
        move("Page Down, 100 times", 100, [&](int) { QTest::keyClick(&table(), Qt::Key_PageDown); });
        move("End and Home, 20 times", 20,
             [&](int i) { QTest::keyClick(&table(), i % 2 == 0 ? Qt::Key_End : Qt::Key_Home, Qt::ControlModifier); });
    }

    void sort()
    {
        m_figures.begin("Sorted by a click on the header, descending");
        QHeaderView* header = table().horizontalHeader();
        for (int column = 0; column < DatasetTableModel::ColumnCount; ++column) {
            const QString title = table().model()->headerData(column, Qt::Horizontal).toString();
            const bool isText = column == DatasetTableModel::Prompt;
            ask("by " + title.toStdString(), isText ? "629 for text" : "79 for integers",
                [&] { header->setSortIndicator(column, Qt::DescendingOrder); });
        }
        ask("by number, ascending", "0: as the file is",
            [&] { header->setSortIndicator(DatasetTableModel::Number, Qt::AscendingOrder); });
    }

    void search()
    {
        m_figures.begin("Searched, once Enter is pressed");
        auto& field = named<QLineEdit>(m_page, "dataSearch");
        const auto type = [&](const QString& text) {
            return [&field, text] {
                field.setText(text);
                QTest::keyClick(&field, Qt::Key_Return);
            };
        };
        ask("4.6 % of the rows", "9.5 for a column in memory", type(QStringLiteral("zebra")));
        m_figures.add("rows found", table().model()->rowCount(), "");
        ask("cleared", "0 (22 022 with QSortFilterProxyModel)", type(QString()));
        ask("an expression", "", type(QStringLiteral("/zebra 9+\\?/")));
        ask("nothing", "", type(QStringLiteral("no such words")));
        ask("cleared", "0", type(QString()));
        m_figures.add("memory more than before opening", static_cast<double>(residentMemory() - m_memory) / 1e6, "MB");
        m_figures.add("peak of the program", static_cast<double>(peakResidentMemory()) / 1e6, "MB");
    }

private:
    TableView& table() { return named<TableView>(m_page, "pairTable"); }
    DatasetSession& session() { return *m_ui.workspace.dataset(); }

    void addWork(const std::string& what)
    {
        m_figures.add(what + ": worst turn of the UI thread", m_meter.worstProcessorMs(), "ms", "", kFrame);
    }

    /// So many moves, each in a turn of its own; then the texts are waited for.
    void move(const std::string& what, int times, const std::function<void(int)>& once)
    {
        int done = 0;
        QTimer timer;
        QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
            if (done < times) once(done++);
        });
        m_counter.paints = 0;
        m_meter.restart();
        const double begin = TurnMeter::processorMs();
        timer.start(10);
        m_meter.runUntil([&] { return done == times && areTextsThere(); }, kPatience);
        m_figures.add(what + ": work for each repaint",
                      (TurnMeter::processorMs() - begin) / std::max(m_counter.paints, 1), "ms");
        m_figures.add(what + ": repaints", m_counter.paints, "");
        addWork(what);
        m_figures.add(what + ": worst gap by the wall clock", m_meter.worstWallMs(), "ms", "", 100.0);
    }

    bool areTextsThere()
    {
        const QModelIndex top = table().indexAt(QPoint(5, 5));
        return top.isValid() &&
               top.siblingAtColumn(DatasetTableModel::Prompt).data(DatasetTableModel::LoadedRole).toBool();
    }

    /// Something that makes another view; how long until it is shown.
    void ask(const std::string& what, const char* design, const std::function<void()>& act)
    {
        bool isShown = false;
        QElapsedTimer passed;
        qint64 took = 0;
        const auto connection = QObject::connect(&session(), &DatasetSession::viewChanged, &m_page, [&] {
            took = passed.elapsed();
            isShown = true;
        });
        m_meter.restart();
        passed.start();
        const auto begin = std::clock();
        act();
        if (!m_meter.runUntil([&] { return isShown && !session().isQuerying(); }, kPatience))
            std::printf("%s: no view came\n", what.c_str());
        QObject::disconnect(connection);
        m_figures.add(what + ": shown after", static_cast<double>(took), "ms", design);
        m_figures.add(what + ": processor time of all threads",
                      1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, "ms");
        addWork(what);
    }

    FigureTable& m_figures;
    UiBench m_ui;
    DataPage m_page;
    PaintCounter m_counter;
    TurnMeter m_meter;
    std::uint64_t m_memory = 0;
};

}  // namespace

int main(int argc, char** argv)
{
    qputenv("QT_NO_GLIB", "1");  // the dispatcher that the meter of turns listens to
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    applyTheme(application, makeTheme(ThemeKind::Light));
    FigureTable figures;
    Bench bench(figures);
    if (!bench.open()) {
        std::printf("The dataset did not open.\n");
        return 2;
    }
    bench.scroll();
    bench.sort();
    bench.search();
    return figures.over() == 0 ? 0 : 1;
}
