// SPDX-License-Identifier: GPL-3.0-or-later
// The format's rules, one by one; the cases on which the reference parser's verdict is known; hostile bytes.
#include "core/model/safetensors.h"
#include "core/model/safetensors_header.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <array>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::problemOf;

namespace {

std::string lengthPrefix(std::uint64_t length)
{
    std::string prefix;
    for (int i = 0; i < 8; ++i) prefix += static_cast<char>(static_cast<unsigned char>(length >> (8 * i)));
    return prefix;
}

std::string fileOf(const std::string& header, const std::string& data = {})
{
    return lengthPrefix(header.size()) + header + data;
}

std::string zeros(std::size_t count)
{
    return std::string(count, '\0');
}

/// "name":{"dtype":...,"shape":...,"data_offsets":...}
std::string tensor(const std::string& name, const std::string& type, const std::string& shape,
                   const std::string& offsets)
{
    return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets +
           "}";
}

std::string repeated(std::string_view part, int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) text += part;
    return text;
}

const std::string kPlain = "{" + tensor("a", "F32", "[1]", "[0,4]") + "}";

/// What every consumer may rely on once a file is accepted.
void checkConsistent(const SafetensorsSet& set, std::uint64_t fileSize)
{
    std::uint64_t bytes = 0;
    for (const TensorEntry& entry : set.tensors()) {
        QVERIFY(entry.offset <= fileSize && entry.bytes <= fileSize - entry.offset);
        QCOMPARE(static_cast<std::uint64_t>(entry.count()) * elementSize(entry.type), entry.bytes);
        QVERIFY(set.find(entry.name) == &entry);
        std::vector<std::byte> buffer(entry.bytes);
        (void)set.read(entry, buffer);
        bytes += entry.bytes;
    }
    QCOMPARE(bytes, set.totalBytes());
    QVERIFY(bytes <= fileSize);
}

}  // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    Result<SafetensorsSet> open(const std::string& content)
    {
        return SafetensorsSet::openFile(test::writeFile(m_folder / "a.safetensors", content));
    }

