// SPDX-License-Identifier: GPL-3.0-or-later
// What is marked as different, in words and letters of several scripts; ranges always give the texts back.
#include "core/base/rng.h"
#include "core/base/utf8.h"
#include "core/data/rows/pair_diff.h"
#include "core/data/rows/sequence_match.h"

#include <QElapsedTimer>
#include <QTest>

#include <random>

using namespace preflab;

namespace {

using Texts = std::vector<std::string>;

Texts cutOut(const std::vector<TextRange>& ranges, std::string_view text)
{
    Texts texts;
    for (const TextRange& range : ranges) texts.emplace_back(text.substr(range.begin, range.size()));
    return texts;
}

Texts chosenMarks(std::string_view chosen, std::string_view rejected, DiffUnit unit = DiffUnit::Words)
{
    return cutOut(diffTexts(chosen, rejected, unit).chosenMarks, chosen);
}

Texts rejectedMarks(std::string_view chosen, std::string_view rejected, DiffUnit unit = DiffUnit::Words)
{
    return cutOut(diffTexts(chosen, rejected, unit).rejectedMarks, rejected);
}

/// Empty if the parts give both texts back, equal parts are equal, and no character is cut.
QString problemWith(std::string_view chosen, std::string_view rejected, DiffUnit unit)
{
    const PairDiff diff = diffTexts(chosen, rejected, unit);
    std::string left;
    std::string right;
    for (const DiffPart& part : diff.parts) {
        if (part.chosen.begin != left.size() || part.rejected.begin != right.size()) return QStringLiteral("a gap");
        const auto ofChosen = chosen.substr(part.chosen.begin, part.chosen.size());
        const auto ofRejected = rejected.substr(part.rejected.begin, part.rejected.size());
        const bool isShared = part.kind == DiffPart::Kind::Equal || part.kind == DiffPart::Kind::CommonPrefix;
        if (isShared && ofChosen != ofRejected) return QStringLiteral("equal parts differ");
        if (isShared && ofChosen.empty()) return QStringLiteral("an empty part");
        if (part.kind == DiffPart::Kind::OnlyChosen && (ofChosen.empty() || !ofRejected.empty()))
            return QStringLiteral("not only chosen");
        if (part.kind == DiffPart::Kind::OnlyRejected && (ofRejected.empty() || !ofChosen.empty()))
            return QStringLiteral("not only rejected");
        if (firstInvalidUtf8(ofChosen) || firstInvalidUtf8(ofRejected)) return QStringLiteral("a cut character");
        left += ofChosen;
        right += ofRejected;
    }
    return left == chosen && right == rejected ? QString() : QStringLiteral("not the whole text");
}

std::string randomText(std::mt19937& engine, std::size_t words)
{
    static const Texts kPieces{"the",
                               "cat",
                               " ",
                               " ",
                               "  ",
                               "\n",
                               "don't",
                               "Ü",
                               "e\xCC\x81",
                               "你",
                               "好",
                               "。",
                               "👩‍👩‍👧",
                               "👍🏽",
                               "ไทย",
                               "한국어",
                               ".",
                               ",",
                               "x1",
                               "🇩🇪",
                               "\t",
                               "-"};
    std::string text;
    for (std::size_t i = 0; i < words; ++i) text += kPieces[engine() % kPieces.size()];
    return text;
}

}  // namespace

class PairDiffTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wordsThatDifferAreMarked()
    {
        const std::string chosen = "Yes, you can. Repot each seedling deeper, now. Then water.";
        const std::string rejected = "Yes, you can. Repot each plant. Then water well.";
        const PairDiff diff = diffTexts(chosen, rejected);
        QCOMPARE(diff.parts.front().kind, DiffPart::Kind::CommonPrefix);
        QCOMPARE(chosen.substr(0, diff.commonPrefix), std::string("Yes, you can. Repot each "));
        QCOMPARE(cutOut(diff.chosenMarks, chosen), (Texts{"seedling deeper, now"}));
        QCOMPARE(cutOut(diff.rejectedMarks, rejected), (Texts{"plant", "well"}));
        QVERIFY(diff.similarity > 0.5 && diff.similarity < 1.0);
        QVERIFY(!diff.isCoarse);
    }

    void spacesDoNotTearMarksApart()
    {
        QCOMPARE(chosenMarks("one two three four", "five six seven eight"), Texts{"one two three four"});
        QCOMPARE(rejectedMarks("a b", "a  b"), Texts{" "});
        QCOMPARE(chosenMarks("ab cd", "xy cd", DiffUnit::Letters), Texts{"ab"});
        // "b" and "d" differ, and only a space stands between them.
        QCOMPARE(chosenMarks("ab dx", "a x", DiffUnit::Letters), Texts{"b d"});
    }

    void theSidesAreSymmetric()
    {
        const std::string a = "a small red house by the sea";
        const std::string b = "a big red boat on the sea";
        QCOMPARE(chosenMarks(a, b), rejectedMarks(b, a));
        QCOMPARE(diffTexts(a, b).similarity, diffTexts(b, a).similarity);
    }

    void identicalAndEmptySides()
    {
        const PairDiff same = diffTexts("one two", "one two");
        QCOMPARE(same.parts, (std::vector<DiffPart>{{DiffPart::Kind::Equal, {0, 7}, {0, 7}}}));
        QCOMPARE(same.similarity, 1.0);
        QCOMPARE(same.commonPrefix, std::size_t{0});
        QVERIFY(diffTexts("", "").parts.empty());
        QCOMPARE(chosenMarks("one", ""), Texts{"one"});
        QCOMPARE(diffTexts("one", "").similarity, 0.0);
    }

    void scriptsWithoutSpacesAreComparedByCharacter()
    {
        QCOMPARE(chosenMarks("我喜欢猫。", "我喜欢狗。"), Texts{"猫"});
        QCOMPARE(rejectedMarks("犬が好き", "猫が好き"), Texts{"猫"});
    }

    void charactersStayWhole()
    {
        QCOMPARE(chosenMarks("ok 👩‍👩‍👧 yes", "ok 👩‍👩‍👦 yes"), Texts{"👩‍👩‍👧"});
        QCOMPARE(chosenMarks("ok 👍🏽", "ok 👍🏿", DiffUnit::Letters), Texts{"👍🏽"});
        QCOMPARE(chosenMarks("e\xCC\x81t", "et", DiffUnit::Letters), Texts{"e\xCC\x81"});
        QCOMPARE(chosenMarks("kitten", "sitting", DiffUnit::Letters), (Texts{"k", "e"}));
    }

    void apostrophesBelongToWords() { QCOMPARE(chosenMarks("I don't know", "I do know"), Texts{"don't"}); }

    void rangesGiveTheTextsBack()
    {
        std::mt19937 engine(7);
        for (int round = 0; round < 400; ++round) {
            const std::string chosen = randomText(engine, engine() % 60);
            std::string rejected = randomText(engine, engine() % 60);
            if (round % 2 == 0) rejected = chosen + rejected;
            for (const DiffUnit unit : {DiffUnit::Words, DiffUnit::Letters}) {
                const QString problem = problemWith(chosen, rejected, unit);
                QVERIFY2(problem.isEmpty(),
                         qPrintable(problem + QStringLiteral(": ") + QString::fromStdString(chosen)));
            }
        }
    }

    void brokenBytesAreKept()
    {
        const std::string chosen = "a \xFF b\xC3";
        const PairDiff diff = diffTexts(chosen, "a b");
        QCOMPARE(diff.parts.back().chosen.end, chosen.size());
        QCOMPARE(cutOut(diff.chosenMarks, chosen), (Texts{"\xFF", "\xC3"}));
    }

    void matchesAreLongest()
    {
        // Against the textbook's quadratic table.
        std::mt19937 engine(3);
        for (int round = 0; round < 300; ++round) {
            std::vector<std::uint32_t> a(engine() % 30);
            std::vector<std::uint32_t> b(engine() % 30);
            for (auto& id : a) id = engine() % 5;
            for (auto& id : b) id = engine() % 5;
            std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
            for (std::size_t i = 1; i <= a.size(); ++i)
                for (std::size_t j = 1; j <= b.size(); ++j)
                    table[i][j] =
                        a[i - 1] == b[j - 1] ? table[i - 1][j - 1] + 1 : std::max(table[i - 1][j], table[i][j - 1]);
            const auto matches = matchSequences(a, b);
            QCOMPARE(matches.size(), table[a.size()][b.size()]);
            for (std::size_t i = 0; i < matches.size(); ++i) {
                QCOMPARE(a[matches[i].first], b[matches[i].second]);
                QVERIFY(i == 0 ||
                        (matches[i].first > matches[i - 1].first && matches[i].second > matches[i - 1].second));
            }
        }
    }

    void longTextsAreCompared()
    {
        std::mt19937 engine(11);
        std::string chosen;
        std::string rejected;
        for (int i = 0; i < 50000; ++i) {
            chosen += "word" + std::to_string(engine() % 3000) + " ";
            rejected += "word" + std::to_string(engine() % 3000) + " ";
        }
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(problemWith(chosen, rejected, DiffUnit::Words), QString());
        qInfo("50 000 words against 50 000 others: %lld ms", timer.elapsed());
        const PairDiff coarse = diffTexts(chosen, rejected, DiffUnit::Letters);
        QVERIFY(coarse.isCoarse);
        QCOMPARE(coarse.chosenMarks.size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(PairDiffTest)
#include "pair_diff_test.moc"
