// SPDX-License-Identifier: GPL-3.0-or-later
// Searching in UTF-8: either case, expressions, broken bytes, hostile expressions; and the loop over all cores.
#include "core/base/parallel.h"
#include "core/base/text_pattern.h"
#include "support/results.h"

#include <QTest>

#include <atomic>
#include <stdexcept>

using namespace preflab;

namespace {

std::vector<std::string> hitsOf(std::string_view pattern, PatternKind kind, std::string_view text)
{
    const auto compiled = TextPattern::compile(pattern, kind);
    std::vector<std::string> hits;
    if (!compiled) return {"invalid"};
    for (const TextRange& hit : compiled->findAll(text, 100)) hits.emplace_back(text.substr(hit.begin, hit.size()));
    return hits;
}

using Hits = std::vector<std::string>;

}  // namespace

class TextPatternTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsLettersOfEitherCase()
    {
        QCOMPARE(hitsOf("über", PatternKind::Literal, "Über, ÜBER und über"), (Hits{"Über", "ÜBER", "über"}));
        QCOMPARE(hitsOf("ΣΟΦΟΣ", PatternKind::Literal, "σοφος"), Hits{"σοφος"});
        QCOMPARE(hitsOf("你好", PatternKind::Literal, "说你好吗"), Hits{"你好"});
        QCOMPARE(hitsOf("👍🏽", PatternKind::Literal, "a 👍🏽 b"), Hits{"👍🏽"});
    }

    void literalsMeanThemselves()
    {
        QCOMPARE(hitsOf("a.b*", PatternKind::Literal, "aXb a.b*"), Hits{"a.b*"});
        QCOMPARE(hitsOf("\\d(", PatternKind::Literal, "5 \\d("), Hits{"\\d("});
    }

    void expressions()
    {
        QCOMPARE(hitsOf("^item \\d+$|(?m)^- \\w+", PatternKind::Expression, "- One\n- two"), (Hits{"- One", "- two"}));
        QCOMPARE(hitsOf("(a)(b)", PatternKind::ExactExpression, "ab AB"), Hits{"ab"});
        QCOMPARE(hitsOf("\\w+", PatternKind::Expression, "naïve Mädchen"), (Hits{"naïve", "Mädchen"}));
        QCOMPARE(hitsOf("x*", PatternKind::Expression, "axxb"), Hits{"xx"});
    }

    void whatIsWrongWithAnExpressionIsSaid()
    {
        const auto pattern = TextPattern::compile("a(b", PatternKind::Expression);
        QCOMPARE(test::codeOf(pattern), QStringLiteral("pattern-invalid"));
        QCOMPARE(test::argumentOf(pattern, "where"), QStringLiteral("character 4"));
        QVERIFY(test::argumentOf(pattern, "reason").contains(QStringLiteral("parenthesis")));
        QCOMPARE(test::codeOf(TextPattern::compile("", PatternKind::Literal)), QStringLiteral("pattern-invalid"));
    }

    void brokenBytesMatchNothingAndHideNothing()
    {
        QCOMPARE(hitsOf("b", PatternKind::Literal, "\xC3 b \xFF\xFE b\xE2\x82"), (Hits{"b", "b"}));
    }

    void hostileExpressionsEnd()
    {
        const std::string text(5000, 'a');
        QCOMPARE(hitsOf("(a+)+$b", PatternKind::Expression, text), Hits{});
    }

    void blocksCoverEveryItemOnce()
    {
        std::vector<std::atomic<int>> counts(1003);
        std::size_t last = 0;
        const auto done = forEachBlock(
            counts.size(), 10, {},
            [&](std::size_t begin, std::size_t end) -> Result<> {
                for (std::size_t i = begin; i < end; ++i) ++counts[i];
                return {};
            },
            [&](std::size_t items) {
                QVERIFY(items > last);
                last = items;
            });
        QVERIFY(done.has_value());
        for (const auto& count : counts) QCOMPARE(count.load(), 1);
        QVERIFY(forEachBlock(0, 10, {}, [](std::size_t, std::size_t) -> Result<> {
                    return fail(ErrorCode::Internal);
                }).has_value());
    }

    void aLoopEndsAtAnErrorAStopAndAnException()
    {
        std::atomic<int> calls = 0;
        const auto failed = forEachBlock(100000, 1, {}, [&](std::size_t begin, std::size_t) -> Result<> {
            ++calls;
            if (begin == 50) return fail(ErrorCode::Internal, {{"reason", "fifty"}});
            return {};
        });
        QCOMPARE(test::argumentOf(failed, "reason"), QStringLiteral("fifty"));
        QVERIFY(calls < 100000);
        std::stop_source stop;
        const auto stopped = forEachBlock(1000, 1, stop.get_token(), [&](std::size_t begin, std::size_t) -> Result<> {
            if (begin == 20) stop.request_stop();
            return {};
        });
        QCOMPARE(test::codeOf(stopped), QStringLiteral("cancelled"));
        const auto thrown =
            forEachBlock(10, 1, {}, [](std::size_t, std::size_t) -> Result<> { throw std::runtime_error("no"); });
        QCOMPARE(test::codeOf(thrown), QStringLiteral("internal"));
    }
};

QTEST_GUILESS_MAIN(TextPatternTest)
#include "text_pattern_test.moc"
