// SPDX-License-Identifier: GPL-3.0-or-later
// Downloads that are not the file are called what they are; what merely resembles them is left alone.
#include "core/base/wrong_content.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;

namespace {

const std::string kPointer = "version https://git-lfs.github.com/spec/v1\n"
                             "oid sha256:"
                             "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
                             "size 7340032\n";

}  // namespace

class WrongContentTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

private Q_SLOTS:
    void isCalledWhatItIs_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("found");
        QTest::addColumn<QString>("remedy");
        const auto add = [](const char* tag, const QByteArray& content, const char* found, const char* remedy) {
            QTest::newRow(tag) << content << QString(found) << QString(remedy);
        };
        add("Git LFS", QByteArray::fromStdString(kPointer), "Git LFS pointer of 132 bytes", "git lfs pull");
        add("its size", QByteArray::fromStdString(kPointer), "has 7,340,032 bytes, 7.3 MB, and was", "git lfs pull");
        add("its size is no number", "version https://git-lfs.github.com/spec/v1\nsize many\n",
            "(the real file was not downloaded)", "git lfs pull");
        add("web page", "\n<!DOCTYPE html>\n<html><head><TITLE> Please sign in </TITLE></head></html>",
            "a web page titled \"Please sign in\"", "signed in");
        add("web page without a title", "<HTML lang=en><body>No</body></HTML>", "a web page (a sign-in page", "again");
        add("long title", "<html><title>" + QByteArray("x").repeated(500) + "</title>", "xxxxx\u2026\", not the file",
            "again");
        add("bucket's error", "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "an XML document",
            "again");
        add("error object", "{\"error\": \"No such repository\"}\n", "\"No such repository\"", "check the address");
        add("nested error", R"({"error": {"message": "Quota exceeded", "code": 429}, "status": 429})",
            "\"Quota exceeded\"", "check the address");
        add("answer in words", "Entry not found\n", "\"Entry not found\"", "check the address");
        add("half Parquet", "PAR1xxxxxxxxxxxxxxxxxxxxxxxxx", "incomplete Parquet file, cut short at 29 bytes", "again");
        add("Parquet of four bytes", "PAR1", "incomplete Parquet", "again");
    }
    void isCalledWhatItIs()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, found);
        QFETCH(QString, remedy);
        const auto path = test::writeFile(m_folder / "downloaded", content.toStdString());
        const auto result = checkContent(*FileReader::open(path));
        QCOMPARE(test::codeOf(result), QString("not-the-content"));
        const auto problem = test::problemOf(result);
        QVERIFY2(problem.contains(found), qPrintable(problem));
        QVERIFY2(problem.contains(remedy), qPrintable(problem));
        QVERIFY2(problem.contains("downloaded"), qPrintable(problem));
        QVERIFY(problem.size() < 400);
        QCOMPARE(exitCode(result.error().code), 2);
    }

    void realFilesAreLeftAlone_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("row about LFS") << QByteArray("{\"text\": \"version https://git-lfs.github.com/spec/v1\"}");
        QTest::newRow("column named error") << QByteArray(R"({"error": "none", "chosen": "a", "rejected": "b"})");
        QTest::newRow("rows of errors") << QByteArray("{\"error\": \"a\"}\n{\"error\": \"b\"}\n");
        QTest::newRow("config") << QByteArray(R"({"model_type": "llama", "code": 1})");
        QTest::newRow("row with markup") << QByteArray(R"({"text": "<html><title>a</title>"})");
        QTest::newRow("whole Parquet frame") << QByteArray("PAR1xxxxxxxxPAR1");
        QTest::newRow("not UTF-8") << QByteArray("\xFF\xFE\x00\x01", 4);
        QTest::newRow("long answer") << QByteArray("Entry not found") + QByteArray(2000, ' ') + "x";
    }
    void realFilesAreLeftAlone()
    {
        QFETCH(QByteArray, content);
        const auto path = test::writeFile(m_folder / "real", content.toStdString());
        QCOMPARE(test::problemOf(checkContent(*FileReader::open(path))), QString());
    }
};

QTEST_GUILESS_MAIN(WrongContentTest)
#include "wrong_content_test.moc"
