// SPDX-License-Identifier: GPL-3.0-or-later
// The window fits small screens: every page has room in 960 x 680 pixels, half of a common screen.
#include "support/grab.h"
#include "support/restart_bench.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/widgets/page.h"
#include "ui/window/main_window.h"

using namespace preflab;
using namespace preflab::test;

class SmallWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPageHasRoom()
    {
        RestartBench bench;
        QVERIFY(bench.open());
        auto window = std::make_unique<MainWindow>(*bench.workspace, [](QWidget&, FileQuestion, const auto&) {});
        window->resize(960, 680);
        window->show();
        const QStringList runs = bench.finished({specOf("dpo", "A run with a name that is rather long", 12)});
        for (const Destination& place :
             {Destination{PageId::Home, {}, {}, {}}, Destination{PageId::Data, {}, {}, {}},
              Destination{PageId::Model, {}, {}, {}}, Destination{PageId::Train, QStringLiteral("setup"), {}, {}},
              Destination{PageId::Train, QStringLiteral("wizard"), {}, {}}, Destination{PageId::Runs, {}, {}, {}},
              Destination{PageId::Runs, {}, runs.front(), {}}, Destination{PageId::Compare, {}, {}, {}},
              Destination{PageId::Settings, {}, {}, {}}}) {
            window->goTo(place);
            QCoreApplication::processEvents();
            const QSize page = window->page(place.page)->minimumSizeHint(), least = window->minimumSizeHint();
            QVERIFY2(page.width() <= 960 - 72 && least.width() <= 960 && least.height() <= 680,
                     qPrintable(QStringLiteral("page %1 %2: %3 x %4")
                                    .arg(static_cast<int>(place.page))
                                    .arg(place.tab)
                                    .arg(page.width())
                                    .arg(least.height())));
            QCOMPARE(window->size(), QSize(960, 680));
        }
        window.reset();
        bench.close();
    }
};

PREFLAB_UI_TEST_MAIN(SmallWindowTest)
#include "small_window_test.moc"
