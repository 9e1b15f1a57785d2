// SPDX-License-Identifier: GPL-3.0-or-later
// Turns, lengths, similarity and flags of rows, and the pass over all of them.
#include "core/data/rows/row_text.h"
#include "core/data/view/row_figures.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QTest>

using namespace preflab;

namespace {

Row pairOf(RowText prompt, RowText chosen, RowText rejected)
{
    return {RowKind::Preference, std::move(prompt), std::move(chosen), std::move(rejected)};
}

std::string words(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) text += "word" + std::to_string(i) + " ";
    return text;
}

}  // namespace

class RowFiguresTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lengthsAreCharacters()
    {
        const RowFigures figures =
            figuresOf(pairOf("Grüße 你好", "👍🏽", Messages{{"assistant", "né"}, {"user", "x"}}));
        QCOMPARE(figures.promptLength, 8U);
        QCOMPARE(figures.chosenLength, 2U);
        QCOMPARE(figures.rejectedLength, 3U);
    }

    void turnsOfTranscriptsAndMessages()
    {
        const std::string transcript = "\n\nHuman: Hi\n\nthere\n\nAssistant: Hello.\n\nHuman: Why?\n\nAssistant:";
        const Messages turns = turnsOf(transcript, "user");
        QCOMPARE(turns, (Messages{{"user", "Hi\n\nthere"}, {"assistant", "Hello."}, {"user", "Why?"}}));
        QCOMPARE(turnCount(transcript), std::size_t{3});
        QCOMPARE(lastTurn(transcript), std::string_view("Why?"));
        QCOMPARE(turnsOf(std::string("plain"), "assistant"), (Messages{{"assistant", "plain"}}));
        QVERIFY(turnsOf(RowText(), "user").empty());
        const RowText messages = Messages{{"system", "Be kind."}, {"user", " Hi "}, {"user", " "}};
        QCOMPARE(turnCount(messages), std::size_t{3});
        QCOMPARE(lastTurn(messages), std::string_view("Hi"));
        QCOMPARE(plainText(Messages{{"user", "a"}, {"user", "b"}}), std::string("a\n\nb"));
        QCOMPARE(firstCharacters("äö你", 2), std::string_view("äö"));
    }

    void anImplicitPromptIsTakenOut()
    {
        const RowFigures figures =
            figuresOf(pairOf({}, "\n\nHuman: Why?\n\nAssistant: Because.", "\n\nHuman: Why?\n\nAssistant: No."));
        QCOMPARE(figures.turns, std::uint16_t{1});
        QCOMPARE(figures.promptKey, sortKey("why?"));
        QCOMPARE(figures.chosenLength, 9U);
        QCOMPARE(figures.rejectedLength, 4U);
        QCOMPARE(figures.commonWords, std::uint16_t{0});
    }

    void similarityIsSharedWords()
    {
        QCOMPARE(int(figuresOf(pairOf("p", "a b c d", "a b x y")).similarity), 50);
        QCOMPARE(int(figuresOf(pairOf("p", "a b", "c d")).similarity), 0);
        QCOMPARE(int(figuresOf(pairOf("p", "我喜欢猫", "我喜欢狗")).similarity), 75);
        QCOMPARE(figuresOf(pairOf("p", "one two three.", "one two four.")).commonWords, std::uint16_t{2});
    }

    void flags()
    {
        QVERIFY(figuresOf(pairOf("p", "same", "same")).has(RowFlag::IdenticalSides));
        QVERIFY(!figuresOf(pairOf("p", "same", "same")).has(RowFlag::NearCopy));
        QVERIFY(figuresOf(pairOf({}, "same", "same")).has(RowFlag::IdenticalSides));
        QVERIFY(figuresOf(pairOf("p", "", "a")).has(RowFlag::EmptySide));
        QVERIFY(figuresOf(pairOf("p", "a", " \n")).has(RowFlag::EmptySide));
        QVERIFY(figuresOf(pairOf("p", Messages{}, Messages{{"assistant", "a"}})).has(RowFlag::EmptySide));
        QVERIFY(figuresOf(pairOf("p", words(20) + "x", words(20) + "y")).has(RowFlag::NearCopy));
        QVERIFY(figuresOf(pairOf("p", "a b c d e f", "a b c d e g")).has(RowFlag::CommonPrefix));
        QVERIFY(figuresOf(pairOf("p", words(40), "short")).has(RowFlag::LengthGap));
        QVERIFY(!figuresOf(pairOf("p", "four words are here", "one")).has(RowFlag::LengthGap));
        QCOMPARE(int(figuresOf({RowKind::Text, {}, "just a text", {}}).flags), 0);
        QCOMPARE(int(figuresOf({RowKind::PromptCompletion, "p", "", {}}).flags), int(RowFlag::EmptySide));
    }

    void aPassMeasuresEveryRow()
    {
        const test::ScratchFolder folder;
        std::string lines;
        for (int i = 0; i < 3000; ++i) {
            lines += "{\"prompt\": \"P\", \"chosen\": \"" + std::string(static_cast<std::size_t>(i), 'c') +
                     "\", \"rejected\": \"r\"}\n";
        }
        const auto dataset = test::openIn(folder.path(), test::writeFile(folder / "pairs.jsonl", lines));
        QCOMPARE(test::problemOf(dataset), QString());
        std::uint64_t last = 0;
        const auto columns =
            measureRows(*dataset->rows, [&](std::string_view, std::uint64_t done, std::uint64_t total) {
                QVERIFY(done <= total);
                last = done;
            });
        QCOMPARE(test::problemOf(columns), QString());
        QCOMPARE(columns->size(), std::size_t{3000});
        QVERIFY(last > 0);
        for (std::uint32_t i = 0; i < 3000; ++i) QCOMPARE((*columns)[i].chosenLength, i);
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(test::codeOf(measureRows(*dataset->rows, {}, stop.get_token())), QStringLiteral("cancelled"));
    }
};

QTEST_GUILESS_MAIN(RowFiguresTest)
#include "row_figures_test.moc"
