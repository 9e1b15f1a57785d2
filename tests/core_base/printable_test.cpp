// SPDX-License-Identifier: GPL-3.0-or-later
// No text from a file steers a terminal, and none is cut inside a character.
#include "core/base/printable.h"
#include "core/base/shell_word.h"

#include <QtTest>

using namespace preflab;

class PrintableTest : public QObject {
    Q_OBJECT

private slots:
    void showsWhatATerminalWouldObey_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* name, QByteArray text, QByteArray shown) {
            QTest::newRow(name) << text << shown;
        };
        row("plain", "Helpful pairs (v2)", "Helpful pairs (v2)");
        row("other scripts", "\u6771\u4EAC, \u0645\u0631\u062D\u0628\u0627, \U0001F600",
            "\u6771\u4EAC, \u0645\u0631\u062D\u0628\u0627, \U0001F600");
        row("colour", "a\x1b[31mred", "a\\x1b[31mred");
        row("title", "\x1b]0;gone\x07", "\\x1b]0;gone\\x07");
        row("line break", "one\ntwo\r", "one\\x0atwo\\x0d");
        row("tab", "a\tb", "a\\x09b");
        row("zero", QByteArray("a\0b", 3), "a\\x00b");
        row("delete", "\x7f", "\\x7f");
        row("eight-bit escape", "\u009B31m", "\\u009b31m");
        row("right to left", "safe\u202Eexe.txt", "safe\\u202eexe.txt");
        row("line separator", "a\u2028b", "a\\u2028b");
        row("no UTF-8", "\xFF\xC3", "\\xff\\xc3");
        row("cut character", "\xE6\x9D", "\\xe6\\x9d");
    }
    void showsWhatATerminalWouldObey()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(printable(text.toStdString())), shown);
    }

    void textsKeepTheirLines()
    {
        QCOMPARE(printable("a\n\tb\r\x1b", LineBreaks::Keep), std::string("a\n\tb\\x0d\\x1b"));
    }

    // Commands are shown on a terminal, and typed from there.
    void commandsCanBeTypedAsTheyAreShown_data()
    {
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("plain") << QByteArray("/a/b-1.jsonl") << QByteArray("/a/b-1.jsonl");
        QTest::newRow("space") << QByteArray("/a b") << QByteArray("'/a b'");
        QTest::newRow("no UTF-8") << QByteArray("/h\xFF"
                                                "7.jsonl")
                                  << QByteArray("$'/h\\3777.jsonl'");
        QTest::newRow("line end") << QByteArray("it's\n\\\u00E9") << QByteArray("$'it\\'s\\012\\\\\u00E9'");
    }
    void commandsCanBeTypedAsTheyAreShown()
    {
        QFETCH(QByteArray, word);
        QFETCH(QByteArray, shown);
        const std::string typed = shellWord(word.toStdString());
        QCOMPARE(QByteArray::fromStdString(typed), shown);
        QCOMPARE(printable(typed), typed);
    }

    void cutsBetweenCharacters()
    {
        const std::string text = "a\u6771\u4EAC";
        for (std::size_t bytes = 0; bytes <= text.size(); ++bytes) {
            const std::string_view part = wholeCharacters(text, bytes);
            QVERIFY(part.size() <= bytes);
            QVERIFY(part == std::string_view(text).substr(0, bytes >= 7 ? 7 : bytes >= 4 ? 4 : bytes >= 1 ? 1 : 0));
        }
    }
};

QTEST_GUILESS_MAIN(PrintableTest)
#include "printable_test.moc"
