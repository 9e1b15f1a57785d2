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
    return recordHash(*parseJson(text));
}

std::vector<Hash128> recordsOf(const Dataset& data)
{
    std::vector<Hash128> records;
    for (std::uint32_t row = 0; row < data.identities->size(); ++row) records.push_back(data.identities->record(row));
    return records;
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
