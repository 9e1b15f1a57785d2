// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters that describe themselves: parsing, ranges, text and JSON.
#include "core/base/schema.h"
#include "support/results.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace preflab;
using test::codeOf;
using test::problemOf;

namespace {

ParamSpec spec(const char* key, ParamValue value)
{
    ParamSpec result;
    result.key = key;
    result.defaultValue = std::move(value);
    return result;
}

ParamSpec learningRate()
{
    auto result = spec("learning_rate", 1e-6);
    result.minimum = 0;
    result.isMinimumAllowed = false;
    return result;
}

ParamSpec batchSize()
{
    auto result = spec("batch_size", std::int64_t{8});
    result.minimum = 1;
    result.maximum = 4096;
    return result;
}

ParamSpec schedule()
{
    auto result = spec("schedule", std::string("linear"));
    result.choices = {"constant", "linear", "cosine"};
    return result;
}

}  // namespace

class SchemaTest : public QObject {
    Q_OBJECT

private slots:
    // What is 0 in float32 is no value above 0.
    void numbersThatVanishAreRefused()
    {
        for (const char* text : {"1e-320", "1e-46", "1.1e-38"}) {
            const auto value = parseParam(learningRate(), text);
            QVERIFY2(!value, text);
            QCOMPARE(value.error().code, ErrorCode::ParameterOutOfRange);
            QVERIFY(sentence(value.error()).find("at least 1.2e-38") != std::string::npos);
        }
        QVERIFY(parseParam(learningRate(), "1.2e-38").has_value());
        QCOMPARE(std::get<double>(parseParam(spec("lambda", 0.1), "1e-46").value()), 1e-46);
    }

    void parses()
    {
        QCOMPARE(std::get<double>(parseParam(learningRate(), "5e-7").value()), 5e-7);
        QCOMPARE(std::get<double>(parseParam(learningRate(), "+1").value()), 1.0);
        QCOMPARE(std::get<double>(parseParam(learningRate(), "0,001").value()), 0.001);
        QCOMPARE(std::get<std::int64_t>(parseParam(batchSize(), "4096").value()), 4096);
        QCOMPARE(std::get<std::string>(parseParam(schedule(), "cosine").value()), std::string("cosine"));
        QCOMPARE(std::get<std::string>(parseParam(spec("name", std::string()), "").value()), std::string());
        QCOMPARE(std::get<bool>(parseParam(spec("shuffle", true), "false").value()), false);
    }

