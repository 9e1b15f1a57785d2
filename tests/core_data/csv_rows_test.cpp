// SPDX-License-Identifier: GPL-3.0-or-later
// CSV: every line of a file is a row, a part of one, blank, or named with its reason; numbers are lines everywhere.
#include "core/data/ingest/csv_header.h"
#include "core/data/ingest/csv_splitter.h"
#include "core/data/ingest/data_doubts.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::problemOf;

namespace {

std::string chosenOf(const Dataset& dataset, std::uint32_t index)
{
    const auto row = dataset.rows->row(index);
    return row ? std::get<std::string>(row->chosen) : sentence(row.error());
}

const std::string kHeader = "prompt,chosen,rejected\n";

}  // namespace

class CsvRowsTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    Result<Dataset> openText(const std::string& content) const
    {
        return test::openIn(m_folder.path(), test::writeFile(m_folder / "pairs.csv", content));
    }

private Q_SLOTS:
    void aQuoteThatIsNeverClosedNamesItsLines()
    {
        const auto dataset = openText(kHeader + "q1,a,b\nq2,\"stray,b\nq3,a,b\nq4,a,b\n\n");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 1U);
        // Lines 3 to 6, of which the last is blank.
        QCOMPARE(dataset->findings.badRows, 4ULL);
        QCOMPARE(dataset->findings.first.size(), std::size_t{1});
        QCOMPARE(dataset->findings.first[0].sourceNumber, 3ULL);
        QCOMPARE(dataset->findings.first[0].reason,
                 std::string("lines 3 to 6: the quotation mark opened in line 3 is never closed"));
    }

    void aQuoteClosedInAnotherRecordLeavesThoseLinesOut()
    {
        const auto dataset = openText(kHeader + "q1,a,b\nq2,\"stray,b\nq3,a,b\nq4,\"a, and more\",b\nq5,a5,b\n");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 2U);
        QCOMPARE(chosenOf(*dataset, 1), std::string("a5"));
        QCOMPARE(dataset->rows->sourceNumber(1), 6ULL);
        QCOMPARE(dataset->findings.badRows, 3ULL);
        QCOMPARE(dataset->findings.first[0].reason,
                 std::string("lines 3 to 5: the quotation mark opened in line 3 is closed in the middle of a field, in "
                             "line 5"));
    }

    void aQuoteThatHappensToFitIsSeenByItsLines()
    {
        // The mark of 5' 2" closes the stray one, and the record has three fields.
        const auto dataset = openText(kHeader + "q1,\"stray,b\nq2,a,b\nq3,the one of 5' 2\",b\nq4,a4,b\n");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 1U);
        QCOMPARE(chosenOf(*dataset, 0), std::string("a4"));
        QCOMPARE(dataset->findings.badRows, 3ULL);
        QVERIFY(dataset->findings.first[0].reason.starts_with("lines 2 to 4: each of these lines looks like a record"));
    }

    void textsOfSeveralLinesStayWhole()
    {
        const std::string verse = "Roses, they say, are red,\r\nviolets blue.\n\nSugar, sweet";
        const auto dataset = openText(kHeader + "q1,\"" + verse + "\",b\nq2,\"one, two\nthree, four\",b\nq3,a3,b\n");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 3U);
        QCOMPARE(chosenOf(*dataset, 0), verse);
        QCOMPARE(chosenOf(*dataset, 1), std::string("one, two\nthree, four"));
        QCOMPARE(dataset->rows->sourceNumber(1), 6ULL);
        QCOMPARE(dataset->rows->sourceNumber(2), 8ULL);
        QCOMPARE(dataset->findings.badRows, 0ULL);
    }

    // An export may have written them.
    void zerosInsideFieldsAreCharacters()
    {
        const std::string zero("a\0b", 3);
        for (const std::string& header : {kHeader, std::string("chosen,rejected,prompt\n")}) {
            const auto dataset = openText(header + "\"" + zero + "\"," + zero + "," + zero + "\nq,a,b\n");
            QCOMPARE(problemOf(dataset), QString());
            QCOMPARE(dataset->rows->size(), 2U);
            QCOMPARE(chosenOf(*dataset, 0), zero);
        }
    }

    void quotesInsideFieldsAreCharacters()
    {
        const auto dataset = openText(kHeader + "5' 2\"?,The 24\" one.,\"say \"\"no\"\"\"\n");
        QCOMPARE(problemOf(dataset), QString());
        const auto row = dataset->rows->row(0);
        QCOMPARE(std::get<std::string>(row->prompt), std::string("5' 2\"?"));
        QCOMPARE(std::get<std::string>(row->chosen), std::string("The 24\" one."));
        QCOMPARE(std::get<std::string>(row->rejected), std::string("say \"no\""));
    }

    void faultsOfRowsAndOfRecordsCountTheSame()
    {
        // Line 2 is blank, line 3 lacks a field, line 4 is a text of two lines, line 6 is no UTF-8.
        const auto dataset = openText(kHeader + "\nq,a\nq,\"a\nb\",c\nq,\xFF,c\nq,a6,b");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 2U);
        QCOMPARE(dataset->rows->sourceNumber(0), 4ULL);
        QCOMPARE(dataset->rows->sourceNumber(1), 7ULL);
        QCOMPARE(dataset->findings.first[0].reason, std::string("line 3: 2 fields, but the header has 3"));
        QCOMPARE(dataset->findings.first[1].reason, std::string("line 6: bytes that are no UTF-8"));
    }

    void everyLineEndCounts_data()
    {
        QTest::addColumn<QByteArray>("end");
        QTest::newRow("LF") << QByteArray("\n");
        QTest::newRow("CR LF") << QByteArray("\r\n");
        QTest::newRow("CR") << QByteArray("\r");
    }
    void everyLineEndCounts()
    {
        QFETCH(QByteArray, end);
        const auto e = end.toStdString();
        const auto dataset = openText("chosen;rejected" + e + "a;b" + e + e + "\"x" + e + "y\";z" + e + "c;d" + e);
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 3U);
        QCOMPARE(chosenOf(*dataset, 1), "x" + e + "y");
        QCOMPARE(dataset->rows->sourceNumber(2), 6ULL);
    }

    void piecesDoNotMatter()
    {
        const std::string text = "a,\"b\r\n\"\"c\"\"\",d\r\n\r\n\"\",e\"f,\r\n\"open";
        const auto recordsOf = [&text](std::size_t piece) {
            CsvSplitter splitter(',', 1000);
            std::string all;
            const auto note = [&] {
                const auto& record = splitter.record();
                all += std::to_string(record.line) + "+" + std::to_string(record.lines) + record.fault;
                for (const auto& field : record.fields) all += "[" + field + "]";
                all += "\n";
            };
            for (std::size_t at = 0; at < text.size(); at += piece) {
                auto rest = std::string_view(text).substr(at, piece);
                while (splitter.read(rest)) note();
            }
            if (splitter.finish()) note();
            return all;
        };
        const auto whole = recordsOf(text.size());
        QVERIFY(
            whole.starts_with("1+2[a][b\r\n\"c\"][d]\n3+1[]\n4+1[][e\"f][]\n5+1the quotation mark opened in line 5"));
        for (std::size_t piece = 1; piece < text.size(); ++piece) QCOMPARE(recordsOf(piece), whole);
    }

    void recordsHaveALimit()
    {
        CsvSplitter splitter(',', 10);
        std::string_view text = "\"0123456789abc\nx\",y\nnext,one\n";
        QVERIFY(splitter.read(text));
        QCOMPARE(splitter.record().lines, 1ULL);
        QVERIFY(splitter.record().fault.starts_with("the quotation mark opened in line 1 is not closed within"));
        QVERIFY(splitter.read(text));
        QCOMPARE(splitter.record().fields, (std::vector<std::string>{"x\"", "y"}));
        CsvSplitter wide(',', 1000000);
        const std::string commas(kMaxCsvFields, ',');
        text = commas;
        QVERIFY(!wide.read(text));
        QVERIFY(wide.finish());
        QVERIFY(wide.record().fault.starts_with("more than 4,096 fields"));
    }

    void columnsOfTheSameNameAreNamed()
    {
        const auto dataset = openText("prompt,chosen,rejected,Chosen,\nq,a,b,c,d\n");
        QCOMPARE(problemOf(dataset), QString());
        QVERIFY(dataset->findings.hasSameColumns);
        QCOMPARE(doubtsOf(*dataset, dataset->findings).front().text,
                 dataset->path.filename().string() +
                     " has columns of the same name: another \"Chosen\" is read as \"Chosen_2\".");
        std::string header = "text";
        for (int i = 0; i < 8; ++i) header += "," + std::string(90, 'x');
        const auto repeated = parseCsvHeader(header + "\n", true)->repeated;
        QVERIFY2(repeated.ends_with(", and 2 more") && repeated.size() < 1000, repeated.c_str());
        QVERIFY(!openText(kHeader + "q,a,b\n")->findings.hasSameColumns);
    }

    void theDelimiterIsTheOneThatFindsMostFields()
    {
        QCOMPARE(parseCsvHeader("prompt;chosen, really;rejected\n", true)->delimiter, ';');
        QCOMPARE(parseCsvHeader("a\tb,c\td\n", true)->names, (std::vector<std::string>{"a", "b,c", "d"}));
        QCOMPARE(parseCsvHeader("\"a,b\",c\n", true)->names, (std::vector<std::string>{"a,b", "c"}));
        QCOMPARE(parseCsvHeader("24\" one,b\n", true)->names, (std::vector<std::string>{"24\" one", "b"}));
        QVERIFY(!parseCsvHeader("\"a,b\n", true));
        QVERIFY(!parseCsvHeader("a,b", false));
    }
};

QTEST_GUILESS_MAIN(CsvRowsTest)
#include "csv_rows_test.moc"
