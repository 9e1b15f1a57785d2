// SPDX-License-Identifier: GPL-3.0-or-later
// Situations from public reports, with the right values beside them, where that collection is at hand.
#include "core/base/json.h"
#include "core/data/rows/prompt_split.h"
#include "core/data/rows/row_text.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::problemOf;

namespace fs = std::filesystem;

namespace {

const fs::path kCases = PREFLAB_TEST_SHARED "/cases";

std::string partOf(const RowText& text)
{
    return plainText(text);
}

}  // namespace

class SharedCasesTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    Result<Dataset> openCase(const std::string& file) const { return test::openIn(m_folder.path(), kCases / file); }

    std::vector<std::uint64_t> numbersOf(const Dataset& dataset) const
    {
        std::vector<std::uint64_t> numbers;
        for (std::uint32_t i = 0; i < dataset.rows->size(); ++i) numbers.push_back(dataset.rows->sourceNumber(i));
        return numbers;
    }

    Row splitRow(const Dataset& dataset, std::uint32_t index) const
    {
        return *splitPrompt(*dataset.rows->row(index), SplitRule::Automatic);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!fs::exists(kCases)) QSKIP("The shared cases are not beside the project.");
    }

    void implicitPrompts()
    {
        const auto data = openCase("01-implicit-prompt-split/pairs.jsonl");
        QCOMPARE(problemOf(data), QString());
        QCOMPARE(data->rows->size(), 4U);
        for (std::uint32_t i = 0; i < 4; ++i) {
            const auto row = *data->rows->row(i);
            const auto split = splitRow(*data, i);
            QCOMPARE(partOf(split.prompt) + partOf(split.chosen), partOf(row.chosen));
            QCOMPARE(partOf(split.prompt) + partOf(split.rejected), partOf(row.rejected));
        }
        QCOMPARE(partOf(splitRow(*data, 0).prompt), std::string("The lamp in the hall is"));
        QCOMPARE(partOf(splitRow(*data, 2).prompt), std::string());
        QCOMPARE(data->findings.continuations, 1ULL);
        QCOMPARE(data->findings.withoutPrompt, 1ULL);
        QCOMPARE(data->findings.identicalSides, 1ULL);
        const auto conversations = openCase("01-implicit-prompt-split/conversations.jsonl");
        QCOMPARE(conversations->findings.continuations, 1ULL);
    }

    void transcripts()
    {
        const auto data = openCase("02-hh-differs-in-earlier-turn/dialogues.jsonl");
        QCOMPARE(problemOf(data), QString());
        QVERIFY(partOf(splitRow(*data, 0).prompt).ends_with("\n\nAssistant:"));
        QCOMPARE(partOf(splitRow(*data, 1).prompt), std::string("\n\nHuman: My bike squeaks.\n\nAssistant:"));
        QVERIFY(partOf(splitRow(*data, 1).rejected).starts_with(" Buy a new one.\n\nHuman:"));
        QCOMPARE(data->findings.emptySides, 1ULL);
        QCOMPARE(data->findings.differingPrompts, 1ULL);
        QCOMPARE(data->findings.first[0].sourceNumber, 3ULL);
        QCOMPARE(data->findings.first[1].sourceNumber, 4ULL);
    }

    void identicalSides()
    {
        const auto data = openCase("03-identical-pairs-and-ties/all-identical.jsonl");
        QCOMPARE(problemOf(data), QString());
        QCOMPARE(data->findings.identicalSides, 4ULL);
        QCOMPARE(data->rows->size(), 4U);
    }

    void parquetOfMessages()
    {
        const auto data = openCase("11-parquet-nested-nulls/pairs.parquet");
        QCOMPARE(problemOf(data), QString());
        QCOMPARE(numbersOf(*data), (std::vector<std::uint64_t>{1, 2, 4, 6}));
        QCOMPARE(data->findings.badRows, 2ULL);
        QCOMPARE(data->findings.first[0].sourceNumber, 3ULL);
        QCOMPARE(data->findings.first[1].sourceNumber, 5ULL);
        QCOMPARE(characterCount(data->rows->row(1)->rejected), std::size_t{2022});
        QVERIFY(data->rows->row(2)->isPromptImplicit());
        QCOMPARE(std::get<Messages>(splitRow(*data, 2).prompt).at(0).content, std::string("Name a dye."));
        for (const char* column : {"prompt_id", "score_chosen", "tags", "source"})
            QVERIFY2(data->rows->rawRow(0)->find(column) != std::string::npos, column);
    }

    void oneVeryLongRow()
    {
        const std::string sentence = "The tide table is read from left to right. ";
        std::string big;
        for (std::size_t i = 0; i < 34U * 1024 * 1024 / sentence.size(); ++i) big += sentence;
        std::string lines;
        for (const std::string& chosen : {std::string("Short."), big, std::string("Short too.")})
            lines += Json{{"prompt", "Explain."}, {"chosen", chosen}, {"rejected", "No."}}.dump() + "\n";
        const auto data = test::openIn(m_folder.path(), test::writeFile(m_folder / "long.jsonl", lines));
        QCOMPARE(problemOf(data), QString());
        QCOMPARE(data->rows->size(), 3U);
        QCOMPARE(characterCount(data->rows->row(1)->chosen), std::size_t{35651558});
    }

    void contentParts()
    {
        const auto data = openCase("47-content-parts/parts.jsonl");
        const auto twin = openCase("47-content-parts/twin.jsonl");
        QCOMPARE(problemOf(data), QString());
        for (std::uint32_t i = 0; i < 3; ++i) {
            const auto row = *data->rows->row(i);
            const auto other = *twin->rows->row(i);
            QCOMPARE(partOf(row.prompt), partOf(other.prompt));
            QCOMPARE(partOf(row.chosen), partOf(other.chosen));
            QCOMPARE(partOf(row.rejected), partOf(other.rejected));
        }
        QCOMPARE(data->findings.badRows, 2ULL);     // rows 4 and 6
        QCOMPARE(data->findings.emptySides, 1ULL);  // row 5
        QVERIFY(data->findings.first[0].reason.find("image, which a text model cannot read") != std::string::npos);
        QVERIFY(data->findings.first[2].reason.find("a text part without \"text\"") != std::string::npos);
    }

    void downloadsThatAreNoFiles_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("words");
        QTest::newRow("pointer") << "pairs-pointer.jsonl"
                                 << "Git LFS";
        QTest::newRow("Parquet pointer") << "pairs-pointer.parquet"
                                         << "git lfs pull";
        QTest::newRow("page") << "sign-in-page.jsonl"
                              << "web page";
        QTest::newRow("error") << "not-found.json"
                               << "Entry not found";
        QTest::newRow("half") << "partial.parquet"
                              << "incomplete";
    }
    void downloadsThatAreNoFiles()
    {
        QFETCH(QString, file);
        QFETCH(QString, words);
        const auto data = openCase("49-download-that-is-no-file/" + file.toStdString());
        QVERIFY2(problemOf(data).contains(words), qPrintable(problemOf(data)));
        QCOMPARE(exitCode(data.error().code), 2);
    }

    void quotesWithoutPartner()
    {
        const auto open = openCase("50-csv-quote-never-closed/never-closed.csv");
        QCOMPARE(numbersOf(*open), (std::vector<std::uint64_t>{2, 3}));
        QCOMPARE(open->findings.badRows, 6ULL);
        QVERIFY(open->findings.first[0].reason.starts_with("lines 4 to 9: the quotation mark opened in line 4"));
        const auto late = openCase("50-csv-quote-never-closed/closed-too-late.csv");
        QCOMPARE(numbersOf(*late), (std::vector<std::uint64_t>{2, 3, 8, 9}));
        QVERIFY(late->findings.first[0].reason.starts_with("lines 4 to 7: "));
        const auto inches = openCase("50-csv-quote-never-closed/inches.csv");
        QCOMPARE(inches->rows->size(), 3U);
        QCOMPARE(std::get<std::string>(inches->rows->row(2)->chosen), std::string("I think \"Ponyo\" it was."));
    }
};

QTEST_GUILESS_MAIN(SharedCasesTest)
#include "shared_cases_test.moc"
