// SPDX-License-Identifier: GPL-3.0-or-later
// Mutated datasets of every format.
#include "core/base/json.h"
#include "core/data/ingest/dataset.h"
#include "core/data/rows/record.h"
#include "support/fuzz_bench.h"

using namespace preflab;
using namespace preflab::test;

namespace {

std::optional<Error> readRows(const std::filesystem::path& file, const std::filesystem::path& cache)
{
    const auto dataset = Dataset::open(file, {cache});
    if (!dataset) return dataset.error();
    for (std::uint32_t i = 0; i < dataset->rows->size(); ++i) {
        if (const auto row = dataset->rows->row(i); !row) return row.error();
    }
    return {};
}

/// Pieces that the formats are made of.
const std::vector<std::string> kWords{"{",
                                      "}",
                                      "[",
                                      "]",
                                      "\"",
                                      ",",
                                      "\n",
                                      "\r\n",
                                      "\\u0000",
                                      "\\ud83d",
                                      "null",
                                      "\"chosen\":",
                                      "\"prompt\": 1",
                                      "\"role\"",
                                      "\"\"",
                                      "[[[[[[[[",
                                      "\xEF\xBB\xBF",
                                      "\xFF\xFE",
                                      "PAR1",
                                      "\x1f\x8b\x08",
                                      std::string(1, '\0'),
                                      "1e999",
                                      ";",
                                      "\t"};

/// How the two readers of JSON differ on a text; empty if they do not. They may word a fault in other ways.
std::string differenceOf(const std::string& text)
{
    const auto json = parseJson(text);
    std::string spelt;
    const auto fault = readRecord(text, [&spelt](const RecordValue& record) { appendJson(spelt, record); });
    if (json.has_value() == fault.has_value())
        return json ? "only readRecord refuses: " + fault->reason : "only parseJson refuses";
    if (!json) return json.error().reason == fault->reason ? "" : fault->reason + " instead of " + json.error().reason;
    return json->dump() == spelt ? "" : spelt + " instead of " + json->dump();
}

/// The first lines of one of the text files.
std::string firstLines(const std::string& name, int count)
{
    const std::string text = fixture("texts/" + name + ".jsonl");
    std::size_t end = 0;
    for (int i = 0; i < count; ++i) end = text.find('\n', end) + 1;
    return text.substr(0, end);
}

}  // namespace

class FuzzDataTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dataset_data()
    {
        QTest::addColumn<int>("count");
        QTest::newRow("pairs.jsonl") << 3000;
        QTest::newRow("pairs.jsonl.gz") << 2000;
        // DuckDB starts for each of these.
        QTest::newRow("pairs.json") << 150;
        QTest::newRow("pairs.csv") << 150;
        QTest::newRow("pairs.parquet") << 150;
    }

    void dataset()
    {
        QFETCH(int, count);
        const std::string name = QTest::currentDataTag();
        const ScratchFolder cache;
        FuzzBench::run(name, {corpusOf(name), kWords}, count,
                       [&](const auto& file) { return readRows(file, cache.path()); });
    }

    /// Rows are read by simdjson, which has to take and refuse what the documents' reader takes and refuses.
    void recordsAreReadAsDocumentsAre()
    {
        std::vector<std::string> lines{
            R"({"a":[1,-0,-0.0,1.5e3,1E-2,18446744073709551615,18446744073709551616,-9223372036854775809,0.1],"b":{}})",
            R"({"t":"\u00e9\ud83d\ude00 \\ \/ \b\f\n\r\t","n":null,"y":true,"z":false,"":""})",
            "[" + std::string(127, '[') + std::string(127, ']') + "]"};
        for (const char* name : {"pairs", "conversations"}) {
            const std::string text = firstLines(name, 1);
            lines.push_back(text.substr(0, text.size() - 1));
        }
        std::vector<std::string> words = kWords;
        for (const char* word : {"\\udc00", "\\u", "\\", "1e308", "123456789012345678901", ".", "-", "e", "0", "tru",
                                 "\xC0\x80", "\xED\xA0\x80"})
            words.emplace_back(word);
        const Corpus corpus{lines, words};
        for (const std::string& line : lines) QCOMPARE(differenceOf(line), std::string());
        for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
            const std::string text = Mutator(corpus, seed).next();
            const std::string difference = differenceOf(text);
            QVERIFY2(difference.empty(), ("seed " + std::to_string(seed) + ": " + difference).c_str());
        }
    }

private:
    static std::vector<std::string> corpusOf(const std::string& name)
    {
        if (name == "pairs.jsonl")
            return {firstLines("pairs", 4), firstLines("conversations", 3), firstLines("transcripts", 3)};
        if (name == "pairs.parquet")
            return {fixture("formats/pairs.snappy.parquet"), fixture("formats/pairs.zstd.parquet"),
                    fixture("formats/conversations.parquet")};
        return {fixture("formats/" + name)};
    }
};

QTEST_GUILESS_MAIN(FuzzDataTest)
#include "fuzz_data_test.moc"
