// SPDX-License-Identifier: GPL-3.0-or-later
// The border between an implicit prompt and its answers: TRL's table with its quirks, transcripts, HH-RLHF.
#include "core/data/rows/prompt_split.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;

namespace {

Row textRow(const std::string& chosen, const std::string& rejected)
{
    Row row;
    row.chosen = chosen;
    row.rejected = rejected;
    return row;
}

std::string text(const RowText& side)
{
    const auto* value = std::get_if<std::string>(&side);
    return value == nullptr ? "(no text)" : *value;
}

/// "prompt|chosen|rejected" of a split, or the reason why there is none.
QString split(const Row& row, SplitRule rule)
{
    const auto result = splitPrompt(row, rule);
    if (!result) return QString::fromStdString("error: " + result.error());
    return QString::fromStdString(text(result->prompt) + "|" + text(result->chosen) + "|" + text(result->rejected));
}

}  // namespace

class PromptSplitTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void extractsAsTrl_data()
    {
        QTest::addColumn<QString>("chosen");
        QTest::addColumn<QString>("rejected");
        QTest::addColumn<QString>("expected");
        // As executed with TRL 1.16.
        QTest::newRow("space goes to the answers") << "The sky is blue."
                                                   << "The sky is green."
                                                   << "The sky is| blue.| green.";
        QTest::newRow("inside a word") << "The sky is blue"
                                       << "The sky is black"
                                       << "The sky is bl|ue|ack";
        QTest::newRow("one is the beginning of the other") << "The sky is blue"
                                                           << "The sky is blue and vast"
                                                           << "The sky is blu|e|e and vast";
        QTest::newRow("nothing in common") << "abc"
                                           << "xyz"
                                           << "|abc|xyz";
        QTest::newRow("nothing in common, chosen ends with a space") << "abc "
                                                                     << "xyz"
                                                                     << "abc| |z";
        QTest::newRow("identical") << "same"
                                   << "same"
                                   << "sam|e|e";
        // Characters, not bytes: é is C3 A9, è is C3 A8; the first bytes are common.
        QTest::newRow("first difference inside a character") << "caf\u00e9!"
                                                             << "caf\u00e8?"
                                                             << "caf|\u00e9!|\u00e8?";
        QTest::newRow("four bytes") << "a \U0001F600 b"
                                    << "a \U0001F601 b"
                                    << "a| \U0001F600 b| \U0001F601 b";
        QTest::newRow("last shared character has three bytes") << "\u4f60\u597d"
                                                               << "\u4f60\u597d\u5417"
                                                               << "\u4f60|\u597d|\u597d\u5417";
        QTest::newRow("index -1 with characters of two bytes") << "\u00e9 "
                                                               << "xy\u00e8"
                                                               << "\u00e9| |\u00e8";
        QTest::newRow("one character each") << "a"
                                            << "b"
                                            << "|a|b";
    }
    void extractsAsTrl()
    {
        QFETCH(QString, chosen);
        QFETCH(QString, rejected);
        QFETCH(QString, expected);
        const auto row = textRow(chosen.toStdString(), rejected.toStdString());
        QCOMPARE(split(row, SplitRule::Trl), expected);
        // Texts that are no transcripts are split in the same way by both rules, but where TRL loses text.
        const QStringList parts = expected.split('|');
        const bool losesText = parts[0] + parts[1] != chosen || parts[0] + parts[2] != rejected;
        if (!losesText) QCOMPARE(split(row, SplitRule::Automatic), expected);
    }

    void extractsWholeMessages()
    {
        const Message question{"user", "What is 2 + 2?"};
        Row row;
        row.chosen = Messages{question, {"assistant", "The answer is 4."}};
        row.rejected = Messages{question, {"assistant", "The answer is 5."}};
        const auto result = splitPrompt(row, SplitRule::Automatic);
        QVERIFY(result);
        QCOMPARE(std::get<Messages>(result->prompt), Messages{question});
        QCOMPARE(std::get<Messages>(result->chosen), (Messages{{"assistant", "The answer is 4."}}));
        QCOMPARE(std::get<Messages>(result->rejected), (Messages{{"assistant", "The answer is 5."}}));
    }

    void identicalConversationsKeepTheLastMessage()
    {
        const Messages both{{"user", "a"}, {"assistant", "b"}};
        Row row;
        row.chosen = both;
        row.rejected = both;
        const auto result = splitPrompt(row, SplitRule::Trl);
        QVERIFY(result);
        QCOMPARE(std::get<Messages>(result->prompt), (Messages{{"user", "a"}}));
        QCOMPARE(std::get<Messages>(result->rejected), (Messages{{"assistant", "b"}}));
    }

    void anEmptySideIsAReason()
    {
        QCOMPARE(split(textRow("", "b"), SplitRule::Trl), QString("error: \"chosen\" is empty"));
        QCOMPARE(split(textRow("a", ""), SplitRule::Automatic), QString("error: \"rejected\" is empty"));
        QCOMPARE(split(textRow("", ""), SplitRule::Trl), QString("error: \"chosen\" and \"rejected\" are empty"));
        Row row;
        row.chosen = Messages{};
        row.rejected = Messages{{"assistant", "b"}};
        QCOMPARE(split(row, SplitRule::Trl), QString("error: \"chosen\" is empty"));
        row.chosen = std::string("a");
        QVERIFY(split(row, SplitRule::Trl).startsWith("error: "));
    }

    void explicitPromptsStay()
    {
        auto row = textRow(" same a", " same b");
        row.prompt = std::string("p");
        QCOMPARE(split(row, SplitRule::Automatic), QString("p| same a| same b"));
        Row textOnly;
        textOnly.kind = RowKind::Text;
        textOnly.chosen = std::string("x");
        const auto result = splitPrompt(textOnly, SplitRule::Trl);
        QVERIFY(result);
        QCOMPARE(result->prompt.index(), std::size_t{0});
    }

    void transcriptsSplitAtTheLastCommonTurn()
    {
        const std::string shared = "\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Why?\n\nAssistant:";
        const auto row = textRow(shared + " It is so.", shared + " It is not.");
        QVERIFY(isTranscript(row));
        QCOMPARE(split(row, SplitRule::Automatic), QString::fromStdString(shared + "| It is so.| It is not."));
        QCOMPARE(split(row, SplitRule::Trl), QString::fromStdString(shared + " It is| so.| not."));
    }

    void turnsThatDifferBelongToTheAnswers()
    {
        const std::string shared = "\n\nHuman: Hi\n\nAssistant:";
        const auto row = textRow(shared + " A\n\nHuman: B\n\nAssistant: C", shared + " D");
        QCOMPARE(split(row, SplitRule::Automatic),
                 QString::fromStdString(shared + "| A\n\nHuman: B\n\nAssistant: C| D"));
        // Without a common turn, TRL's rule is left.
        const auto other = textRow("\n\nHuman: a\n\nAssistant: x", "\n\nHuman: b\n\nAssistant: x");
        QVERIFY(isTranscript(other));
        QCOMPARE(split(other, SplitRule::Automatic), split(other, SplitRule::Trl));
    }

    void hhRlhfDiffersOn880Rows()
    {
        const std::filesystem::path folder = std::filesystem::path(PREFLAB_TEST_SHARED) / "assets/data/hh-rlhf";
        if (!std::filesystem::exists(folder)) QSKIP("HH-RLHF is not beside the project.");
        const test::ScratchFolder scratch;
        std::size_t rows = 0;
        std::size_t different = 0;
        std::size_t identical = 0;
        for (const auto* name : {"harmless-base.test.jsonl.gz", "helpful-base.test.jsonl.gz"}) {
            const auto dataset = test::openIn(scratch.path(), folder / name);
            QCOMPARE(test::problemOf(dataset), QString());
            QVERIFY(dataset->isTranscript);
            for (const auto& row : test::allRows(*dataset)) {
                ++rows;
                const bool isDifferent = split(row, SplitRule::Automatic) != split(row, SplitRule::Trl);
                const bool isIdentical = row.chosen == row.rejected;
                different += isDifferent && !isIdentical ? 1 : 0;
                identical += isDifferent && isIdentical ? 1 : 0;
            }
        }
        QCOMPARE(rows, std::size_t{4666});
        QCOMPARE(different, std::size_t{880});
        // Two pairs have the same text on both sides; there TRL's rule leaves one character as the answer.
        QCOMPARE(identical, std::size_t{2});
    }
};

QTEST_GUILESS_MAIN(PromptSplitTest)
#include "prompt_split_test.moc"
