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

    Result<Dataset> openText(const std::string& content) const
    {
        return test::openIn(m_folder.path(), test::writeFile(m_folder / "pairs.jsonl", content));
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
                             "line 3: \"chosen\" and \"rejected\" have no common beginning, so the prompt is empty\n"
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
                 std::string("1 pair of pairs.jsonl has two identical answers and teaches no preference (row 10).\n"
                             "7 pairs of pairs.jsonl have an empty answer (rows 1, 2, 3, 4, 5 and 2 more).\n"
                             "In 1 pair of pairs.jsonl one side is the beginning of the other, so that hardly "
                             "anything is left of an answer (row 9).\n"));
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
