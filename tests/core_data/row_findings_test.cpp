// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that are hardly meant so are loaded and named: prompts that cannot be found, answers that say nothing.
#include "core/base/json.h"
#include "core/data/ingest/data_doubts.h"
#include "core/data/rows/prompt_split.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::problemOf;

namespace {

std::string pair(const std::string& chosen, const std::string& rejected)
{
    return Json{{"chosen", chosen}, {"rejected", rejected}}.dump() + "\n";
}

std::string reasonsOf(const Dataset& dataset)
{
    std::string text;
    for (const auto& finding : dataset.findings.first) text += finding.reason + "\n";
    return text;
}

}  // namespace

class RowFindingsTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    Result<Dataset> openText(const std::string& content, SplitRule split = SplitRule::Automatic) const
    {
        DatasetOptions options{m_folder / "cache"};
        options.split = split;
        return Dataset::open(test::writeFile(m_folder / "pairs.jsonl", content), options);
    }

private Q_SLOTS:
    void doubtfulSplitsAreNamed()
    {
        const auto dataset =
            openText(pair("The cup is blue.", "The cup is red.") + pair("The bus comes", "The bus comes at ten") +
                     pair("Paris ", "Vienna") + pair("Both alike", "Both alike"));
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 4U);
        QCOMPARE(dataset->findings.continuations, 1ULL);
        QCOMPARE(dataset->findings.withoutPrompt, 1ULL);
        QCOMPARE(dataset->findings.identicalSides, 1ULL);
        QCOMPARE(reasonsOf(*dataset),
                 std::string("line 2: one side is the beginning of the other\n"
                             "line 3: \"chosen\" and \"rejected\" have no common beginning, so no prompt is found\n"
                             "line 4: \"chosen\" and \"rejected\" are the same\n"));
    }

    void aSplitLosesNothing()
    {
        for (const auto& [chosen, rejected] :
             {std::pair("Paris ", "Vienna"), std::pair("The bus comes", "The bus comes at ten"), std::pair(" a", " b"),
              std::pair("é ", "ü")}) {
            Row row;
            row.chosen = std::string(chosen);
            row.rejected = std::string(rejected);
            const auto split = splitPrompt(row, SplitRule::Automatic);
            QVERIFY(split);
            const auto& prompt = std::get<std::string>(split->prompt);
            QCOMPARE(prompt + std::get<std::string>(split->chosen), std::string(chosen));
            QCOMPARE(prompt + std::get<std::string>(split->rejected), std::string(rejected));
        }
    }

    void transcriptsThatDifferInTheUsersTurnAreNamed()
    {
        const std::string start = "\n\nHuman: How far is it?\n\nAssistant:";
        const auto dataset = openText(pair(start + " Ten miles.", start + " No idea.") +  // as it should be
                                      pair(start + " Ten miles.", start) +                // no reply
                                      pair("\n\nHuman: Is it 3 x 4?\n\nAssistant: Yes.",  // other questions
                                           "\n\nHuman: Is it 3 by 4?\n\nAssistant: No.") +
                                      pair(start + " Ten.\n\nHuman: By bus?\n\nAssistant: Yes.",  // later questions
                                           start + " Ten.\n\nHuman: By car?\n\nAssistant: No.") +
                                      pair(start + " A.\n\nHuman: So?\n\nAssistant: B.",  // earlier replies
                                           start + " Z.\n\nHuman: So?\n\nAssistant: B."));
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->findings.emptySides, 1ULL);
        QCOMPARE(dataset->findings.differingPrompts, 2ULL);
        QCOMPARE(dataset->findings.first.size(), std::size_t{3});
        QCOMPARE(dataset->findings.first[0].reason, std::string("line 2: \"rejected\" has no reply behind the prompt"));
        QCOMPARE(dataset->findings.first[1].sourceNumber, 3ULL);
        QCOMPARE(dataset->findings.first[2].sourceNumber, 4ULL);
    }

    // What is doubtful depends on where the prompt ends, so on the rule that finds it.
    void doubtsFollowTheSplitRule()
    {
        const std::string start = "\n\nHuman: How far is it?\n\nAssistant:";
        const std::string text = pair(start + " Ten miles.", start + " No idea.") +
                                 pair(start + " Ten", start + " Ten miles") + pair(start + " Ten miles.", start) +
                                 pair("Lisbon ", "Madrid");
        const auto automatic = openText(text);
        QCOMPARE(reasonsOf(*automatic),
                 std::string("line 3: \"rejected\" has no reply behind the prompt\n"
                             "line 4: \"chosen\" and \"rejected\" have no common beginning, so no prompt is found\n"));
        const auto trl = openText(text, SplitRule::Trl);
        // The last one is what TRL makes of it: "Lisbon", " " and "d".
        QCOMPARE(reasonsOf(*trl),
                 std::string("line 2: one side is the beginning of the other\n"
                             "line 3: one side is the beginning of the other\n"
                             "line 4: \"chosen\" has no reply behind the prompt\n"
                             "line 4: \"chosen\" and \"rejected\" have no common beginning, so no prompt is found\n"));
        QCOMPARE(trl->findings.continuations, 2ULL);
        QCOMPARE(
            doubtsOf(*trl, trl->findings)[1].text,
            std::string("In 2 pairs of pairs.jsonl one side is the beginning of the other, so that hardly anything "
                        "is left of an answer (lines 2, 3)."));
        QCOMPARE(automatic->rowsKey(), trl->rowsKey());
    }

    // White space is no answer, wherever it stands.
    void anAnswerOfWhiteSpaceIsEmpty()
    {
        const auto messages = [](const char* chosen) {
            return Json{{"prompt", Json::parse(R"([{"role": "user", "content": "q"}])")},
                        {"chosen", Json::array({Json{{"role", "assistant"}, {"content", chosen}}})},
                        {"rejected", Json::parse(R"([{"role": "assistant", "content": "b"}])")}}
                       .dump() +
                   "\n";
        };
        const auto texts = [](const char* chosen) {
            return Json{{"prompt", "q"}, {"chosen", chosen}, {"rejected", "b"}}.dump() + "\n";
        };
        const auto whole = [](const char* chosen) {
            const Json user{{"role", "user"}, {"content", "q"}};
            return Json{{"chosen", Json::array({user, Json{{"role", "assistant"}, {"content", chosen}}})},
                        {"rejected", Json::array({user, Json{{"role", "assistant"}, {"content", "b"}}})}}
                       .dump() +
                   "\n";
        };
        const std::string start = "\n\nHuman: Why?\n\nAssistant:";
        for (const std::string& text :
             {messages(" ") + messages("a"), texts(" \n") + texts("a"), whole(" ") + whole("a"),
              pair(start + " ", start + " So.") + pair(start + " Yes.", start + " No.")}) {
            const auto dataset = openText(text);
            QCOMPARE(problemOf(dataset), QString());
            QCOMPARE(dataset->findings.emptySides, 1ULL);
            QCOMPARE(dataset->findings.total(), 1ULL);
            QVERIFY2(reasonsOf(*dataset).starts_with("line 1: \"chosen\" "), reasonsOf(*dataset).c_str());
        }
        QCOMPARE(openText("{\"text\": \" \"}\n{\"text\": \"a\"}\n")->findings.emptySides, 1ULL);
    }

    // The prompt would be read twice.
    void aPromptThatTheAnswersRepeatIsNamed()
    {
        const Json user{{"role", "user"}, {"content", "q"}};
        const auto whole = [&user](const char* answer) {
            return Json::array({user, Json{{"role", "assistant"}, {"content", answer}}});
        };
        const auto messages = openText(
            Json{{"prompt", Json::array({user})}, {"chosen", whole("a")}, {"rejected", whole("b")}}.dump() + "\n" +
            Json{{"prompt", Json::array({user})}, {"chosen", whole("a")}, {"rejected", Json::array({whole("b")[1]})}}
                .dump());
        QCOMPARE(messages->findings.repeatedPrompts, 1ULL);
        QCOMPARE(reasonsOf(*messages),
                 std::string("line 1: the prompt stands again at the beginning of both answers\n"));
        QCOMPARE(doubtsOf(*messages, messages->findings).front().text,
                 std::string("In 1 pair of pairs.jsonl the prompt stands again at the beginning of the answers, so the "
                             "model reads it twice (line 1)."));
        const auto texts = [](const std::string& prompt) {
            return Json{{"prompt", prompt}, {"chosen", prompt + " yes"}, {"rejected", prompt + " no"}}.dump() + "\n";
        };
        QCOMPARE(openText(texts("Is it far from here?") + texts("Well,"))->findings.repeatedPrompts, 1ULL);
        const auto completions =
            openText(R"({"prompt": "Is it far from here?", "completion": "Is it far from here? No."})");
        QCOMPARE(reasonsOf(*completions),
                 std::string("line 1: the prompt stands again at the beginning of the answer\n"));
    }

    // Also where nobody replies, and in lists of messages.
    void questionsThatDifferAreNamed()
    {
        const auto bare = openText(pair("\n\nHuman: a", "\n\nHuman: b") + pair("\n\nHuman: a", "\n\nHuman: ab"));
        QCOMPARE(bare->findings.differingPrompts, 1ULL);
        QCOMPARE(bare->findings.continuations, 1ULL);
        QCOMPARE(
            doubtsOf(*bare, bare->findings).back().text,
            std::string("In 1 pair of pairs.jsonl the sides differ in what the user says, which is read as part of "
                        "the answers (line 1)."));
        const auto side = [](const char* question) {
            return Json::array({Json{{"role", "system"}, {"content", "s"}},
                                Json{{"role", "user"}, {"content", question}},
                                Json{{"role", "assistant"}, {"content", question}}});
        };
        const auto messages = openText(Json{{"chosen", side("a")}, {"rejected", side("b")}}.dump());
        QCOMPARE(messages->findings.differingPrompts, 1ULL);
        QCOMPARE(messages->findings.total(), 1ULL);
    }

    // A line of the file where it has lines, whatever stands between the rows; else a row.
    void placesAreNamedAsTheFileCounts()
    {
        const auto doubtIn = [this](const char* name, const std::string& content) {
            const auto dataset = test::openIn(m_folder.path(), test::writeFile(m_folder / name, content));
            if (!dataset) return sentence(dataset.error());
            const auto doubts = doubtsOf(*dataset, dataset->findings);
            return doubts.size() == 1 ? doubts[0].text : std::string("not one doubt");
        };
        const std::string good = R"({"prompt": "q", "chosen": "a", "rejected": "b"})";
        const std::string empty = R"({"prompt": "q", "chosen": "", "rejected": "b"})";
        QCOMPARE(doubtIn("blank.jsonl", good + "\n\n\n" + empty + "\n"),
                 std::string("1 pair of blank.jsonl has an empty answer (line 4)."));
        QCOMPARE(doubtIn("breaks.csv", "prompt,chosen,rejected\nq,\"a\n\nb\",c\nq,,b\nq,,b\n"),
                 std::string("2 pairs of breaks.csv have an empty answer (lines 5, 6)."));
        QCOMPARE(doubtIn("array.json", "[" + good + ",\n\n" + empty + ",\n" + empty + "]"),
                 std::string("2 pairs of array.json have an empty answer (rows 2, 3)."));
    }

    void conversationsOfWhichOneGoesOnAreNamed()
    {
        const auto dataset = openText(
            R"({"chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}], "rejected": )"
            R"([{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}, {"role": "user", "content": "r"}]})"
            "\n"
            R"({"chosen": [{"role": "user", "content": "q"}], "rejected": [{"role": "user", "content": "r"}]})");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->findings.continuations, 1ULL);
        QCOMPARE(dataset->findings.withoutPrompt, 1ULL);
    }

    void whatIsDoubtfulIsSaidWithItsRows()
    {
        std::string text;
        for (int i = 0; i < 8; ++i) text += pair("The cup is blue.", i < 7 ? "" : "The cup is red.");
        text += pair("The bus comes", "The bus comes at ten") + pair("Both alike", "Both alike");
        const auto dataset = openText(text);
        std::string said;
        for (const DataDoubt& doubt : doubtsOf(*dataset, dataset->findings)) said += doubt.text + "\n";
        QCOMPARE(said,
                 std::string("1 pair of pairs.jsonl has two identical answers and teaches no preference (line 10).\n"
                             "7 pairs of pairs.jsonl have an empty answer (lines 1, 2, 3, 4, 5 and 2 more).\n"
                             "In 1 pair of pairs.jsonl one side is the beginning of the other, so that hardly "
                             "anything is left of an answer (line 9).\n"));
        for (std::size_t i = 0; i < Finding::kKinds; ++i) {
            const auto kind = static_cast<Finding::Kind>(i);
            Findings one;
            one.add({kind, 1, "reason"});
            QCOMPARE(one.count(kind), std::uint64_t{1});
            QVERIFY(!findingId(kind).empty());
            const auto doubts = doubtsOf(*dataset, one);
            QCOMPARE(doubts.size(), std::size_t{kind == Finding::Kind::BadRow ? 0U : 1U});
            QVERIFY(doubts.empty() || doubts.front().text.ends_with("."));
        }
    }

    void aFindingCanBeTakenBack()
    {
        Findings findings;
        for (std::uint64_t row = 1; row <= Findings::kKept + 1; ++row)
            findings.add({Finding::Kind::EmptySide, row, "line"});
        QVERIFY(!findings.areAllKept(Finding::Kind::EmptySide));
        findings.remove(Finding::Kind::EmptySide, Findings::kKept + 1);
        QVERIFY(findings.areAllKept(Finding::Kind::EmptySide));
        findings.remove(Finding::Kind::EmptySide, 1);
        QCOMPARE(findings.first.front().sourceNumber, 2ULL);
        QCOMPARE(findings.emptySides, Findings::kKept - 1);
        findings.add({Finding::Kind::EmptySide, 1, "again"});
        QCOMPARE(findings.first.back().reason, std::string("again"));
        QCOMPARE(findings.total(), Findings::kKept);
    }

    void countsGoBeyondWhatIsKept()
    {
        Findings findings;
        for (std::uint64_t i = 0; i < Findings::kKept + 5; ++i) findings.add({Finding::Kind::BadRow, i + 1, "line", 2});
        findings.add({Finding::Kind::PromptsDiffer, 1, "line 1"});
        Findings all;
        all.add({Finding::Kind::BadRow, 1, "first"});
        all.append(findings);
        QCOMPARE(all.badRows, 2 * (Findings::kKept + 5) + 1);
        QCOMPARE(all.differingPrompts, 1ULL);
        QCOMPARE(all.first.size(), Findings::kKept + 1);
        QCOMPARE(all.first.back().reason, std::string("line 1"));
    }
};

QTEST_GUILESS_MAIN(RowFindingsTest)
#include "row_findings_test.moc"
