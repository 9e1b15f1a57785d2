// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of a safetensors header, one by one, with the cases on which the reference parser's verdict is known.
#include "core/model/safetensors.h"
#include "core/model/safetensors_header.h"
#include "support/files.h"
#include "support/results.h"
#include "support/safetensors_text.h"

#include <QtTest>

using namespace preflab;
using test::argumentOf;
using test::checkConsistent;
using test::codeOf;
using test::fileOf;
using test::kPlain;
using test::problemOf;
using test::repeated;
using test::tensor;
using test::zeros;

namespace {

/// Columns of the refusals.
void addRefusalColumns()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("data");
    QTest::addColumn<QString>("reason");
}

void row(const char* name, const std::string& header, int data, const char* reason)
{
    QTest::newRow(name) << QByteArray::fromStdString(header) << data << reason;
}

/// A header with one tensor.
std::string one(const std::string& type, const std::string& shape, const std::string& offsets)
{
    return "{" + tensor("a", type, shape, offsets) + "}";
}

}  // namespace

class SafetensorsHeaderTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    Result<SafetensorsSet> open(const std::string& content)
    {
        return SafetensorsSet::openFile(test::writeFile(m_folder / "a.safetensors", content));
    }

    void refuse()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, data);
        QFETCH(QString, reason);
        const auto set = open(fileOf(header.toStdString(), zeros(static_cast<std::size_t>(data))));
        QCOMPARE(codeOf(set), QString("weights-invalid"));
        QVERIFY2(argumentOf(set, "reason").contains(reason), qPrintable(problemOf(set)));
        QVERIFY(!argumentOf(set, "where").isEmpty() && argumentOf(set, "path").endsWith("a.safetensors"));
    }