    void refuses_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("code");
        const QString range = "parameter-out-of-range";
        const QString noNumber = "parameter-not-a-number";
        QTest::newRow("zero rate") << 0 << "0" << range;
        QTest::newRow("negative rate") << 0 << "-1e-6" << range;
        QTest::newRow("NaN") << 0 << "nan" << range;
        QTest::newRow("infinite") << 0 << "inf" << range;
        QTest::newRow("letters") << 0 << "fast" << noNumber;
        QTest::newRow("number and letters") << 0 << "1e-6x" << noNumber;
        QTest::newRow("empty") << 0 << "" << noNumber;
        QTest::newRow("a thousand or one") << 0 << "1,000" << range;
        QTest::newRow("a thousand or one, whole") << 1 << "1.000" << range;
        QTest::newRow("below") << 1 << "0" << range;
        QTest::newRow("above") << 1 << "4097" << range;
        QTest::newRow("beyond int64") << 1 << "99999999999999999999" << range;
        QTest::newRow("fraction") << 1 << "2.5" << range;
        QTest::newRow("no count") << 1 << "two" << noNumber;
        QTest::newRow("no choice") << 2 << "step" << range;
        QTest::newRow("no boolean") << 3 << "yes" << range;
    }

    void refuses()
    {
        QFETCH(int, which);
        QFETCH(QString, text);
        QFETCH(QString, code);
        const ParamSpec specs[] = {learningRate(), batchSize(), schedule(), spec("shuffle", true)};
        QCOMPARE(codeOf(parseParam(specs[which], text.toStdString())), code);
    }

    void sentencesNameKeyValueAndRange()
    {
        QCOMPARE(problemOf(parseParam(learningRate(), "0")),
                 QString("learning_rate is 0, but must be above 0; change this setting."));
        QCOMPARE(problemOf(parseParam(batchSize(), "0")),
                 QString("batch_size is 0, but must be a whole number from 1 to 4096; change this setting."));
        QCOMPARE(problemOf(parseParam(schedule(), "step")),
                 QString("schedule is step, but must be one of constant, linear, cosine; change this setting."));
    }

    void validatesTypesAndEdges()
    {
        QCOMPARE(codeOf(validateParam(learningRate(), std::int64_t{1})), QString("parameter-out-of-range"));
        QCOMPARE(codeOf(validateParam(learningRate(), std::nan(""))), QString("parameter-out-of-range"));
        QCOMPARE(codeOf(validateParam(learningRate(), std::numeric_limits<double>::infinity())),
                 QString("parameter-out-of-range"));
        QCOMPARE(problemOf(validateParam(batchSize(), std::int64_t{1})), QString());
        QCOMPARE(problemOf(validateParam(batchSize(), std::int64_t{4096})), QString());
        QCOMPARE(problemOf(validateParam(learningRate(), 1.2e-38)), QString());
    }

    void rangeTexts()
    {
        auto beta = spec("beta", 0.1);
        QCOMPARE(rangeText(beta), std::string("a number"));
        beta.maximum = 10;
        QCOMPARE(rangeText(beta), std::string("at most 10"));
        beta.minimum = 0.001;
        QCOMPARE(rangeText(beta), std::string("from 0.001 to 10"));
        beta.isMinimumAllowed = false;
        QCOMPARE(rangeText(beta), std::string("above 0.001 and at most 10"));
        beta.maximum.reset();
        beta.isMinimumAllowed = true;
        QCOMPARE(rangeText(beta), std::string("at least 0.001"));
        QCOMPARE(rangeText(spec("steps", std::int64_t{1})), std::string("a whole number"));
        QCOMPARE(rangeText(spec("shuffle", true)), std::string("true or false"));
        QCOMPARE(rangeText(spec("name", std::string())), std::string("a text"));
    }

    void textsReadBack()
    {
        for (const double value : {0.1, 1e-6, 5e-7, 1.0, 1e22, 123456.789, 0.0, -2.5e-300}) {
            QCOMPARE(std::get<double>(parseParam(spec("x", 0.0), toText(value)).value()), value);
        }
        QCOMPARE(toText(1e-6), std::string("1e-6"));
        QCOMPARE(toText(1e22), std::string("1e22"));
        QCOMPARE(toText(0.1), std::string("0.1"));
        QCOMPARE(toText(std::int64_t{-3}), std::string("-3"));
        QCOMPARE(toText(true), std::string("true"));
    }

    void jsonRoundTrip()
    {
        const ParamValues values{{"beta", 1.0}, {"steps", std::int64_t{5}}, {"name", std::string("5")}, {"on", false}};
        const auto text = toJson(values).dump();
        const auto back = paramValuesFromJson(parseJson(text).value());
        QCOMPARE(problemOf(back), QString());
        QVERIFY(*back == values);
        QCOMPARE(codeOf(paramValuesFromJson(parseJson(R"({"a":[1]})").value())), QString("config-invalid"));
        QCOMPARE(codeOf(paramValuesFromJson(parseJson(R"({"a":null})").value())), QString("config-invalid"));
        QCOMPARE(codeOf(paramValuesFromJson(parseJson(R"({"a":18446744073709551615})").value())),
                 QString("config-invalid"));
        QCOMPARE(codeOf(paramValuesFromJson(parseJson("[]").value())), QString("config-invalid"));
    }

    void lookUpAndDefaults()
    {
        const std::vector<ParamSpec> specs{learningRate(), batchSize()};
        QCOMPARE(findParam(specs, "batch_size"), &specs[1]);
        QVERIFY(findParam(specs, "batch") == nullptr);
        const auto values = defaultsOf(specs);
        QCOMPARE(values.size(), std::size_t{2});
        QCOMPARE(std::get<std::int64_t>(values.at("batch_size")), 8);
    }
};

QTEST_GUILESS_MAIN(SchemaTest)
#include "schema_test.moc"
