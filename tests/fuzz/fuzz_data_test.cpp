// SPDX-License-Identifier: GPL-3.0-or-later
// Mutated datasets of every format.
#include "core/data/ingest/dataset.h"
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
        const std::vector<std::string> words{"{",
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
        const ScratchFolder cache;
        FuzzBench::run(name, {corpusOf(name), words}, count,
                       [&](const auto& file) { return readRows(file, cache.path()); });
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
