// SPDX-License-Identifier: GPL-3.0-or-later
// A row is known by what it is: the same data in another spelling, order or kind of file are the same rows.
#include "core/data/export/export.h"
#include "core/data/ingest/dataset.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <set>

using namespace preflab;
using test::problemOf;

namespace {

Hash128 hashOf(const char* text)
{
    Hash128 hash;
    const auto fault = readRecord(text, [&hash](const RecordValue& record) { hash = recordHash(record); });
    return fault ? Hash128() : hash;
}

std::vector<Hash128> recordsOf(const Dataset& data)
{
    std::vector<Hash128> records;
    for (std::uint32_t row = 0; row < data.identities->size(); ++row) records.push_back(data.identities->record(row));
    return records;
}

/// Too many keys to compare each with all others.
QByteArray manyKeys()
{
    QByteArray json = "{";
    for (int i = 99; i > 0; --i) json += "\"k" + QByteArray::number(i) + "\":" + QByteArray::number(i) + ",";
    return json + "\"end\":0}";
}

}  // namespace

class RowIdentityTest : public QObject {
    Q_OBJECT

private slots:
    // These values are stored in projects: they never change.
    void hashesStayAsTheyAre()
    {
        QCOMPARE(hexOf(hashOf(R"({"prompt":"p","chosen":"a","rejected":"b","score":1.5})")),
                 std::string("cb2ba0c89fc52f347a84de375767c94f"));
        const Row row{RowKind::Preference, std::string("p"), Messages{{"user", "a"}}, std::string("b")};
        QCOMPARE(hexOf({0, textsHash(row)}).substr(16), std::string("d58e5a49cfe7204e"));
    }

