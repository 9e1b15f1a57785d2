// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs with equal sides are counted and named, and a run that has no others needs a yes.
#include "core/runs/identical_pairs.h"
#include "core/runs/prepare.h"
#include "support/files.h"
#include "support/results.h"
#include "support/tiny_model.h"

#include <QTest>

#include <string>
#include <vector>

using namespace preflab;
using namespace preflab::test;

class IdenticalPairsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { writeTinyModel(m_folder / "model"); }

    void nothingIsSaidOfOrdinaryPairs()
    {
        const auto run = prepare({"he", "wo"}, {"world", "hello"}, {});
        QCOMPARE(problemOf(run), QString());
        for (const RunWarning& warning : run->warnings)
            QVERIFY2(warning.text.find("identical") == std::string::npos, warning.text.c_str());
    }

    void someAreCountedAndNamed()
    {
        const auto run = prepare({"he", "world", "hello"}, {"wo", "world", "hello"}, {});
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(QString::fromStdString(run->warnings.front().text),
                 QString("2 of 3 pairs have identical sides and can teach no preference (lines 2, 3)."));
    }

    void ofManyTheFirstAreNamed()
    {
        const std::vector<std::string> same(8, "he");
        const auto run = prepare(same, {"he", "he", "he", "he", "he", "he", "he", "wo"}, {});
        QCOMPARE(
            QString::fromStdString(run->warnings.front().text),
            QString("7 of 8 pairs have identical sides and can teach no preference (lines 1, 2, 3, 4, 5 and 2 more)."));
    }

    // What counts is what reaches the model: beyond max_length the sides may differ.
    void truncationMakesPairsIdentical()
    {
        RunSpec spec;
        spec.params = {{"max_length", std::int64_t{8}}};
        const auto run = prepare({"hellohellohello world", "he"}, {"hellohellohello hello", "wo"}, spec);
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(QString::fromStdString(run->warnings.front().text),
                 QString("1 of 2 pairs has identical sides and can teach no preference (line 1)."));
    }

    void withoutOthersARunNeedsAYes()
    {
        RunSpec spec;
        const auto refused = prepare({"he", "world"}, {"he", "world"}, spec);
        QCOMPARE(codeOf(refused), "no-usable-rows");
        QVERIFY(problemOf(refused).contains("the same in every pair (lines 1, 2), which only --allow-identical-pairs"));
        spec.areIdenticalPairsWanted = true;
        const auto run = prepare({"he", "world"}, {"he", "world"}, spec);
        QCOMPARE(problemOf(run), QString());
        QVERIFY(run->warnings.front().text.starts_with("2 of 2 pairs have identical sides"));
        const auto again = runSpecFromJson(toJson(spec));
        QVERIFY(again && again->areIdenticalPairsWanted);
    }

private:
    /// A DPO run on those pairs of answers.
    Result<PreparedRun> prepare(const std::vector<std::string>& chosen, const std::vector<std::string>& rejected,
                                RunSpec spec)
    {
        std::string lines;
        for (std::size_t i = 0; i < chosen.size(); ++i)
            lines += Json({{"prompt", "x"}, {"chosen", chosen[i]}, {"rejected", rejected[i]}}).dump() + "\n";
        ComponentDescription dpo;
        dpo.id = dpo.title = dpo.recipe = "dpo";
        spec.method = "dpo";
        spec.model = m_folder / "model";
        spec.data = writeFile(m_folder / "pairs.jsonl", lines);
        return prepareRun(spec, dpo, {}, {}, {}, {});
    }

    ScratchFolder m_folder;
};

QTEST_GUILESS_MAIN(IdenticalPairsTest)
#include "identical_pairs_test.moc"
