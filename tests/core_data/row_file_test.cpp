// SPDX-License-Identifier: GPL-3.0-or-later
// Newline-delimited JSON: line numbers, bad lines with place and reason, bytes kept, memory bounded.
#include "core/base/system.h"
#include "core/data/ingest/line_blocks.h"
#include "core/data/ingest/row_file.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"
#include "support/sanitizers.h"

#include <QtTest>

#include <fstream>
#include <sys/resource.h>

using namespace preflab;
using test::codeOf;
using test::problemOf;

namespace {

std::string textLine(const std::string& text)
{
    return "{\"text\": \"" + text + "\"}";
}

std::string textOf(const Dataset& dataset, std::uint32_t index)
{
    const auto row = dataset.rows->row(index);
    return row ? std::get<std::string>(row->chosen) : sentence(row.error());
}

/// Whether so much memory is within a bound. Sanitizers keep what was freed, which says nothing.
bool isBelow(std::uint64_t memory, std::uint64_t bound)
{
    return test::isSanitized() || memory < bound;
}

}  // namespace

class RowFileTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    Result<Dataset> openText(const std::string& content) const
    {
        return test::openIn(m_folder.path(), test::writeFile(m_folder / "data.jsonl", content));
    }

    /// The one finding of a file with one bad line between good ones.
    QString faultOf(const std::string& badLine) const
    {
        const auto dataset = openText(textLine("a") + "\n" + badLine + "\n" + textLine("b") + "\n");
        if (!dataset) return problemOf(dataset);
        if (dataset->rows->size() != 2 || textOf(*dataset, 1) != "b") return "the other rows did not load";
        if (dataset->findings.badRows != 1 || dataset->findings.first.size() != 1) return "not one finding";
        if (dataset->findings.first[0].sourceNumber != 2) return "wrong number";
        return QString::fromStdString(dataset->findings.first[0].reason);
    }