    // What a parser might read otherwise: these values are stored in projects as well.
    void oddRecordsKeepTheirHashes_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("hash");
        const auto row = [](const char* name, const QByteArray& json, const char* hash) {
            QTest::newRow(name) << json << QByteArray(hash);
        };
        row("nothing", R"({})", "c0d8c17271ed8e443af07433ed233b1b");
        row("whole number", R"({"n":1})", "0ca070b0d60956d70dfc94ea32535aae");
        row("whole number with a point", R"({"n":1.0})", "0ca070b0d60956d70dfc94ea32535aae");
        row("whole number with an exponent", R"({"n":1e5})", "d4973c8dc6f306b9aff4afd987cc3d04");
        row("minus zero", R"({"n":-0})", "cddef82e4be13ac9b4a67485693cdb91");
        row("minus zero with a point", R"({"n":-0.0})", "cddef82e4be13ac9b4a67485693cdb91");
        row("a tenth", R"({"n":0.1})", "8b567a6a33c0d9a18e3ea8fe68783de9");
        row("many digits", R"({"n":0.1000000000000000055511151231257827})", "8b567a6a33c0d9a18e3ea8fe68783de9");
        row("2^53", R"({"n":9007199254740992.0})", "e22e4d819b14dfe221a60810f7286ee6");
        row("2^53 + 1", R"({"n":9007199254740993})", "40a0d7f75c4c1fa5ac93bbac93111429");
        row("2^63 - 1", R"({"n":9223372036854775807})", "19d56adb34a34456f62098f22cf8cbfd");
        row("2^63", R"({"n":9223372036854775808})", "c0beb3262d33448d14e4d013f3c48be1");
        row("-2^63", R"({"n":-9223372036854775808})", "53bc77a5d341d0c1863cbda0769e8a58");
        row("-2^63 - 1", R"({"n":-9223372036854775809})", "53bc77a5d341d0c1863cbda0769e8a58");
        row("2^64 - 1", R"({"n":18446744073709551615})", "fa5b08d59adb10ae09df9e6d3b369bc1");
        row("2^64", R"({"n":18446744073709551616})", "f4a0eb39c7b6825c1795450b26bb2a58");
        row("twenty nines", R"({"n":99999999999999999999})", "c3187ae9e5fde53ac491bad047f9d53d");
        row("thirty digits", R"({"n":[123456789012345678901234567890,{"m":-123456789012345678901234567890}]})",
            "0125ffa1e4224c9b7b01921254064ba3");
        row("six hundred digits that vanish", R"({"n":0.)" + QByteArray(600, '0') + "1}",
            "cddef82e4be13ac9b4a67485693cdb91");
        row("largest", R"({"n":1.7976931348623157e308})", "818890a1b248126d05947c1945e6b67d");
        row("smallest", R"({"n":4.9e-324})", "72bd27cd80faab90f0ec0d1eb583a62a");
        row("below the smallest", R"({"n":1e-400})", "cddef82e4be13ac9b4a67485693cdb91");
        row("between two doubles", R"({"n":9007199254740993.0,"m":5e-1})", "c6605ff4796c60c7526236e7985165c2");
        row("short escapes", "{\"t\":\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t\"}", "1d93f71edec06f6745ecb2b87e6ea944");
        row("code points", R"({"t":"\u0041\u00e9\u4f60\ud83d\ude00\u0000\uffff"})", "c2e1b191e7111eec807d0ec7683e364c");
        row("an escaped backslash before u", R"({"t":"\\ud83d"})", "fa42a6fa6b6df6580ce9e6229346a11d");
        row("bytes of UTF-8", R"({"t":"\u007f é 你 😀"})", "1263b9abea8fce20b3cf022229615004");
        row("escaped keys", R"({"\u0062":1,"a":2,"":3,"a\u0000b":4})", "a3712df72a090bccfd27467d99efc868");
        row("sorted by bytes", R"({"é":1,"z":2,"Z":3,"aa":4,"a":5})", "aef6c1de9b650e95d124e703a68534d4");
        row("what says nothing", R"({"a":null,"b":"","c":[null,"",{},[]],"d":{},"e":{"f":null}})",
            "6a5c013d52e798a3625ba7d2822f8511");
        row("nested", R"({"a":[{"b":[{"c":[true,false,null,1.5,"t"]}]}],"d":{"z":{"y":{"x":1}},"a":2}})",
            "2d85bd7a75fd22ebdefb24da1f8c4567");
        row("spaces", R"(  { "b" : [ 1 , 2 ] ,	"a" : { } }	)", "9bbd44a2b4ae10671dcdfcf5b982fafb");
        row("128 levels", "{\"a\":" + QByteArray(127, '[') + QByteArray(127, ']') + "}",
            "0985b5cafe4e923fba78d8e43bebf353");
        row("many keys", manyKeys(), "82779bcd4f7a8f8d8a032ad6b790b7a7");
        row("a conversation",
            R"({"chosen":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"content":"a","role":"b"}]})",
            "da3faebb507c1bdc79d60403f0f04f96");
    }
    void oddRecordsKeepTheirHashes()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, hash);
        QCOMPARE(QByteArray::fromStdString(hexOf(hashOf(json.constData()))), hash);
    }

    void spellingDoesNotMatter()
    {
        const Hash128 hash = hashOf(R"({"a": "é\n", "b": [1, 2.5, true], "c": {"x": 1, "y": "t"}})");
        QCOMPARE(hexOf(hashOf(R"({"c":{"y":"t","x":1.0},"b":[1e0,25e-1,true],"a":"\u00e9\u000a"})")), hexOf(hash));
        QCOMPARE(hexOf(hashOf(R"({"a":"é\n","b":[1,2.5,true],"c":{"x":1,"y":"t","z":null},"d":null})")), hexOf(hash));
        QCOMPARE(hexOf(hashOf(R"({"a":"é\n","b":["1","2.5","true"],"c":{"x":"1","y":"t"},"e":""})")), hexOf(hash));
    }

    void whatDiffersIsSomethingElse()
    {
        const std::vector<const char*> records{R"({"a":"b"})",
                                               R"({"a":"c"})",
                                               R"({"b":"a"})",
                                               R"({"a":["b"]})",
                                               R"({"a":{"b":"c"}})",
                                               R"({"a":"b","c":"d"})",
                                               R"({"a":"b1:c"})",
                                               R"({"a":["b","c"]})",
                                               R"({"a":["bc"]})",
                                               R"({"a":[["b"],"c"]})",
                                               R"({"a":9007199254740993})",
                                               R"({"a":9007199254740992})",
                                               R"({"a":[null]})",
                                               R"({"a":[]})"};
        std::set<Hash128> hashes;
        for (const char* record : records) hashes.insert(hashOf(record));
        QCOMPARE(hashes.size(), records.size());
    }

    void textsAreKnownWithoutTheirColumns()
    {
        const Row row{RowKind::Preference, std::string("p"), std::string("a"), std::string("b")};
        Row other = row;
        QCOMPARE(textsHash(other), textsHash(row));
        std::swap(other.chosen, other.rejected);
        QVERIFY(textsHash(other) != textsHash(row));
        other = row;
        other.prompt = {};
        other.chosen = std::string("pa");
        QVERIFY(textsHash(other) != textsHash(row));
    }

    void equalRecordsAreCounted()
    {
        RowIdentities rows;
        for (const std::uint64_t record : {7, 8, 7, 7, 9, 8}) rows.add({record, 1}, record * 10);
        const std::vector<std::uint32_t> wanted{5, 0, 3, 4};
        const std::vector<RowKey> keys = rows.keysOf(wanted);
        QVERIFY(keys == (std::vector<RowKey>{{{8, 1}, 1, 80}, {{7, 1}, 0, 70}, {{7, 1}, 2, 70}, {{9, 1}, 0, 90}}));
    }

    // In every kind of file that can hold them.
    void theSameDataAreTheSameRows()
    {
        const test::ScratchFolder folder;
        const auto lines = test::writeFile(
            folder / "pairs.jsonl",
            "{\"prompt\":\"p\",\"chosen\":\"a, \\\"b\\\"\",\"rejected\":\"é\\nf\",\"score\":1,\"by\":\"x\"}"
            "\n"
            R"({"rejected":"d","chosen":"c","prompt":"q","by":null,"score":2.5})"
            "\n");
        const auto data = Dataset::open(lines, {folder / "cache"});
        QCOMPARE(problemOf(data), QString());
        QCOMPARE(data->identities->size(), data->rows->size());
        const auto array = test::writeFile(folder / "pairs.json",
                                           "[{\"by\":\"x\",\"score\":1.0,\"prompt\":\"p\",\"chosen\":\"a, \\\"b\\\"\","
                                           "\"rejected\":\"\\u00e9\\nf\"},\n"
                                           "{\"prompt\":\"q\",\"chosen\":\"c\",\"rejected\":\"d\",\"score\":2.5}]");
        std::vector<std::filesystem::path> files{array};
        for (const auto& [name, kind] :
             {std::pair("pairs.csv", ExportKind::Csv), {"pairs.parquet", ExportKind::Parquet}}) {
            files.push_back(folder / name);
            QCOMPARE(problemOf(exportRows(*data, {}, files.back(), {kind, {}, false, false})), QString());
        }
        for (const auto& path : files) {
            const auto other = Dataset::open(path, {folder / "cache"});
            QCOMPARE(problemOf(other), QString());
            QVERIFY2(recordsOf(*other) == recordsOf(*data), path.c_str());
            QCOMPARE(other->identities->texts(1), data->identities->texts(1));
        }
    }
};

QTEST_GUILESS_MAIN(RowIdentityTest)
#include "row_identity_test.moc"
