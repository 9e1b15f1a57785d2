// SPDX-License-Identifier: GPL-3.0-or-later
// The loss of a setting over the margins of the user's pairs, as it is drawn.
#include "support/ui_test_main.h"
#include "ui/plots/loss_preview.h"

#include <numeric>

using namespace preflab;
using namespace preflab::test;

class LossPreviewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_preview = std::make_unique<LossPreview>(QStringLiteral("Loss at beta 0.1"));
        m_preview->setMargins({-2.0, -1.0, 0.5, 3.0});
        m_preview->setCurve({QStringLiteral("beta 0.1"), {-3.0, 0.0, 3.0}, {0.85, 0.69, 0.55}});
        m_preview->resize(400, 260);
        m_preview->show();
        m_preview->redraw();
    }

    void everyPairIsInABar()
    {
        QCOMPARE(std::accumulate(m_preview->counts().begin(), m_preview->counts().end(), 0.0), 4.0);
        QVERIFY(m_preview->xAxis->range().contains(-2.0));
        QVERIFY(m_preview->xAxis->range().contains(3.0));
        QVERIFY(m_preview->summary().contains(QStringLiteral("4")));
    }

    void marginsThatAreAllZeroStandInTheMiddle()
    {
        m_preview->setMargins({0.0, 0.0});  // before the first step of DPO
        m_preview->redraw();
        QCOMPARE(std::accumulate(m_preview->counts().begin(), m_preview->counts().end(), 0.0), 2.0);
        QCOMPARE(*std::ranges::max_element(m_preview->counts()), 2.0);
        QVERIFY(m_preview->xAxis->range().contains(0.0));
        QCOMPARE_GT(m_preview->xAxis->range().size(), 0.0);
    }

    void theComparisonIsInLegendAndTable()
    {
        QCOMPARE(m_preview->legend().size(), 1);
        m_preview->setComparison(LossPreview::Curve{QStringLiteral("beta 0.5"), {-3.0, 0.0, 3.0}, {1.7, 0.69, 0.2}});
        m_preview->redraw();
        QCOMPARE(m_preview->legend().size(), 2);
        QVERIFY(m_preview->yAxis->range().contains(1.7));
        m_preview->setComparison(std::nullopt);
        m_preview->redraw();
        QCOMPARE(m_preview->legend().size(), 1);
    }

    void nothingYetIsNoFailure()
    {
        LossPreview empty(QStringLiteral("Loss"));
        empty.resize(400, 260);
        empty.show();
        empty.redraw();
        QVERIFY(!empty.summary().isEmpty());
        QCOMPARE_GT(empty.xAxis->range().size(), 0.0);
    }

private:
    std::unique_ptr<LossPreview> m_preview;
};

PREFLAB_UI_TEST_MAIN(LossPreviewTest)
#include "loss_preview_test.moc"