private slots:
    void accepts_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("data");
        QTest::addColumn<int>("tensors");
        const auto row = [](const char* name, const std::string& header, int data, int tensors) {
            QTest::newRow(name) << QByteArray::fromStdString(header) << data << tensors;
        };
        row("plain", kPlain, 4, 1);
        row("empty object", "{}", 0, 0);
        row("leading white space", " \t\r\n" + kPlain, 4, 1);
        row("trailing spaces", kPlain + "    ", 4, 1);
        row("white space inside", R"({ "a" : {"shape":[ 1 ] , "data_offsets":[0, 4],"dtype":"F32"} })", 4, 1);
        row("metadata", "{\"__metadata__\":{\"format\":\"pt\",\"\":\"\"}," + kPlain.substr(1), 4, 1);
        row("scalar", "{" + tensor("a", "F64", "[]", "[0,8]") + "}", 8, 1);
        row("zero size", "{" + tensor("a", "F32", "[0]", "[0,0]") + "}", 0, 1);
        row("zero sizes at ends of others",
            "{" + tensor("z", "F32", "[0,3]", "[0,0]") + "," + tensor("a", "U8", "[2]", "[0,2]") + "," +
                tensor("b", "U8", "[0]", "[2,2]") + "," + tensor("c", "U8", "[1]", "[2,3]") + "}",
            3, 4);
        row("zero before a large size", "{" + tensor("a", "F32", "[0,281474976710655,8]", "[0,0]") + "}", 0, 1);
        row("zero behind a large size", "{" + tensor("a", "F32", "[281474976710655,281474976710655,0]", "[0,0]") + "}",
            0, 1);
        row("eight dimensions", "{" + tensor("a", "I8", "[1,1,1,1,1,1,1,1]", "[0,1]") + "}", 1, 1);
        row("path as a name", "{" + tensor("../../x", "I8", "[1]", "[0,1]") + "}", 1, 1);
        row("escaped name", "{" + tensor("\\u0061\\u00e9", "I8", "[1]", "[0,1]") + "}", 1, 1);
        row("name of 1024 bytes", "{" + tensor(std::string(1024, 'n'), "I8", "[1]", "[0,1]") + "}", 1, 1);
        row("other order than the data",
            "{" + tensor("b", "U8", "[2]", "[2,4]") + "," + tensor("a", "U8", "[2]", "[0,2]") + "}", 4, 2);
        row("odd header length", kPlain + " ", 4, 1);
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

    void refusesHeaders_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("data");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const std::string& header, int data, const char* reason) {
            QTest::newRow(name) << QByteArray::fromStdString(header) << data << reason;
        };
        const auto one = [](const std::string& type, const std::string& shape, const std::string& offsets) {
            return "{" + tensor("a", type, shape, offsets) + "}";
        };
        // Accepted by the reference parser, refused here.
        row("duplicate name, same range", "{" + tensor("a", "F32", "[1]", "[0,4]") + "," +
            tensor("a", "F32", "[1]", "[0,4]") + "}", 4, "its name occurs twice");
        row("duplicate name, escaped", "{" + tensor("a", "F32", "[0]", "[0,0]") + "," +
            tensor("\\u0061", "F32", "[1]", "[0,4]") + "}", 4, "its name occurs twice");
        row("duplicate name, other dtype", "{" + tensor("a", "U8", "[2]", "[0,2]") + "," +
            tensor("a", "F32", "[1]", "[0,4]") + "}", 4, "its name occurs twice");
        row("duplicate metadata key", R"({"__metadata__":{"a":"1","a":"2"}})", 0, "duplicate key \"a\"");
        row("extra field", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}})", 4, "unknown key \"x\"");
        row("extra field, deep", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":)" +
            repeated("[", 100) + repeated("]", 100) + "}}", 4, "unknown key \"x\"");
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
        // Refused by both.
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
        row("overlap", "{" + tensor("a", "U8", "[3]", "[0,3]") + "," + tensor("b", "U8", "[2]", "[2,4]") + "}", 4,
            "overlap");
        row("same range twice", "{" + tensor("a", "U8", "[4]", "[0,4]") + "," + tensor("b", "F32", "[1]", "[0,4]") +
            "}", 4, "overlap");
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
        row("unknown dtype", one("F99", "[1]", "[0,4]"), 4, "dtype \"F99\" does not exist");
        row("lower-case dtype", one("f32", "[1]", "[0,4]"), 4, "dtype \"f32\" does not exist");
        row("dtype as a list", R"({"a":{"dtype":["F32"],"shape":[1],"data_offsets":[0,4]}})", 4,
            "a list is not allowed");
        row("shape product overflows", one("U8", "[281474976710655,281474976710655]", "[0,4]"), 4, "too large to count");
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
        for (const char* type : {"F4", "F6_E2M3", "F6_E3M2", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ",
                                 "F8_E5M2FNUZ", "C64"}) {
            row(type, one(type, "[8]", "[0,8]"), 8, "is not supported");
        }
    }

    void refusesHeaders()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, data);
        QFETCH(QString, reason);
        const auto set = open(fileOf(header.toStdString(), zeros(static_cast<std::size_t>(data))));
        QCOMPARE(codeOf(set), QString("weights-invalid"));
        QVERIFY2(argumentOf(set, "reason").contains(reason), qPrintable(problemOf(set)));
        QVERIFY(!argumentOf(set, "where").isEmpty() && argumentOf(set, "path").endsWith("a.safetensors"));
    }

    void refusesLengths_data()
    {
        QTest::addColumn<QByteArray>("content");
        const auto row = [](const char* name, const std::string& content) {
            QTest::newRow(name) << QByteArray::fromStdString(content);
        };
        row("empty file", "");
        row("7 bytes", zeros(7));
        row("only a length", lengthPrefix(2));
        row("9 bytes", lengthPrefix(1) + "{");
        row("length 0", lengthPrefix(0) + "{}");
        row("length 1", lengthPrefix(1) + "{}");
        row("one byte too long", lengthPrefix(3) + "{}");
        row("100,000,000", lengthPrefix(100'000'000) + kPlain);
        row("100,000,001", lengthPrefix(100'000'001) + kPlain);
        row("2^63", lengthPrefix(std::uint64_t{1} << 63) + kPlain);
        row("2^64 - 1", lengthPrefix(UINT64_MAX) + kPlain);
        row("2^64 - 8", lengthPrefix(UINT64_MAX - 7) + kPlain);
    }

    void refusesLengths()
    {
        QFETCH(QByteArray, content);
        const auto set = open(content.toStdString());
        QCOMPARE(codeOf(set), QString("weights-invalid"));
        QCOMPARE(argumentOf(set, "where"), QString("its beginning"));
    }

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

    void pickleIsRecognised_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("zip") << QByteArray("PK\x03\x04\x00\x00\x08\x08 archive/data.pkl", 28);
        QTest::newRow("pickle 2, old torch.save") << QByteArray("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8", 12);
        QTest::newRow("pickle 4") << QByteArray("\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00}", 12);
        QTest::newRow("tiny pickle") << QByteArray("\x80\x02}.", 4);
    }

    void pickleIsRecognised()
    {
        QFETCH(QByteArray, content);
        QCOMPARE(codeOf(open(content.toStdString())), QString("pickle-weights"));
    }

    void everyTruncationIsRefused()
    {
        const std::string content = fileOf("{" + tensor("a", "F32", "[2]", "[0,8]") + "," +
                                               tensor("b", "BOOL", "[3]", "[8,11]") + "} ",
                                           zeros(11));
        QCOMPARE(problemOf(open(content)), QString());
        for (std::size_t length = 0; length < content.size(); ++length) {
            QCOMPARE(codeOf(open(content.substr(0, length))), QString("weights-invalid"));
        }
    }

    void everyChangedHeaderByteIsRefusedOrConsistent()
    {
        const std::string data = zeros(11);
        const std::string header = R"({"__metadata__":{"k":"v"},)" + tensor("a", "F32", "[2]", "[0,8]") + "," +
                                   tensor("b", "BOOL", "[3]", "[8,11]") + "}";
        const std::string content = fileOf(header, data);
        const std::size_t end = content.size() - data.size();
        int accepted = 0;
        for (std::size_t at = 0; at < end; ++at) {
            for (int value = 0; value < 256; ++value) {
                std::string changed = content;
                changed[at] = static_cast<char>(static_cast<unsigned char>(value));
                const bool isLengthByte = at < 8;
                if (isLengthByte) {
                    const auto set = open(changed);
                    if (set) checkConsistent(*set, changed.size());
                    continue;
                }
                const auto parsed = parseSafetensorsHeader(std::string_view(changed).substr(8, header.size()), 11);
                if (!parsed) continue;
                ++accepted;
                for (const TensorEntry& entry : parsed->tensors) {
                    QVERIFY(entry.offset <= 11 && entry.bytes <= 11 - entry.offset);
                    QCOMPARE(static_cast<std::uint64_t>(entry.count()) * elementSize(entry.type), entry.bytes);
                }
            }
        }
        // The unchanged file, other letters in names and metadata, I8 for U8 and the like.
        QVERIFY(accepted > 300 && accepted < 2000);
    }

    void extremeNumbersAreRefusedOrConsistent()
    {
        const std::vector<std::string> values{"0", "1", "3", "4", "127", "128", "32767", "65536", "2147483648",
                                              "4294967295", "4294967297", "9007199254740993", "281474976710655",
                                              "281474976710656", "9223372036854775807", "9223372036854775808",
                                              "18446744073709551615", "18446744073709551616"};
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

    void readsBytes()
    {
        const auto set = open(fileOf("{" + tensor("b", "U8", "[2]", "[2,4]") + "," + tensor("a", "U8", "[2]", "[0,2]") +
                                         ",\"__metadata__\":{\"format\":\"pt\"}}",
                                     "abcd"));
        QCOMPARE(set->tensors()[0].name, std::string("a"));
        QCOMPARE(set->metadata().at("format"), std::string("pt"));
        QVERIFY(set->find("c") == nullptr);
        std::array<std::byte, 2> bytes{};
        QCOMPARE(problemOf(set->read(*set->find("b"), bytes)), QString());
        QCOMPARE(bytes[0], std::byte{'c'});
        std::array<std::byte, 3> wrong{};
        QCOMPARE(codeOf(set->read(*set->find("b"), wrong)), QString("internal"));
    }

    void booleansAreZeroOrOne()
    {
        const auto set = open(fileOf("{" + tensor("a", "BOOL", "[2]", "[0,2]") + "," +
                                         tensor("b", "BOOL", "[2]", "[2,4]") + "}",
                                     std::string("\0\1\1\2", 4)));
        std::array<std::byte, 2> bytes{};
        QCOMPARE(problemOf(set->read(*set->find("a"), bytes)), QString());
        const auto result = set->read(*set->find("b"), bytes);
        QCOMPARE(codeOf(result), QString("weights-invalid"));
        QCOMPARE(argumentOf(result, "where"), QString("tensor b"));
    }

    void changesAreNoticed()
    {
        const auto set = open(fileOf(kPlain, zeros(4)));
        QCOMPARE(problemOf(set->checkUnchanged()), QString());
        std::filesystem::resize_file(set->files().front(), 20);
        QCOMPARE(codeOf(set->checkUnchanged()), QString("file-changed"));
        std::array<std::byte, 4> bytes{};
        QCOMPARE(codeOf(set->read(set->tensors().front(), bytes)), QString("file-unreadable"));
    }

    void opensOnlyOrdinaryFiles()
    {
        QCOMPARE(codeOf(SafetensorsSet::openFile(m_folder.path())), QString("not-a-regular-file"));
        QCOMPARE(codeOf(SafetensorsSet::openFile(m_folder / "none")), QString("file-not-found"));
    }

    void writes()
    {
        const auto fillWith = [](char value) {
            return [value](std::span<std::byte> into) -> Result<> {
                std::fill(into.begin(), into.end(), static_cast<std::byte>(value));
                return {};
            };
        };
        const auto path = m_folder / "written.safetensors";
        std::vector<TensorToWrite> tensors{{"b", TensorType::F32, {2}, fillWith('b')},
                                           {"c", TensorType::BF16, {1, 3}, fillWith('c')},
                                           {"a", TensorType::F32, {}, fillWith('a')},
                                           {"z \"é", TensorType::I64, {0, 4}, fillWith('z')}};
        QCOMPARE(problemOf(writeSafetensors(path, tensors, {{"format", "pt"}})), QString());
        const std::string json = R"({"__metadata__":{"format":"pt"},)"
                                 "\"z \\\"é\":" R"({"dtype":"I64","shape":[0,4],"data_offsets":[0,0]},)"
                                 R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
                                 R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},)"
                                 R"("c":{"dtype":"BF16","shape":[1,3],"data_offsets":[12,18]}})";
        const std::string padded = json + std::string((8 - json.size() % 8) % 8, ' ');
        QCOMPARE(test::readFile(path), fileOf(padded, "aaaabbbbbbbbcccccc"));
        QCOMPARE(problemOf(SafetensorsSet::openFile(path)), QString());

        const auto before = test::readFile(path);
        tensors[0].fill = [](std::span<std::byte>) -> Result<> { return fail(ErrorCode::Cancelled); };
        QCOMPARE(codeOf(writeSafetensors(path, tensors, {})), QString("cancelled"));
        QCOMPARE(codeOf(writeSafetensors(path, {tensors[1], tensors[1]}, {})), QString("internal"));
        QCOMPARE(codeOf(writeSafetensors(path, {{"\xFF", TensorType::U8, {0}, fillWith('x')}}, {})),
                 QString("internal"));
        QCOMPARE(codeOf(writeSafetensors(path, {{"x", TensorType::U8, {-1}, fillWith('x')}}, {})), QString("internal"));
        QCOMPARE(codeOf(writeSafetensors(path, {{"x", TensorType::U8, {std::int64_t{1} << 47}, fillWith('x')}}, {})),
                 QString("disk-full"));
        QCOMPARE(test::readFile(path), before);
        QCOMPARE(codeOf(writeSafetensors(m_folder / "none/x", {}, {})), QString("write-failed"));
    }
};

QTEST_GUILESS_MAIN(SafetensorsTest)
#include "safetensors_test.moc"
