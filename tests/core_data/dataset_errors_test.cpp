// SPDX-License-Identifier: GPL-3.0-or-later
// What users get wrong with data files: each ends in its sentence, and nothing is left in the cache.
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <sys/stat.h>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::gzipped;
using test::problemOf;

class DatasetErrorsTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    static void add(const char* tag, const char* name, const QByteArray& content, const char* code, const char* part)
    {
        QTest::newRow(tag) << QString(name) << content << QString(code) << QString(part);
    }

    /// Files whose columns are not those of any layout.
    static void addUnknownLayouts()
    {
        add("wrong columns", "a.jsonl", R"({"question": "q", "answer": 4})", "wrong-columns",
            "has the columns question (text), answer (number), but chosen and rejected");
        add("wrong columns of a CSV file", "a.csv", "question,answer\nq,a\n", "wrong-columns",
            "question (text), answer (text)");
        add("wrong columns in gzip", "a.csv.gz", QByteArray::fromStdString(gzipped("question,answer\nq,a\n")),
            "wrong-columns", "a.csv.gz has the columns question (text)");
        add("no columns", "a.jsonl", "{}\n{}\n", "wrong-columns", "has the columns none");
        add("rows in a list under a key", "a.json", R"({"train": [{"prompt": "q", "chosen": "a", "rejected": "b"}]})",
            "data-invalid", "the key \"train\": the rows stand in a list under this key");
        add("a list under a key, pretty-printed", "a.json", "{\n  \"v\": 1,\n  \"data\": [\n {\"text\": \"a\"}]\n}\n",
            "data-invalid", "save what is under \"data\" as a file of its own");
        add("unpaired rows", "a.jsonl", R"({"prompt": "q", "completion": "a", "label": true})", "wrong-columns",
            "these rows are unpaired, as for KTO");
        add("unpaired conversations", "a.json",
            R"([{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}], "label": true}])",
            "wrong-columns", "these rows are unpaired, as for KTO");
        add("unpaired instructions", "a.json", R"([{"instruction": "q", "output": "a", "kto_tag": false}])",
            "wrong-columns", "these rows are unpaired, as for KTO");
        add("a truth value of no answer", "a.jsonl", R"({"sentence": "a", "label": true})", "wrong-columns",
            "sentence (text), label (truth value), but chosen and rejected");
        add("conversations alone", "a.jsonl",
            R"({"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]})",
            "data-invalid", "the column \"messages\": it holds whole conversations");
        add("a text of messages", "a.jsonl", R"({"text": [{"role": "user", "content": "q"}]})", "data-invalid",
            "the column \"text\": it holds whole conversations");
        add("a long column name", "a.jsonl", "{\"" + QByteArray(1000000, 'x') + "\": 1}", "wrong-columns",
            "xxx… (number)");
    }

private Q_SLOTS:
    void isRefused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("part");
        addUnknownLayouts();
        add("empty", "a.jsonl", "", "empty-dataset", "holds no rows");
        add("white space", "a.jsonl", " \n\r\n\t\n", "empty-dataset", "holds no rows");
        add("byte order mark alone", "a.jsonl", "\xEF\xBB\xBF", "empty-dataset", "holds no rows");
        add("empty array", "a.json", "[]", "empty-dataset", "holds no rows");
        add("header alone", "a.csv", "chosen,rejected\n", "empty-dataset", "holds no rows");
        add("empty gzip", "a.jsonl.gz", QByteArray::fromStdString(gzipped("")), "empty-dataset", "holds no rows");
        add("a CSV file without header", "a.csv", "\"unclosed", "conversion-failed",
            "put the names of the columns there");
        add("zeros under CSV's name", "a.csv", QByteArray("text\0\n\0a\n", 9), "unknown-data-format", "in no format");
        add("all rows bad", "a.jsonl", "{\"text\": \"a\" x}\nfoo\n", "no-usable-rows", "can be used, of 2 in all");
        add("all rows bad, first reason", "a.jsonl", "{\"text\": \"a\" x}\nfoo\n", "no-usable-rows",
            "line 1, column 14: ");
        add("all CSV records bad", "a.csv", "text\n\"a\"b\n", "no-usable-rows", "line 2: ");
        add("pickle", "a.jsonl", QByteArray("\x80\x04\x95\x10\x00\x00\x00", 7), "unknown-data-format", "in no format");
        add("zip", "a.json", QByteArray("PK\x03\x04\x14\x00", 6), "unknown-data-format", "in no format");
        add("prose", "notes.txt", "Dear diary,\ntoday\n", "unknown-data-format", "in no format");
        add("array of one broken row", "a.json", R"([{"text")", "no-usable-rows", "row 1: ");
        add("half Parquet", "a.parquet", "PAR1 and nothing more", "not-the-content", "an incomplete Parquet file");
        add("broken Parquet", "a.parquet", "PAR1 and nothing else PAR1", "conversion-failed", "could not be converted");
        add("Git LFS pointer", "a.jsonl", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 99\n",
            "not-the-content", "Git LFS");
        add("pointer under Parquet's name", "a.parquet", "version https://git-lfs.github.com/spec/v1\nsize 99\n",
            "not-the-content", "git lfs pull");
        add("web page", "a.jsonl", "<!doctype html><title>Sign in</title>", "not-the-content", "a web page");
        add("web page in gzip", "a.csv.gz", QByteArray::fromStdString(gzipped("<html><title>Sign in</title>")),
            "not-the-content", "a.csv.gz is a web page");
        add("error object", "a.json", R"({"error": "Gone for good"})", "not-the-content", "\"Gone for good\"");
        add("gzip in gzip", "a.gz", QByteArray::fromStdString(gzipped(gzipped("{}"))), "data-invalid",
            "gzip data inside the gzip data");
        add("damaged gzip", "a.gz", QByteArray("\x1F\x8B\x08\x00garbage that is long enough", 31), "data-invalid",
            "the gzip data is damaged");
    }
    void isRefused()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        QFETCH(QString, code);
        QFETCH(QString, part);
        const auto path = test::writeFile(m_folder / name.toStdString(), content.toStdString());
        const auto dataset = test::openIn(m_folder.path(), path);
        QCOMPARE(codeOf(dataset), code);
        const auto problem = problemOf(dataset);
        QVERIFY2(problem.contains(part), qPrintable(problem));
        QVERIFY2(problem.contains(name), qPrintable(problem));
        QVERIFY(problem.size() < 1000);
        QVERIFY2(!problem.contains('{') || !problem.contains('}'), qPrintable(problem));
        QCOMPARE(exitCode(dataset.error().code), 2);
    }

    void isNoFile()
    {
        const auto missing = test::openIn(m_folder.path(), m_folder / "missing.jsonl");
        QCOMPARE(codeOf(missing), QString("file-not-found"));
        QVERIFY(problemOf(missing).contains("missing.jsonl"));
        QCOMPARE(codeOf(test::openIn(m_folder.path(), m_folder.path())), QString("not-a-regular-file"));
        const auto pipe = m_folder / "pipe.jsonl";
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        QCOMPARE(codeOf(test::openIn(m_folder.path(), pipe)), QString("not-a-regular-file"));
    }

    void aRefusedConversionLeavesNothing()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeFile(folder / "a.parquet", "PAR1 and nothing else PAR1");
        QCOMPARE(codeOf(test::openIn(folder.path(), path)), QString("conversion-failed"));
        QCOMPARE(test::entriesIn(folder / "cache/rows"), 0);
    }
};

QTEST_GUILESS_MAIN(DatasetErrorsTest)
#include "dataset_errors_test.moc"
