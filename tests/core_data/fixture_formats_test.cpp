// SPDX-License-Identifier: GPL-3.0-or-later
// The same pairs in every format, written by other programs (Python's csv and gzip, Apache Arrow's Parquet), read as the
// same rows. Needs nothing beside the project and never skips.
#include "core/base/json.h"
#include "core/data/ingest/dataset.h"
#include "support/files.h"
#include "support/results.h"

#include <QTest>

#include <sstream>

using namespace preflab;
using namespace preflab::test;

namespace {

const std::filesystem::path kFixtures = PREFLAB_TEST_FIXTURES;

/// The lines of one of the text files.
std::vector<Json> linesOf(const std::string& name)
{
    std::istringstream file(readFile(kFixtures / "texts" / (name + ".jsonl")));
    std::vector<Json> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(parseJson(line).value());
    return lines;
}

/// A column as JSON, in the shape of the text files.
Json shown(const RowText& text)
{
    if (const auto* messages = std::get_if<Messages>(&text)) {
        Json list = Json::array();
        for (const Message& message : *messages) list.push_back({{"role", message.role}, {"content", message.content}});
        return list;
    }
    const auto* content = std::get_if<std::string>(&text);
    return content ? Json(*content) : Json();
}

}  // namespace

class FixtureFormatsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rowsAreTheSame_data()
    {
        QTest::addColumn<QString>("texts");
        QTest::addColumn<QString>("format");
        const auto row = [](const char* file, const char* texts, const char* format) {
            QTest::newRow(file) << texts << format;
        };
        row("texts/pairs.jsonl", "pairs", "preference-strings");
        row("formats/pairs.jsonl.gz", "pairs", "preference-strings");
        row("formats/pairs.json", "pairs", "preference-strings");
        row("formats/pairs.csv", "pairs", "preference-strings");
        row("formats/pairs.snappy.parquet", "pairs", "preference-strings");
        row("formats/pairs.zstd.parquet", "pairs", "preference-strings");
        row("texts/conversations.jsonl", "conversations", "preference-messages");
        row("formats/conversations.parquet", "conversations", "preference-messages");
        row("texts/transcripts.jsonl", "transcripts", "implicit-strings");
    }

    void rowsAreTheSame()
    {
        QFETCH(QString, texts);
        QFETCH(QString, format);
        const std::vector<Json> expected = linesOf(texts.toStdString());
        const ScratchFolder cache;
        const auto dataset = Dataset::open(kFixtures / QTest::currentDataTag(), {cache.path()});
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(QString::fromStdString(dataset->layoutId), format);
        QCOMPARE(dataset->findings.badRows, 0ULL);
        QCOMPARE(std::size_t{dataset->rows->size()}, expected.size());
        for (std::uint32_t i = 0; i < dataset->rows->size(); ++i) {
            const auto row = dataset->rows->row(i);
            QCOMPARE(problemOf(row), QString());
            for (const auto& [name, text] :
                 {std::pair("prompt", row->prompt), {"chosen", row->chosen}, {"rejected", row->rejected}})
                QCOMPARE(shown(text).dump(), expected[i].value(name, Json()).dump());
        }
    }
};

QTEST_GUILESS_MAIN(FixtureFormatsTest)
#include "fixture_formats_test.moc"