private Q_SLOTS:
    void readsEveryKindOfLineEnd_data()
    {
        QTest::addColumn<QByteArray>("content");
        const QByteArray one = R"({"text": "one"})";
        const QByteArray two = R"({"text": "two"})";
        QTest::newRow("plain") << one + "\n" + two + "\n";
        QTest::newRow("no end at the end") << one + "\n" + two;
        QTest::newRow("carriage returns") << one + "\r\n" + two + "\r\n";
        QTest::newRow("carriage returns, no end") << one + "\r\n" + two + "\r";
        QTest::newRow("byte order mark") << "\xEF\xBB\xBF" + one + "\n" + two + "\n";
        QTest::newRow("blanks around") << "\n  \n\t\r\n" + one + "\n\n\n" + two + "\n\n";
        QTest::newRow("spaces in lines") << "  " + one + "  \n\t" + two + "\t\n";
    }
    void readsEveryKindOfLineEnd()
    {
        QFETCH(QByteArray, content);
        const auto dataset = openText(content.toStdString());
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 2U);
        QCOMPARE(textOf(*dataset, 0), std::string("one"));
        QCOMPARE(textOf(*dataset, 1), std::string("two"));
        QCOMPARE(dataset->findings.badRows, 0ULL);
    }

    // Also of the last row, where its line has no end.
    void aLayoutIsJudgedByAllFirstRows()
    {
        const std::string three = textLine("a") + "\n" + textLine("b") + "\n" + textLine("c");
        for (const char* end : {"", "\n"}) {
            const auto dataset = openText(three + end);
            QCOMPARE(problemOf(dataset), QString());
            QCOMPARE(dataset->layoutReason, std::string("text holds a text in all of the first 3 records"));
        }
        QCOMPARE(openText(three + "\n{\"text\": 4, \"note\": 1}")->columns, (std::vector<std::string>{"text", "note"}));
    }

    void blankAndBadLinesKeepTheNumbering()
    {
        const auto dataset = openText("\n" + textLine("a") + "\n\nnot json\n\n" + textLine("b") + "\n");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 2U);
        QCOMPARE(dataset->rows->sourceNumber(0), 2ULL);
        QCOMPARE(dataset->rows->sourceNumber(1), 6ULL);
        QCOMPARE(dataset->findings.first[0].sourceNumber, 4ULL);
        QCOMPARE(textOf(*dataset, 1), std::string("b"));
    }

    void separatorsOfOtherScriptsAreNoLineEnds()
    {
        const auto dataset = openText(textLine("a\u2028b\u0085c") + "\n");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(textOf(*dataset, 0), std::string("a\u2028b\u0085c"));
    }

    void badLinesSayWhy()
    {
        const auto colon = faultOf(R"({"text" "x"})");
        QVERIFY2(colon.startsWith("line 2, column 9: ") || colon.startsWith("line 2, column 11: "), qPrintable(colon));
        const auto end = faultOf(R"({"text": "x")");
        QVERIFY2(end.startsWith("line 2, column 12: "), qPrintable(end));
        const auto twice = faultOf(R"({"text": "x", "text": "y"})");
        QVERIFY2(twice.contains("duplicate key \"text\""), qPrintable(twice));
        const auto deepTwice = faultOf(R"({"text": "x", "more": {"a": 1, "a": 2}})");
        QVERIFY2(deepTwice.contains("duplicate key \"a\""), qPrintable(deepTwice));
        QVERIFY(faultOf("{\"text\": \"\xFF\xFE\"}").startsWith("line 2, column "));
        QVERIFY(faultOf("{\"text\": \"\xC0\x80\"}").startsWith("line 2, column "));
        QVERIFY(faultOf(R"({"text": "\ud800"})").startsWith("line 2, column "));
        QVERIFY(faultOf(std::string("{\"text\": \"a\0b\"}", 15)).startsWith("line 2, column "));
        QVERIFY(faultOf(R"({"text": "x"} trailing)").startsWith("line 2, column "));
        QVERIFY(faultOf(R"({"text": NaN})").startsWith("line 2, column "));
        QVERIFY(faultOf(textLine("x") + "\xEF\xBB\xBF").startsWith("line 2, column "));
        QCOMPARE(faultOf("[1, 2]"), QString("line 2: a list, expected an object"));
        QCOMPARE(faultOf("17"), QString("line 2: a number, expected an object"));
        QCOMPARE(faultOf(R"({"text": 17})"), QString("line 2: \"text\" is a number, expected a text"));
        QCOMPARE(faultOf(R"({"other": "x"})"), QString("line 2: \"text\" is missing, expected a text"));
        QCOMPARE(faultOf(R"({"text": null})"), QString("line 2: \"text\" is missing, expected a text"));
    }

    void columnsCountCharacters()
    {
        QVERIFY(faultOf("{\"text\": \"\u00e9\u4f60\U0001F600\" x}").startsWith("line 2, column 16: "));
    }

    void nestingHasALimit()
    {
        const auto fault = faultOf(R"({"text": "x", "deep": )" + std::string(100000, '[') + "}");
        QVERIFY2(fault.contains("nested deeper"), qPrintable(fault));
    }

    void uneditedRowsKeepTheirBytes()
    {
        const std::vector<std::string> lines = {
            R"({"text": "a", "score": 1.50, "big": 123456789012345678901234567890, "x": 1E+2})",
            R"(  {"z": null,   "text": "\u00e9\/é", "a": {"b": [1,2 , 3]}}	)",
            R"({"text":"c"})",
        };
        std::string content = std::string(kByteOrderMark) + lines[0] + "\r\n\nbroken\n" + lines[1] + "\n" + lines[2];
        const auto dataset = openText(content);
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 3U);
        for (std::uint32_t i = 0; i < 3; ++i) {
            const auto raw = dataset->rows->rawRow(i);
            QCOMPARE(problemOf(raw), QString());
            QCOMPARE(*raw, lines[i]);
        }
    }

    void lineNumbersFollowFromRowNumbers()
    {
        // Lines of ten bytes, of which 0, 1, 4 and 9 are passed over.
        const std::vector<std::uint64_t> expected = {2, 3, 5, 6, 7, 8};
        RowIndex index;
        for (const auto line : expected) index.add(line * 10, line * 10 + 10, line);
        QCOMPARE(index.size(), 6U);
        for (std::uint32_t row = 0; row < index.size(); ++row) {
            QCOMPARE(index.line(row), expected[row]);
            QCOMPARE(index.start(row), expected[row] * 10);
            QCOMPARE(index.end(row), expected[row] * 10 + 10);
        }
    }

    void rowsOfOneLineShareIt()
    {
        struct Place {
            std::uint64_t line = 0;
            std::uint32_t part = 0;
        };
        const std::vector<Place> expected{{0, 0}, {0, 1}, {0, 7}, {1, 0}, {2, 3}, {5, 0}, {5, 2}, {6, 0}, {7, 0}};
        RowIndex index;
        for (const auto& [line, part] : expected) index.add(line * 10, line * 10 + 10, line, part);
        for (std::uint32_t row = 0; row < index.size(); ++row) {
            QCOMPARE(index.line(row), expected[row].line);
            QCOMPARE(index.part(row), expected[row].part);
            QCOMPARE(index.start(row), expected[row].line * 10);
            QCOMPARE(index.end(row), expected[row].line * 10 + 10);
        }
    }

    void linesThatAreNoRowsCostNoMemory()
    {
        // What the index held for each of these lines was 12 bytes; now it holds nothing.
        const auto before = residentMemory();
        const auto dataset = openText(textLine("a") + std::string(std::size_t{16} << 20, '\n') + textLine("b"));
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 2U);
        QCOMPARE(dataset->rows->sourceNumber(1), (std::uint64_t{16} << 20) + 1);
        QCOMPARE(textOf(*dataset, 1), std::string("b"));
        QVERIFY(isBelow(residentMemory(), before + (std::uint64_t{100} << 20)));
    }

    void aLineOfManyMessagesTakesLittleMemory()
    {
        // A tree of such a line took thirty times its bytes.
        std::string line = R"({"text": [)";
        for (int i = 0; i < 200'000; ++i) line += R"({"role":"user","content":"a"},)";
        const auto bytes = line.size();
        for (const std::string_view end : {R"({}]})", R"({"a":1,"a":2}]})"}) {
            const auto before = peakResidentMemory();
            const auto fault = faultOf(line + std::string(end));
            QVERIFY2(fault.contains(end.size() < 10 ? "list of messages" : "duplicate key"), qPrintable(fault));
            QVERIFY2(isBelow(peakResidentMemory(), before + 15 * bytes),
                     qPrintable(QString::number((peakResidentMemory() - before) / bytes)));
        }
    }

    void oneLongRowArrivesWhole()
    {
        const std::string sentence = "The tide table is read from left to right. ";
        std::string big;
        while (big.size() < (std::size_t{34} << 20)) big += sentence;
        std::string content;
        for (const std::string& chosen : {std::string("Short."), big, std::string("Short too.")})
            content += Json{{"prompt", "Explain."}, {"chosen", chosen}, {"rejected", "No."}}.dump() + "\n";
        const auto path = test::writeFile(m_folder / "data.jsonl", content);
        const auto before = peakResidentMemory();
        const auto dataset = test::openIn(m_folder.path(), path);
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->findings.badRows, 0ULL);
        QCOMPARE(dataset->rows->size(), 3U);
        QVERIFY(std::get<std::string>(dataset->rows->row(1)->chosen) == big);
        QCOMPARE(textOf(*dataset, 2), std::string("Short too."));
        QVERIFY2(isBelow(peakResidentMemory(), before + 15 * big.size()),
                 qPrintable(QString::number((peakResidentMemory() - before) / big.size())));
        // Nothing behind the row is begun once the user has had enough.
        std::stop_source stop;
        int reports = 0;
        const auto cancelled = Dataset::open(
            path, {m_folder / "cache"}, [&](auto...) { stop.request_stop(), ++reports; }, stop.get_token());
        QCOMPARE(codeOf(cancelled), QString("cancelled"));
        QCOMPARE(reports, 1);
    }

    void manyBlocksKeepTheirOrder()
    {
        std::string content;
        const std::uint32_t lines = 60000;
        for (std::uint32_t i = 0; i < lines; ++i) {
            content += i % 1000 == 7 ? "bad\n" : textLine(std::to_string(i) + std::string(i % 97, 'x')) + "\n";
        }
        QVERIFY(content.size() > (std::size_t{3} << 20));
        const auto dataset = openText(content);
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), lines - lines / 1000);
        QCOMPARE(dataset->findings.badRows, std::uint64_t{lines / 1000});
        for (std::uint32_t i = 0; i < dataset->rows->size(); i += 501) {
            const auto number = static_cast<std::uint32_t>(dataset->rows->sourceNumber(i)) - 1;
            QCOMPARE(textOf(*dataset, i), std::to_string(number) + std::string(number % 97, 'x'));
        }
        for (std::size_t i = 0; i < dataset->findings.first.size(); ++i) {
            QCOMPARE(dataset->findings.first[i].sourceNumber, std::uint64_t{i * 1000 + 8});
        }
    }

    void findingsAreCountedButNotAllKept()
    {
        std::string content = textLine("good") + "\n";
        for (int i = 0; i < 3000; ++i) content += "bad\n";
        for (int i = 0; i < 1500; ++i) content += textLine("") + "\n";
        const auto dataset = openText(content);
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->findings.badRows, 3000ULL);
        QCOMPARE(dataset->findings.emptySides, 1500ULL);
        QCOMPARE(dataset->findings.first.size(), 2 * Findings::kKept);
        QCOMPARE(dataset->rows->size(), 1501U);
    }

    void sidesAreCompared()
    {
        const auto dataset = openText(R"({"prompt": "p", "chosen": "a\u0062", "rejected": "ab"})"
                                      "\n"
                                      R"({"prompt": "p", "chosen": "a", "rejected": ""})"
                                      "\n"
                                      R"({"prompt": "p", "chosen": "", "rejected": ""})"
                                      "\n");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 3U);
        QCOMPARE(dataset->findings.identicalSides, 2ULL);
        QCOMPARE(dataset->findings.emptySides, 2ULL);
        QCOMPARE(dataset->findings.first[0].reason, std::string("line 1: \"chosen\" and \"rejected\" are the same"));
        QCOMPARE(dataset->findings.first[1].reason, std::string("line 2: \"rejected\" is empty"));
    }

    void aFileChangedWhileOpenIsNoticed()
    {
        const auto dataset = openText(textLine("one") + "\n" + textLine("two") + "\n");
        QCOMPARE(problemOf(dataset), QString());
        std::ofstream(m_folder / "data.jsonl", std::ios::binary | std::ios::trunc) << textLine("other") << "\n";
        QCOMPARE(codeOf(dataset->rows->row(0)), QString("file-changed"));
    }

    void aDeletedFileCanStillBeRead()
    {
        const auto dataset = openText(textLine("one") + "\n");
        QCOMPARE(problemOf(dataset), QString());
        std::filesystem::remove(m_folder / "data.jsonl");
        QCOMPARE(textOf(*dataset, 0), std::string("one"));
    }
};

QTEST_GUILESS_MAIN(RowFileTest)
#include "row_file_test.moc"
