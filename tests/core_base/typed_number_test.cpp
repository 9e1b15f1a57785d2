// SPDX-License-Identifier: GPL-3.0-or-later
// One rule for numbers that are typed: a point or a comma before the decimals, and no guess about thousands.
#include "core/base/schema.h"
#include "core/base/typed_number.h"
#include "support/results.h"

#include <QtTest>

#include <cmath>

using namespace preflab;

class TypedNumberTest : public QObject {
    Q_OBJECT

private slots:
    void reads_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("value");
        QTest::newRow("point") << "0.5" << 0.5;
        QTest::newRow("comma") << "0,5" << 0.5;
        QTest::newRow("a thousandth") << "0,001" << 0.001;
        QTest::newRow("a thousandth with a point") << "0.001" << 0.001;
        QTest::newRow("four digits behind the comma") << "1,0000" << 1.0;
        QTest::newRow("two digits behind the comma") << "1,25" << 1.25;
        QTest::newRow("as programs write it") << "1.125" << 1.125;
        QTest::newRow("four digits before it") << "1000,125" << 1000.125;
        QTest::newRow("no digit before it") << ".250" << 0.25;
        QTest::newRow("exponent") << "5e-7" << 5e-7;
        QTest::newRow("comma and exponent") << "2,5E-6" << 2.5e-6;
        QTest::newRow("thousand") << "1000" << 1000.0;
        QTest::newRow("spaces around") << QString::fromUtf8("\u00A0 0,5\t") << 0.5;
        QTest::newRow("plus") << "+3" << 3.0;
        QTest::newRow("real minus signs") << QString::fromUtf8("\u22122e\u22123") << -2e-3;
    }
    void reads()
    {
        QFETCH(QString, text);
        QFETCH(double, value);
        const auto number = typedNumber("--beta", text.toStdString());
        QCOMPARE(test::problemOf(number), QString());
        QCOMPARE(*number, value);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("code");
        const QString ambiguous = "parameter-out-of-range";
        const QString noNumber = "parameter-not-a-number";
        for (const char* text : {"1,000", "1.000", "12,345", "123,456", "-1,000", "2.500", " 1,000 "})
            QTest::newRow(text) << text << ambiguous;
        for (const char* text : {"", " ", "1,000.5", "1.000.000", "1 000", "0,5,", "half", "0x10", "1e", "1-"})
            QTest::newRow(qPrintable(QStringLiteral("no number: %1").arg(text))) << text << noNumber;
    }
    void refuses()
    {
        QFETCH(QString, text);
        QFETCH(QString, code);
        QCOMPARE(test::codeOf(typedNumber("--beta", text.toStdString())), code);
    }

    void saysHowToWriteIt_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("remedy");
        QTest::newRow("either") << "1,000"
                                << "must be written as 1000 or as 1, because it can mean either;";
        QTest::newRow("a fraction") << "2.500"
                                    << "must be written as 2500 or as 2.5, because";
        QTest::newRow("below zero") << "-1,250"
                                    << "must be written as -1250 or as -1.25, because";
    }
    void saysHowToWriteIt()
    {
        QFETCH(QString, text);
        QFETCH(QString, remedy);
        const QString said = test::problemOf(typedNumber("--beta", text.toStdString()));
        QVERIFY2(said.contains(remedy), qPrintable(said));
    }

    // Whoever follows the advice is not refused again.
    void everyRemedyIsAccepted_data()
    {
        QTest::addColumn<double>("least");
        QTest::addColumn<double>("most");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("range");
        const QString sums = "written as 1000 or as 1, because it can mean either";
        QTest::newRow("both") << 0.0 << 1e6 << "1,000" << sums;
        QTest::newRow("only the small one") << 0.0 << 10.0 << "1.500"
                                            << "written as 1.5, because it can also be read as 1500";
        QTest::newRow("only the large one") << 100.0 << 1e6 << "1.500"
                                            << "written as 1500, because it can also be read as 1.5";
        QTest::newRow("neither") << 0.0 << 0.5 << "1.500"
                                 << "from 0 to 0.5";
    }
    void everyRemedyIsAccepted()
    {
        QFETCH(double, least);
        QFETCH(double, most);
        QFETCH(QString, text);
        QFETCH(QString, range);
        const ParamSpec number{.key = "--beta", .defaultValue = 0.1, .minimum = least, .maximum = most};
        QCOMPARE(test::argumentOf(parseParam(number, text.toStdString()), "range"), range);
        static const QRegularExpression written("(?:written|or) as ([0-9.]+)");
        for (auto ways = written.globalMatch(range); ways.hasNext();)
            QCOMPARE(test::problemOf(parseParam(number, ways.next().captured(1).toStdString())), QString());
    }

    void wholeNumbersAreWrittenWithoutAMark()
    {
        const ParamSpec steps{.key = "--max-steps", .defaultValue = std::int64_t{1}, .minimum = 1};
        const auto rangeOf = [&steps](const char* text) { return test::argumentOf(parseParam(steps, text), "range"); };
        QCOMPARE(rangeOf("1,000"), QString("written as 1000 or as 1, because it can mean either"));
        QCOMPARE(rangeOf("2.500"), QString("written as 2500, because it can also be read as 2.5"));
        QCOMPARE(rangeOf("1,234"), QString("written as 1234, because it can also be read as 1.234"));
        for (const char* text : {"1000", "1", "2500", "1234"})
            QCOMPARE(test::problemOf(parseParam(steps, text)), QString());
    }

    void wholeNumbersHaveNoMark()
    {
        QCOMPARE(**typedWholeNumber("--steps", " 1000 "), std::int64_t(1000));
        QCOMPARE(test::codeOf(typedWholeNumber("--steps", "1,000")), QString("parameter-out-of-range"));
        QCOMPARE(test::codeOf(typedWholeNumber("--steps", "many")), QString("parameter-not-a-number"));
        QVERIFY(!typedWholeNumber("--steps", "0,5")->has_value());
        QVERIFY(!typedWholeNumber("--steps", "99999999999999999999")->has_value());
    }

    // What PrefLab prints it also reads.
    void everyPrintedNumberIsRead()
    {
        for (const double value : {1.0, 1000.0, 1.125, 2.5, 0.001, 12.345, 1e-7, 123.456, 1e22}) {
            const auto read = typedNumber("x", toText(value));
            QCOMPARE(test::problemOf(read), QString());
            QCOMPARE(*read, value);
        }
    }
};

QTEST_GUILESS_MAIN(TypedNumberTest)
#include "typed_number_test.moc"
