// SPDX-License-Identifier: GPL-3.0-or-later
// Files cut at many places and with changed bytes: an error, or rows that can all be read; never a crash.
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::gzipped;

namespace {

std::string manyLines()
{
    std::string lines;
    for (int i = 0; i < 12; ++i) {
        const auto n = std::to_string(i);
        lines += R"({"prompt": "p )" + n + R"( é", "chosen": "\ud83d\ude00 )" + n +
                 R"(", "rejected": "r", "m": [{"a": )" + n + "}]}\n";
    }
    return lines;
}

std::string manyRecords()
{
    std::string csv = "prompt,chosen,rejected\n";
    for (int i = 0; i < 12; ++i) csv += "\"p\n" + std::to_string(i) + " \"\"é\"\"\",c,r\n";
    return csv;
}

std::string asArray(std::string lines)
{
    lines.pop_back();
    for (auto& c : lines) c = c == '\n' ? ',' : c;
    return "[" + lines + "]";
}

}  // namespace

class DataTruncationTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    void open(const std::string& name, const std::string& content)
    {
        const test::ScratchFolder cache;
        const auto dataset = test::openIn(cache.path(), test::writeFile(m_folder / name, content));
        if (!dataset) {
            QVERIFY(!test::problemOf(dataset).isEmpty());
            QVERIFY2(test::codeOf(dataset) != "internal", qPrintable(test::problemOf(dataset)));
            return;
        }
        QVERIFY(dataset->rows->size() > 0);
        QCOMPARE(test::allRows(*dataset).size(), std::size_t{dataset->rows->size()});
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(test::writeParquet(m_folder / "whole.parquet",
                                   "SELECT 'p' || i AS prompt, 'c' || i AS chosen, repeat('r', i::INT) AS rejected, "
                                   "[{'a': i}] AS m FROM range(20) t(i)"));
    }

    void survives_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("step");
        const auto add = [](const char* name, const std::string& content, int step) {
            QTest::newRow(name) << QString(name) << QByteArray::fromStdString(content) << step;
        };
        add("a.jsonl", manyLines(), 7);
        add("a.jsonl.gz", gzipped(manyLines()), 5);
        add("a.json", asArray(manyLines()), 37);
        add("a.csv", manyRecords(), 17);
        add("a.parquet", test::readFile(m_folder / "whole.parquet"), 83);
    }
    void survives()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        QFETCH(int, step);
        const auto whole = content.toStdString();
        QVERIFY(whole.size() > 100);
        open(name.toStdString(), whole);
        for (std::size_t length = 0; length < whole.size(); length += static_cast<std::size_t>(step)) {
            open(name.toStdString(), whole.substr(0, length));
            auto changed = whole;
            changed[length] = static_cast<char>(changed[length] ^ (1 << (length % 8)));
            open(name.toStdString(), changed);
        }
    }
};

QTEST_GUILESS_MAIN(DataTruncationTest)
#include "data_truncation_test.moc"
