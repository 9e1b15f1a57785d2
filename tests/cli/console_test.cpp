// SPDX-License-Identifier: GPL-3.0-or-later
// Lines, JSON, the progress bar, and output that nobody reads any more.
#include "app/cli/console.h"
#include "support/results.h"

#include <QtTest>

#include <algorithm>
#include <cerrno>

using namespace preflab;

namespace {

/// A console that writes into two strings.
struct Captured {
    std::string out;
    std::string err;
    int failWith = 0;

    Console::Options options(bool isTerminal, bool isJson)
    {
        Console::Options options;
        options.out = [this](std::string_view text) {
            if (failWith == 0) out += text;
            return failWith;
        };
        options.err = [this](std::string_view text) {
            err += text;
            return 0;
        };
        options.isTerminal = isTerminal;
        options.isJson = isJson;
        return options;
    }
};

}  // namespace

class ConsoleTest : public QObject {
    Q_OBJECT

private slots:
    void textAndJsonExcludeEachOther()
    {
        Captured plain;
        {
            Console console(plain.options(false, false));
            console.line("a line");
            console.event({{"event", "step"}});
        }
        QCOMPARE(plain.out, std::string("a line\n"));
        Captured json;
        {
            Console console(json.options(false, true));
            console.line("a line");
            console.event({{"event", "step"}, {"step", 1}});
        }
        QCOMPARE(json.out, std::string("{\"event\":\"step\",\"step\":1}\n"));
    }

    void theBarIsDrawnOnATerminalOnly()
    {
        Captured pipe;
        {
            Console console(pipe.options(false, false));
            console.progress({"Training", 5, 10, 3.0});
        }
        QCOMPARE(pipe.err, std::string());
        Captured terminal;
        {
            Console console(terminal.options(true, false));
            console.progress({"Training", 5, 10, 3.0});
            QVERIFY(terminal.err.find("Training [############------------] 5/10, 3") != std::string::npos);
            console.line("step 5");
        }
        // Erased before the line, drawn again after it, erased at the end: nothing of it stays behind.
        QCOMPARE(terminal.out, std::string("step 5\n"));
        QVERIFY(terminal.err.ends_with("\r\x1b[K"));
    }

    void theBarFitsItsLine()
    {
        Captured terminal;
        Console::Options options = terminal.options(true, false);
        options.columns = 20;
        Console console(std::move(options));
        console.progress({"A phase with a long name", 5, 10, 3.0});
        QCOMPARE(terminal.err.size(), std::string("\r\x1b[K").size() + 19);
    }

    // Neither a name nor a text nor JSON brings an escape sequence to the terminal, and a name stays on its line.
    void nothingSteersTheTerminal()
    {
        const std::string hostile = "run\x1b[2J\n\u009B1m\u202E";
        Captured plain;
        {
            Console console(plain.options(true, false));
            console.line(hostile);
            console.text(hostile + "\n");
            console.raw(hostile + "\n");
            console.progress({hostile, 1, 2, -1.0});
        }
        QCOMPARE(plain.out, std::string("run\\x1b[2J\\x0a\\u009b1m\\u202e\nrun\\x1b[2J\n\\u009b1m\\u202e\n"
                                        "run\\x1b[2J\n\\u009b1m\\u202e\n"));
        QVERIFY(plain.err.find("[2J\n") == std::string::npos && plain.err.find("\x1b[2J") == std::string::npos);
        Captured json;
        Console console(json.options(false, true));
        console.event({{"name", hostile + "\x7f\\x7f"}});
        QCOMPARE(json.out, std::string("{\"name\":\"run\\u001b[2J\\n\\u009b1m\\u202e\\u007f\\\\x7f\"}\n"));
        QCOMPARE((*parseJson(json.out))["name"].get<std::string>(), hostile + "\x7f\\x7f");
        json.out.clear();
        for (const char* mark :
             {"\u202A", "\u202B", "\u202C", "\u202D", "\u2066", "\u2067", "\u2068", "\u2069", "\u2028"})
            console.event({{mark, mark}});
        QVERIFY(std::all_of(json.out.begin(), json.out.end(), [](char letter) { return letter > 0; }));
    }

    void theBarIsNotCutInsideACharacter()
    {
        Captured terminal;
        Console::Options options = terminal.options(true, false);
        options.columns = 20;
        Console console(std::move(options));
        console.progress({"\u6771\u6771\u6771\u6771\u6771\u6771\u6771", 5, 10, 3.0});
        QVERIFY(QString::fromUtf8(QByteArray::fromStdString(terminal.err)).count(QChar(0xFFFD)) == 0);
    }

    void anErrorIsOneSentenceAndOneObject()
    {
        Captured json;
        Console console(json.options(false, true));
        console.error({ErrorCode::FileNotFound, {{"path", "x.jsonl"}}, {}});
        QCOMPARE(QByteArray::fromStdString(json.err).count('\n'), 1);
        const auto object = parseJson(json.out);
        QVERIFY(object.has_value());
        QCOMPARE((*object)["error"]["id"].get<std::string>(), std::string("file-not-found"));
        QCOMPARE((*object)["error"]["arguments"]["path"].get<std::string>(), std::string("x.jsonl"));
        QCOMPARE((*object)["error"]["sentence"].get<std::string>() + "\n", json.err);
    }

    void lostOutputIsAFailure()
    {
        Captured captured;
        captured.failWith = EPIPE;
        Console closed(captured.options(false, false));
        closed.line("lost");
        QVERIFY(closed.isClosed());
        QVERIFY(closed.isReaderGone());
        QCOMPARE(test::problemOf(closed.checkWritten()), QString());  // `head` wants no more: nobody need hear of it

        captured.failWith = ENOSPC;
        Console full(captured.options(false, false));
        full.line("lost");
        QVERIFY(!full.isReaderGone());
        QCOMPARE(test::codeOf(full.checkWritten()), QString("output-lost"));
    }
};

QTEST_GUILESS_MAIN(ConsoleTest)
#include "console_test.moc"
