// SPDX-License-Identifier: GPL-3.0-or-later
// Figures as people read them: digits that say what they are, units, signs, time spans.
#include "ui/models/app/number_text.h"

#include <QLocale>
#include <QTest>

#include <limits>

using namespace preflab;

class NumberTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void figures_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<int>("digits");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << 0.0 << 3 << "0";
        QTest::newRow("a loss") << 0.69315 << 3 << "0.693";
        QTest::newRow("a small beta keeps its digit") << 0.05 << 1 << "0.05";
        QTest::newRow("a quarter") << 0.25 << 2 << "0.25";
        QTest::newRow("behind zeros") << 0.0123456 << 3 << "0.0123";
        QTest::newRow("one digit before the point") << 1.5 << 3 << "1.50";
        QTest::newRow("many before the point") << 5217.3 << 3 << "5217";
        QTest::newRow("below zero") << -2.5 << 2 << QStringLiteral("\u22122.5");
        QTest::newRow("a learning rate") << 1e-6 << 2 << QStringLiteral("1e\u22126");
        QTest::newRow("between two powers") << 1.7e-6 << 2 << QStringLiteral("1.7e\u22126");
        QTest::newRow("very large") << 2.5e9 << 2 << "2.5e9";
        QTest::newRow("no number") << std::numeric_limits<double>::quiet_NaN() << 3 << QStringLiteral("–");
    }
    void figures()
    {
        QFETCH(const double, value);
        QFETCH(const int, digits);
        QTEST(figureText(value, digits), "text");
    }

    void wholeNumbersInGroups()
    {
        QCOMPARE(groupedText(999), QStringLiteral("999"));
        QCOMPARE(groupedText(134'515'008), QStringLiteral("134\u202F515\u202F008"));
        QCOMPARE(groupedText(-123'456), QStringLiteral("\u2212123\u202F456"));
    }

    void sharesAreInPercent()
    {
        QVERIFY(isShareMetric("heldout/accuracy_sum"));
        QVERIFY(!isShareMetric("loss"));
        QCOMPARE(percentText(0.652, 1), QStringLiteral("65.2\u00A0%"));
        QVERIFY(metricText("heldout/accuracy_sum", 0.65).endsWith(QLatin1Char('%')));
        QVERIFY(!metricText("loss", 0.65).endsWith(QLatin1Char('%')));
    }

    void spansOfTime()
    {
        QCOMPARE(spanText(12.0), QStringLiteral("12 s"));
        QCOMPARE(spanText(17.0 * 60), QStringLiteral("17 min"));
        QCOMPARE(spanText(99.0 * 60), QStringLiteral("1 h 39 min"));
        QCOMPARE(spanText(-1.0), QStringLiteral("–"));
        QCOMPARE(clockText(28 * 60 + 41), QStringLiteral("28:41"));
        QCOMPARE(clockText(3723), QStringLiteral("1:02:03"));
    }
};

QTEST_GUILESS_MAIN(NumberTextTest)
#include "number_text_test.moc"
