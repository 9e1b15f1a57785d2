// SPDX-License-Identifier: GPL-3.0-or-later
// The same rows in the other ways people have them: pretty-printed, broken off, in UTF-16, under names in capitals.
#include "core/data/ingest/data_doubts.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::problemOf;

namespace {

std::string utf16(const QString& text, bool isLittleEndian)
{
    std::string bytes = isLittleEndian ? "\xFF\xFE" : "\xFE\xFF";
    for (const QChar unit : text) {
        const char low = static_cast<char>(unit.unicode() & 0xFF);
        const char high = static_cast<char>(unit.unicode() >> 8);
        bytes += isLittleEndian ? low : high;
        bytes += isLittleEndian ? high : low;
    }
    return bytes;
}

std::string textOf(const Dataset& dataset, std::uint32_t index)
{
    const auto row = dataset.rows->row(index);
    return row ? std::get<std::string>(row->chosen) : sentence(row.error());
}

}  // namespace

class OtherEncodingsTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    Result<Dataset> openText(const char* name, const std::string& content) const
    {
        return test::openIn(m_folder.path(), test::writeFile(m_folder / name, content));
    }

private Q_SLOTS:
    void prettyPrintedObjectsAreRows()
    {
        for (const char* name : {"a.json", "a.jsonl", "noname"}) {
            const auto dataset = openText(name, "{\n  \"text\": \"one\",\n  \"more\": [1,\n2]\n}\n\n{\r\n \"text\": "
                                                "\"two } { \\\" ]\"\r\n}\n");
            QCOMPARE(problemOf(dataset), QString());
            QCOMPARE(dataset->rows->size(), 2U);
            QCOMPARE(textOf(*dataset, 1), std::string("two } { \" ]"));
            QCOMPARE(dataset->rows->sourceNumber(1), 2ULL);
        }
    }

    void aBrokenFirstLineIsNoPrettyPrint()
    {
        const auto dataset = openText("b.jsonl", "{\"text\": \"one\",\n{\"text\": \"two\"}\n");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(textOf(*dataset, 0), std::string("two"));
        QVERIFY(dataset->findings.first[0].reason.starts_with("line 1, column "));
    }

    void anArrayThatBreaksOffLoadsInPart()
    {
        const auto dataset = openText("c.json", "[{\"text\": \"one\"}, {\"text\": \"two\"}, {\"text\": \"thr");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 2U);
        QVERIFY(dataset->findings.isFileIncomplete);
        QCOMPARE(dataset->findings.badRows, 1ULL);
    }

    void nothingOfAnArrayIsPassedOver()
    {
        const auto dataset = openText("d.json", "[{\"text\": \"one\"},, \"plain\", {\"text\": \"a\nb\"}, {\"text\": "
                                                "\"five\"},] [\"more\"]");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 2U);
        QCOMPARE(dataset->rows->sourceNumber(1), 5ULL);
        std::string reasons;
        for (const auto& finding : dataset->findings.first) reasons += finding.reason + "\n";
        QVERIFY2(reasons.find("row 2: nothing between commas") != std::string::npos, reasons.c_str());
        QVERIFY2(reasons.find("row 6: nothing between commas") != std::string::npos, reasons.c_str());
        QVERIFY2(reasons.find("more behind the end of the array") != std::string::npos, reasons.c_str());
        QVERIFY2(reasons.find("row 3: a text, expected an object") != std::string::npos, reasons.c_str());
        QCOMPARE(dataset->findings.badRows, 5ULL);
    }

    void utf16IsRead_data()
    {
        QTest::addColumn<bool>("isLittleEndian");
        QTest::newRow("little endian") << true;
        QTest::newRow("big endian") << false;
    }
    void utf16IsRead()
    {
        QFETCH(bool, isLittleEndian);
        const QString text = QString::fromUtf8("Zwölf 你好 😀");
        const auto lines =
            openText("u.jsonl", utf16("{\"text\": \"" + text + "\"}\n{\"text\": \"two\"}", isLittleEndian));
        QCOMPARE(problemOf(lines), QString());
        QCOMPARE(textOf(*lines, 0), text.toStdString());
        QCOMPARE(lines->rows->sourceNumber(1), 2ULL);
        const auto table = openText("u.csv", utf16("text\tmore\r\n" + text + "\tx\r\n", isLittleEndian));
        QCOMPARE(problemOf(table), QString());
        QCOMPARE(textOf(*table, 0), text.toStdString());
    }

    void utf16WithoutItsMarkIsRead_data() { utf16IsRead_data(); }
    void utf16WithoutItsMarkIsRead()
    {
        QFETCH(bool, isLittleEndian);
        const QString text = QString::fromUtf8("Zwölf 你好 😀");
        for (const auto& [name, content] :
             {std::pair("w.jsonl", "{\"text\": \"" + text + "\"}\n"), {"w.csv", "text\n" + text + "\n"}}) {
            const auto dataset = openText(name, utf16(content, isLittleEndian).substr(2));
            QCOMPARE(problemOf(dataset), QString());
            QCOMPARE(textOf(*dataset, 0), text.toStdString());
        }
    }

    void halfCharactersOfUtf16AreReplaced()
    {
        const auto dataset =
            openText("h.csv", utf16(QString("text\n") + QChar(0xD83D) + "x" + QChar(0xDE00), true) + "z");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(textOf(*dataset, 0), std::string("\uFFFDx\uFFFD\uFFFD"));
    }

    void whatStandsBehindGzipIsNoMissingEnd()
    {
        const auto dataset = openText("behind.jsonl.gz", test::gzipped("{\"text\": \"one\"}\n") + "junk");
        QCOMPARE(problemOf(dataset), QString());
        QVERIFY(dataset->findings.hasBytesBehind && !dataset->findings.isFileIncomplete);
        // The cache knows it, too.
        const auto again = test::openIn(m_folder.path(), m_folder / "behind.jsonl.gz");
        QVERIFY(again->findings.hasBytesBehind && !again->findings.isFileIncomplete);
        const auto doubts = doubtsOf(*again, again->findings);
        QCOMPARE(doubts.size(), std::size_t{1});
        QVERIFY2(doubts.front().text.starts_with("behind.jsonl.gz has more behind the end of its gzip data: the bytes"),
                 doubts.front().text.c_str());
    }

    void theCaseOfNamesDoesNotMatter()
    {
        QCOMPARE(problemOf(openText("X.JSONL", "{\"text\": \"one\"}\n")), QString());
        // Without the name nothing says that these lines are rows at all.
        QVERIFY(problemOf(openText("Y.JSONL", "nonsense\n")).contains("can be used, of 1 in all"));
        QCOMPARE(problemOf(openText("X.CSV", "text\none\n")), QString());
        QCOMPARE(problemOf(openText("X.CSV.GZ", test::gzipped("a\ttext\n1\tone\n"))), QString());
        QVERIFY(problemOf(openText("Y.TSV.GZ", test::gzipped("a\tb\n1\tone\n"))).contains("has the columns a (text)"));
    }
};

QTEST_GUILESS_MAIN(OtherEncodingsTest)
#include "other_encodings_test.moc"
