// SPDX-License-Identifier: GPL-3.0-or-later
// What strict JSON takes and refuses, and typed reading.
#include "core/base/json.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::codeOf;
using test::problemOf;

namespace {

std::string repeated(std::string_view part, int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) text += part;
    return text;
}

/// {"k0":0,"k1":1,...} with `extra` behind.
std::string objectOf(int keys, const std::string& extra)
{
    std::string text = "{";
    for (int i = 0; i < keys; ++i) text += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
    return text + extra + "}";
}

}  // namespace

class JsonTest : public QObject {
    Q_OBJECT

private slots:
    void accepts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("dump");
        QTest::newRow("scalar") << QByteArray("  7 \n") << QByteArray("7");
        QTest::newRow("order kept") << QByteArray(R"({"b":1,"a":[true,false,null],"0":{}})")
                                    << QByteArray(R"({"b":1,"a":[true,false,null],"0":{}})");
        QTest::newRow("same key on other levels") << QByteArray(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})")
                                                  << QByteArray(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})");
        QTest::newRow("escapes") << QByteArray(R"(["\u00e9\ud83d\ude00\u0000"])") << QByteArray("[\"é😀\\u0000\"]");
        QTest::newRow("big integer") << QByteArray("[9223372036854775807,18446744073709551615,-1]")
                                     << QByteArray("[9223372036854775807,18446744073709551615,-1]");
        QTest::newRow("empty key") << QByteArray(R"({"":1})") << QByteArray(R"({"":1})");
    }

    void accepts()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, dump);
        const auto json = parseJson({text.data(), static_cast<std::size_t>(text.size())});
        QVERIFY2(json.has_value(), json ? "" : json.error().reason.c_str());
        QCOMPARE(QByteArray::fromStdString(json->dump()), dump);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("offset");
        QTest::addColumn<QString>("reason");
        QTest::newRow("empty") << QByteArray("") << 0 << "unexpected end of input";
        QTest::newRow("open object") << QByteArray("{\"a\":1") << 6 << "unexpected end of input";
        QTest::newRow("duplicate") << QByteArray(R"({"a":1,"b":2,"a":3})") << 16 << "duplicate key \"a\"";
        QTest::newRow("duplicate, escaped") << QByteArray(R"({"a":1,"\u0061":3})") << 15 << "duplicate key \"a\"";
        QTest::newRow("duplicate, deep") << QByteArray(R"([{"x":{"b":1,"b":1}}])") << 16 << "duplicate key \"b\"";
        QTest::newRow("two values") << QByteArray("{} {}") << 4 << "unexpected '{'";
        QTest::newRow("trailing comma") << QByteArray("[1,]") << 4 << "unexpected ']'";
        QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF{}") << 0 << "byte order mark";
        QTest::newRow("NUL behind") << QByteArray("{}\0", 3) << 2 << "NUL byte";
        QTest::newRow("NUL in a text") << QByteArray("[\"\0\"]", 5) << 2 << "NUL byte";
        QTest::newRow("control character") << QByteArray("[\"\n\"]") << 3 << "invalid string: control character";
        QTest::newRow("lone surrogate") << QByteArray(R"(["\ud800"])") << 9 << "invalid string: surrogate";
        QTest::newRow("overlong UTF-8") << QByteArray("[\"\xC0\xAF\"]") << 3 << "ill-formed UTF-8";
        QTest::newRow("surrogate in UTF-8") << QByteArray("[\"\xED\xA0\x80\"]") << 4 << "half a character";
        QTest::newRow("leading zero") << QByteArray("[01]") << 3 << "unexpected number literal";
        QTest::newRow("NaN") << QByteArray("[NaN]") << 2 << "invalid literal";
        QTest::newRow("comment") << QByteArray("/* */ 1") << 1 << "invalid literal";
        QTest::newRow("too large a number") << QByteArray("[1e400]") << 7 << "number overflow";
    }

    void refuses()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, offset);
        QFETCH(QString, reason);
        const auto json = parseJson({text.data(), static_cast<std::size_t>(text.size())});
        QVERIFY(!json.has_value());
        const QString found = QString::fromStdString(json.error().reason);
        QVERIFY2(found.contains(reason), qPrintable(found));
        // nlohmann reads one character ahead of what it complains about.
        QVERIFY2(std::abs(static_cast<int>(json.error().offset) - offset) <= 1,
                 qPrintable(QString::number(json.error().offset)));
    }

    void depthIsBounded()
    {
        QVERIFY(parseJson(repeated("[", 128) + repeated("]", 128)).has_value());
        QVERIFY(!parseJson(repeated("[", 129) + repeated("]", 129)).has_value());
        QVERIFY(parseJson(R"({"a":[1]})", 2).has_value());
        const auto deep = parseJson(R"({"a":[[1]]})", 2);
        QVERIFY(!deep.has_value());
        QCOMPARE(QString::fromStdString(deep.error().reason), QString("nested deeper than 2 levels"));
        QVERIFY(!parseJson(repeated("[", 3'000'000)).has_value());
    }

    void duplicatesAreFoundAmongManyKeys()
    {
        for (const int keys : {1, 15, 16, 17, 40, 50'000}) {
            QVERIFY(parseJson(objectOf(keys, "\"end\":1")).has_value());
            QVERIFY(!parseJson(objectOf(keys, "\"k0\":1")).has_value());
            QVERIFY(!parseJson(objectOf(keys, "\"k" + std::to_string(keys - 1) + "\":1")).has_value());
        }
    }

    void everyTruncationIsRefused()
    {
        const std::string text = R"({"a":[1,-2.5e3,"x\u00e9"],"b":{"c":null,"d":true}})";
        QVERIFY(parseJson(text).has_value());
        for (std::size_t length = 0; length < text.size(); ++length) {
            QVERIFY(!parseJson(std::string_view(text).substr(0, length)).has_value());
        }
    }

    void filesNameByteAndReason()
    {
        const test::ScratchFolder folder;
        const auto file = test::writeFile(folder / "config.json", R"({"a":1,"a":2})");
        const auto json = readJsonFile(file, 1000);
        QCOMPARE(codeOf(json), QString("config-invalid"));
        QVERIFY2(problemOf(json).contains("config.json is not usable at byte 10: duplicate key \"a\""),
                 qPrintable(problemOf(json)));
        QCOMPARE(codeOf(readJsonFile(file, 5)), QString("file-unreadable"));
        QCOMPARE(codeOf(readJsonFile(folder / "none.json", 5)), QString("file-not-found"));
    }

    // What a hostile file may hold is nothing, and no undefined conversion.
    void wholeNumbersAreWhole()
    {
        QCOMPARE(wholeNumber(Json(-3)), std::optional<std::int64_t>(-3));
        QCOMPARE(wholeNumber(*parseJson("9223372036854775807")), std::optional<std::int64_t>(INT64_MAX));
        for (const char* text :
             {"1e300", "-1e300", "2.5", "3.0", "18446744073709551615", "\"3\"", "true", "null", "[3]"})
            QVERIFY2(!wholeNumber(*parseJson(text)), text);
    }

    void typedReading()
    {
        const Json json =
            parseJson(R"({"i":3,"d":2.5,"s":"x","b":true,"n":null,"u":18446744073709551615,"f":3.0})").value();
        const JsonObject object(json, "config.json");
        QCOMPARE(object.integer("i").value(), 3);
        QCOMPARE(object.number("i").value(), 3.0);
        QCOMPARE(object.number("d").value(), 2.5);
        QCOMPARE(object.string("s").value(), std::string("x"));
        QCOMPARE(object.boolean("b").value(), true);
        QVERIFY(object.has("i") && !object.has("n") && !object.has("missing"));
        QCOMPARE(object.integer("missing", 7).value(), 7);
        QCOMPARE(object.number("n", 0.5).value(), 0.5);
        QCOMPARE(object.string("n", "y").value(), std::string("y"));
        QCOMPARE(object.boolean("missing", true).value(), true);
        for (const char* key : {"d", "s", "b", "u", "f", "n", "missing"}) {
            QCOMPARE(codeOf(object.integer(key)), QString("config-invalid"));
        }
        QCOMPARE(codeOf(object.integer("s", 1)), QString("config-invalid"));
        QCOMPARE(codeOf(object.number("s", 1)), QString("config-invalid"));
        QCOMPARE(codeOf(object.string("i", "x")), QString("config-invalid"));
        QCOMPARE(codeOf(object.boolean("i", true)), QString("config-invalid"));
        QCOMPARE(problemOf(object.integer("missing")),
                 QString("config.json is not usable at missing: this key is missing; correct the file or download it "
                         "again."));
        const Json list = Json::array({1});
        QVERIFY(!JsonObject(list, "x").has("a"));
        QCOMPARE(codeOf(JsonObject(list, "x").integer("a")), QString("config-invalid"));
    }
};

QTEST_GUILESS_MAIN(JsonTest)
#include "json_test.moc"
