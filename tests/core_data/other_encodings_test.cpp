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
        QVERIFY2(reasons.find("what follows the array that ends with row 6") != std::string::npos, reasons.c_str());
        QVERIFY2(reasons.find("row 3: a text, expected an object") != std::string::npos, reasons.c_str());
        QCOMPARE(dataset->findings.badRows, 4ULL);
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

    // Nothing that is read differs from what stands in the file: such a row is left out, as with "\\ud83d" in UTF-8.
    void halfCharactersOfUtf16AreLeftOut()
    {
        const QString half = QString("a") + QChar(0xD83D) + "b";
        for (const auto& [name, content] :
             {std::pair("h.jsonl", "{\"text\": \"" + half + "\"}\n{\"text\": \"two\"}\n"),
              {"i.jsonl", "{\"text\": \"" + QString(QChar(0xDE00)) + "\"}\n{\"text\": \"two\"}\n"},
              {"h.csv", "text,n\n" + half + ",1\ntwo,2\n"}}) {
            const auto dataset = openText(name, utf16(content, true));
            QCOMPARE(problemOf(dataset), QString());
            QCOMPARE(dataset->rows->size(), 1U);
            QCOMPARE(textOf(*dataset, 0), std::string("two"));
            const std::string reason = dataset->findings.firstReason(Finding::Kind::BadRow);
            QVERIFY2(reason.ends_with("half a character: a surrogate without its partner"), reason.c_str());
        }
        // A file that ends within a unit.
        const auto cut = openText("j.csv", utf16("text,n\ntwo,2\nx,3", true) + "z");
        QCOMPARE(problemOf(cut), QString());
        QCOMPARE(cut->rows->size(), 1U);
        QCOMPARE(cut->findings.firstReason(Finding::Kind::BadRow), std::string("line 3: bytes that are no UTF-8"));
    }

    // Its beginning looks like UTF-16, and half of it would be read.
    void utf32IsRefusedByName()
    {
        const std::u32string text = U"{\"text\": \"one\"}\n{\"text\": \"two\"}\n";
        std::string little;
        for (const char32_t letter : text) little += std::string{static_cast<char>(letter), '\0', '\0', '\0'};
        const std::string big = std::string(3, '\0') + little.substr(0, little.size() - 3);
        const std::string littleMark("\xFF\xFE\0\0", 4);
        const std::string bigMark("\0\0\xFE\xFF", 4);
        for (const std::string& content :
             {littleMark + little, bigMark + big, little, big, test::gzipped(bigMark + big)}) {
            const QString problem = problemOf(openText("k.jsonl", content));
            QVERIFY2(
                problem.contains("k.jsonl could not be converted to rows: it is text in UTF-32, which PrefLab does "
                                 "not read; save it as UTF-8"),
                qPrintable(problem));
        }
    }

    // How many rows there are behind the end is not known, so they are told without a number.
    void whatFollowsAnArrayIsNotCounted()
    {
        const auto dataset =
            openText("e.json", "[{\"text\": \"one\"}]\n[{\"text\": \"two\"}, {\"text\": \"three\"}]\n");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 1U);
        QCOMPARE(dataset->findings.badRows, 0ULL);
        QVERIFY(dataset->findings.hasBytesBehind);
        const auto doubts = doubtsOf(*dataset, dataset->findings);
        QCOMPARE(doubts.size(), std::size_t{1});
        QCOMPARE(
            doubts.front().text,
            std::string("e.json has more behind the end of its data: what follows the array that ends with row 1 is "
                        "not read; put all rows into one array."));
        QVERIFY(problemOf(openText("f.json", "[]\n[{\"text\": \"two\"}]\n"))
                    .contains("what follows the empty array at its beginning is not read"));
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
        QVERIFY2(doubts.front().text.starts_with("behind.jsonl.gz has more behind the end of its data: the bytes"),
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