private slots:
    void accepts_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("data");
        QTest::addColumn<int>("tensors");
        const auto good = [](const char* name, const std::string& header, int data, int tensors) {
            QTest::newRow(name) << QByteArray::fromStdString(header) << data << tensors;
        };
        good("plain", kPlain, 4, 1);
        good("empty object", "{}", 0, 0);
        good("leading white space", " \t\r\n" + kPlain, 4, 1);
        good("trailing spaces", kPlain + "    ", 4, 1);
        good("white space inside", R"({ "a" : {"shape":[ 1 ] , "data_offsets":[0, 4],"dtype":"F32"} })", 4, 1);
        good("metadata", "{\"__metadata__\":{\"format\":\"pt\",\"\":\"\"}," + kPlain.substr(1), 4, 1);
        good("scalar", "{" + tensor("a", "F64", "[]", "[0,8]") + "}", 8, 1);
        good("zero size", "{" + tensor("a", "F32", "[0]", "[0,0]") + "}", 0, 1);
        good("zero sizes at ends of others",
             "{" + tensor("z", "F32", "[0,3]", "[0,0]") + "," + tensor("a", "U8", "[2]", "[0,2]") + "," +
                 tensor("b", "U8", "[0]", "[2,2]") + "," + tensor("c", "U8", "[1]", "[2,3]") + "}",
             3, 4);
        good("zero before a large size", "{" + tensor("a", "F32", "[0,281474976710655,8]", "[0,0]") + "}", 0, 1);
        good("zero behind a large size", "{" + tensor("a", "F32", "[281474976710655,281474976710655,0]", "[0,0]") + "}",
             0, 1);
        good("eight dimensions", "{" + tensor("a", "I8", "[1,1,1,1,1,1,1,1]", "[0,1]") + "}", 1, 1);
        good("path as a name", "{" + tensor("../../x", "I8", "[1]", "[0,1]") + "}", 1, 1);
        good("escaped name", "{" + tensor("\\u0061\\u00e9", "I8", "[1]", "[0,1]") + "}", 1, 1);
        good("name of 1024 bytes", "{" + tensor(std::string(1024, 'n'), "I8", "[1]", "[0,1]") + "}", 1, 1);
        good("other order than the data",
             "{" + tensor("b", "U8", "[2]", "[2,4]") + "," + tensor("a", "U8", "[2]", "[0,2]") + "}", 4, 2);
        good("odd header length", kPlain + " ", 4, 1);
    }

    void accepts()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, data);
        QFETCH(int, tensors);
        const std::string content = fileOf(header.toStdString(), zeros(static_cast<std::size_t>(data)));
        const auto set = open(content);
        QCOMPARE(problemOf(set), QString());
        QCOMPARE(static_cast<int>(set->tensors().size()), tensors);
        QCOMPARE(set->warnings().size(), static_cast<std::size_t>(header.startsWith(' ')));
        checkConsistent(*set, content.size());
    }

    void refusesWhatTheReferenceTakes_data()
    {
        addRefusalColumns();
        row("duplicate name, same range",
            "{" + tensor("a", "F32", "[1]", "[0,4]") + "," + tensor("a", "F32", "[1]", "[0,4]") + "}", 4,
            "its name occurs twice");
        row("duplicate name, escaped",
            "{" + tensor("a", "F32", "[0]", "[0,0]") + "," + tensor("\\u0061", "F32", "[1]", "[0,4]") + "}", 4,
            "its name occurs twice");
        row("duplicate name, other dtype",
            "{" + tensor("a", "U8", "[2]", "[0,2]") + "," + tensor("a", "F32", "[1]", "[0,4]") + "}", 4,
            "its name occurs twice");
        row("duplicate metadata key", R"({"__metadata__":{"a":"1","a":"2"}})", 0, "duplicate key \"a\"");
        row("extra field", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}})", 4, "unknown key \"x\"");
        row("extra field, deep",
            R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":)" + repeated("[", 100) + repeated("]", 100) +
                "}}",
            4, "unknown key \"x\"");
        row("metadata null", R"({"__metadata__":null})", 0, "null is not allowed");
        row("dimension above 2^48", one("F32", "[0,9223372036854775808,4]", "[0,0]"), 0, "above 2^48 - 1");
        row("dimension of 2^48", one("F32", "[0,281474976710656]", "[0,0]"), 0, "above 2^48 - 1");
        row("shape of 1024 ones", one("U8", "[1" + repeated(",1", 1023) + "]", "[0,1]"), 1, "more than 8 dimensions");
        row("nine dimensions", one("U8", "[1,1,1,1,1,1,1,1,1]", "[0,1]"), 1, "more than 8 dimensions");
        row("empty name", "{" + tensor("", "F32", "[1]", "[0,4]") + "}", 4, "1 to 1024 bytes");
        row("name of 1025 bytes", "{" + tensor(std::string(1025, 'n'), "U8", "[1]", "[0,1]") + "}", 1, "1 to 1024");
        row("NUL in a name", "{" + tensor("a\\u0000b", "F32", "[1]", "[0,4]") + "}", 4, "control character");
        row("escape in a name", "{" + tensor("a\\u001b[31m", "F32", "[1]", "[0,4]") + "}", 4, "control character");
        row("C1 control in a name", "{" + tensor("a\\u009b31m", "F32", "[1]", "[0,4]") + "}", 4, "control character");
    }

    void refusesWhatTheReferenceTakes() { refuse(); }

    void refusesOtherStructures_data()
    {
        addRefusalColumns();
        row("array", "[]", 0, "a list is not allowed");
        row("number", "12", 0, "a number is not allowed");
        row("text", "\"ab\"", 0, "a text is not allowed");
        row("NUL padding", kPlain + zeros(3), 4, "NUL byte");
        row("two values", kPlain + "{}", 4, "unexpected '{'");
        row("byte order mark", "\xEF\xBB\xBF" + kPlain, 4, "byte order mark");
        row("duplicate metadata", R"({"__metadata__":{},"__metadata__":{}})", 0, "duplicate key \"__metadata__\"");
        row("duplicate shape", R"({"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}})", 4,
            "duplicate key \"shape\"");
        row("metadata number", R"({"__metadata__":{"a":1}})", 0, "a number is not allowed");
        row("metadata true", R"({"__metadata__":{"a":true}})", 0, "true and false");
        row("metadata nested", R"({"__metadata__":{"a":{}}})", 0, "an object is not allowed");
        row("metadata as a tensor", "{" + tensor("__metadata__", "F32", "[1]", "[0,4]") + "}", 4,
            "a list is not allowed");
        row("metadata text", R"({"__metadata__":"x"})", 0, "a text is not allowed");
    }

    void refusesOtherStructures() { refuse(); }

    void refusesSizesAndPlaces_data()
    {
        addRefusalColumns();
        row("overlap", "{" + tensor("a", "U8", "[3]", "[0,3]") + "," + tensor("b", "U8", "[2]", "[2,4]") + "}", 4,
            "overlap");
        row("same range twice",
            "{" + tensor("a", "U8", "[4]", "[0,4]") + "," + tensor("b", "F32", "[1]", "[0,4]") + "}", 4, "overlap");
        row("hole", "{" + tensor("a", "U8", "[1]", "[0,1]") + "," + tensor("b", "U8", "[2]", "[2,4]") + "}", 4,
            "bytes of no tensor");
        row("not starting at 0", one("U8", "[3]", "[1,4]"), 4, "bytes of no tensor");
        row("trailing bytes", kPlain, 5, "behind the last tensor");
        row("no tensors but data", "{}", 1, "behind the last tensor");
        row("data cut off", kPlain, 3, "outside the file");
        row("turned round", one("U8", "[4]", "[4,0]"), 4, "end before they begin");
        row("beyond 2^48", one("U8", "[4]", "[0,281474976710656]"), 4, "above 2^48 - 1");
        row("far outside", one("U8", "[4]", "[281474976710000,281474976710004]"), 4, "outside the file");
        row("negative offset", one("U8", "[4]", "[-0,4]"), 4, "plain digits");
        row("2.0", one("U8", "[2.0]", "[0,2]"), 2, "plain digits");
        row("2e0", one("U8", "[2e0]", "[0,2]"), 2, "plain digits");
        row("02", one("U8", "[02]", "[0,2]"), 2, "number literal");
        row("beyond 64 bits", one("U8", "[99999999999999999999]", "[0,2]"), 2, "plain digits");
        row("three offsets", one("U8", "[4]", "[0,4,4]"), 4, "must be two numbers");
        row("one offset", one("U8", "[4]", "[4]"), 4, "must be two numbers");
        row("no offsets", one("U8", "[4]", "[]"), 4, "must be two numbers");
        row("shape as text", one("U8", "\"4\"", "[0,4]"), 4, "a text is not allowed");
        row("text in a shape", one("U8", "[\"4\"]", "[0,4]"), 4, "a text is not allowed");
        row("list in a shape", one("U8", "[[4]]", "[0,4]"), 4, "a list is not allowed");
        row("object in a shape", one("U8", "[{}]", "[0,4]"), 4, "an object is not allowed");
        row("null in a shape", one("U8", "[null]", "[0,4]"), 4, "null is not allowed");
        row("negative dimension", one("U8", "[-4]", "[0,4]"), 4, "plain digits");
    }

    void refusesSizesAndPlaces() { refuse(); }

    void refusesTypesAndFields_data()
    {
        addRefusalColumns();
        row("unknown dtype", one("F99", "[1]", "[0,4]"), 4, "dtype \"F99\" does not exist");
        row("lower-case dtype", one("f32", "[1]", "[0,4]"), 4, "dtype \"f32\" does not exist");
        row("dtype as a list", R"({"a":{"dtype":["F32"],"shape":[1],"data_offsets":[0,4]}})", 4,
            "a list is not allowed");
        row("shape product overflows", one("U8", "[281474976710655,281474976710655]", "[0,4]"), 4,
            "too large to count");
        row("size does not fit the shape", one("F32", "[2]", "[0,4]"), 4, "needs 8 bytes");
        row("zero size that holds bytes", one("F32", "[0]", "[0,4]"), 4, "needs 0 bytes");
        row("lone surrogate", "{" + tensor("\\ud800", "U8", "[4]", "[0,4]") + "}", 4, "surrogate");
        row("invalid UTF-8", "{" + tensor("\xC0\xAF", "U8", "[4]", "[0,4]") + "}", 4, "UTF-8");
        row("deep", "{\"a\":" + repeated("[", 200) + repeated("]", 200) + "}", 0, "a list is not allowed");
        row("tensor is a number", R"({"a":1})", 0, "a number is not allowed");
        row("tensor is null", R"({"a":null})", 0, "null is not allowed");
        row("field missing", R"({"a":{"dtype":"F32","shape":[1]}})", 4, "needs dtype, shape and data_offsets");
        row("no field", R"({"a":{}})", 0, "needs dtype, shape and data_offsets");
        row("object cut off", "{\"a\":{", 0, "unexpected end of input");
        for (const char* type :
             {"F4", "F6_E2M3", "F6_E3M2", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64"}) {
            row(type, one(type, "[8]", "[0,8]"), 8, "is not supported");
        }
    }

    void refusesTypesAndFields() { refuse(); }

    void tensorsAreCounted()
    {
        std::string header = "{";
        for (int i = 0; i < 200'001; ++i) {
            header += (i == 0 ? "" : ",") + tensor("t" + std::to_string(i), "U8", "[0]", "[0,0]");
        }
        QVERIFY(!parseSafetensorsHeader(header + "}", 0).has_value());
        header.resize(header.rfind(",\"t200000\""));
        QCOMPARE(parseSafetensorsHeader(header + "}", 0).value().tensors.size(), std::size_t{200'000});
        const std::string text(std::size_t{8} << 20, 'x');
        const auto metadata = [&](const std::string& key) {
            return "{\"__metadata__\":{\"a\":\"" + text + "\",\"" + key + "\":\"" + text.substr(2) + "\"}}";
        };
        QVERIFY(parseSafetensorsHeader(metadata("b"), 0).has_value());
        QVERIFY(!parseSafetensorsHeader(metadata("bb"), 0).has_value());
    }

    void extremeNumbersAreRefusedOrConsistent()
    {
        const std::vector<std::string> values{"0",
                                              "1",
                                              "3",
                                              "4",
                                              "127",
                                              "128",
                                              "32767",
                                              "65536",
                                              "2147483648",
                                              "4294967295",
                                              "4294967297",
                                              "9007199254740993",
                                              "281474976710655",
                                              "281474976710656",
                                              "9223372036854775807",
                                              "9223372036854775808",
                                              "18446744073709551615",
                                              "18446744073709551616"};
        int accepted = 0;
        for (const auto& size : values) {
            for (const auto& begin : values) {
                for (const auto& end : values) {
                    const auto header = "{" + tensor("a", "F32", "[" + size + "]", "[" + begin + "," + end + "]") + "}";
                    const auto parsed = parseSafetensorsHeader(header, 4);
                    if (!parsed) continue;
                    ++accepted;
                    QCOMPARE(parsed->tensors.front().bytes, std::uint64_t{4});
                }
            }
        }
        QCOMPARE(accepted, 1);
    }
};

QTEST_GUILESS_MAIN(SafetensorsHeaderTest)
#include "safetensors_header_test.moc"
