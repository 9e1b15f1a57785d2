// SPDX-License-Identifier: GPL-3.0-or-later
// Token lengths of rows by recipe, the cache that keeps them, and what a maximum length costs.
#include "core/text/token_counts.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/piece_tokenizer.h"
#include "support/results.h"

#include <QTest>

using namespace preflab;

namespace {

TokenCounting countingIn(const std::filesystem::path& folder, const char* recipe = "dpo")
{
    TokenCounting how;
    how.recipe = findRecipe(recipe);
    how.tokenizer = std::make_shared<PieceTokenizer>();
    how.dataKey = "data";
    how.cacheFolder = folder / "cache";
    return how;
}

std::string lines(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += "{\"prompt\": \"ab\", \"chosen\": \"" + std::string(static_cast<std::size_t>(i % 50 + 1), 'c') +
                "\", \"rejected\": \"ccx\"}\n";
    }
    return text;
}

std::filesystem::path onlyFileIn(const std::filesystem::path& folder)
{
    const auto found = std::filesystem::directory_iterator(folder);
    return found == std::filesystem::directory_iterator() ? std::filesystem::path() : found->path();
}

}  // namespace

class TokenCountsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lengthsOfARow()
    {
        // <s> a b | c c c </s> and <s> a b | c c x </s>
        const Row row{RowKind::Preference, "ab", "ccc", "ccx"};
        QCOMPARE(tokenLengthsOf(row, countingIn({})), (TokenLengths{3, 4, 4, 2}));
        const Row empty{RowKind::Preference, {}, "", "x"};
        QVERIFY(!tokenLengthsOf(empty, countingIn({})).isKnown());
        const Row text{RowKind::Text, {}, "abc", {}};
        const TokenLengths one = tokenLengthsOf(text, countingIn({}, "sft"));
        QCOMPARE(one.rejected, 0U);
        QVERIFY(one.chosen >= 4);
    }

    void countsAreTheRecipesOwn()
    {
        for (const char* recipe : {"dpo", "orpo"}) {
            const Row row{RowKind::Preference, "a prompt", " an answer", " no"};
            const TokenCounting how = countingIn({}, recipe);
            RecipeOptions options;
            options.maxLength.reset();
            const auto pair = how.recipe->tokenise(row, 0, *how.tokenizer, options);
            const TokenLengths lengths = tokenLengthsOf(row, how);
            QCOMPARE(std::size_t{lengths.prompt + lengths.chosen}, pair->chosen.ids.size());
            QCOMPARE(std::size_t{lengths.prompt + lengths.rejected}, pair->rejected.ids.size());
        }
    }

    void countedOnceThenFound()
    {
        const test::ScratchFolder folder;
        const auto dataset = test::openIn(folder.path(), test::writeFile(folder / "pairs.jsonl", lines(700)));
        const TokenCounting how = countingIn(folder.path());
        int reports = 0;
        const auto report = [&reports](std::string_view, std::uint64_t, std::uint64_t) { ++reports; };
        const auto first = countTokens(*dataset->rows, how, report);
        QCOMPARE(test::problemOf(first), QString());
        QVERIFY(reports > 0);
        QCOMPARE((*first)[9], (TokenLengths{3, 11, 4, 2}));
        reports = 0;
        QVERIFY(*countTokens(*dataset->rows, how, report) == *first);
        QCOMPARE(reports, 0);

        // Any damage is noticed and mended.
        const auto cached = onlyFileIn(folder / "cache/tokens");
        for (const std::string damage : {"cut", "flip", "empty"}) {
            std::string bytes = test::readFile(cached);
            if (damage == "cut") bytes.resize(bytes.size() - 16);
            if (damage == "flip") bytes[300] = static_cast<char>(bytes[300] ^ 1);
            if (damage == "empty") bytes.clear();
            test::writeFile(cached, bytes);
            reports = 0;
            QVERIFY(*countTokens(*dataset->rows, how, report) == *first);
            QVERIFY(reports > 0);
        }
    }

    void eachWayOfCountingHasItsOwnCache()
    {
        const test::ScratchFolder folder;
        const auto dataset = test::openIn(folder.path(), test::writeFile(folder / "pairs.jsonl", lines(3)));
        TokenCounting how = countingIn(folder.path());
        QVERIFY(countTokens(*dataset->rows, how).has_value());
        how.options.maxLength = 7;
        QVERIFY(countTokens(*dataset->rows, how).has_value());
        QCOMPARE(test::entriesIn(folder / "cache/tokens"), std::ptrdiff_t{1});
        how.recipe = findRecipe("orpo");
        QVERIFY(countTokens(*dataset->rows, how).has_value());
        how.options.rendering = Rendering::Transcript;
        QVERIFY(countTokens(*dataset->rows, how).has_value());
        how.dataKey = "other data";
        QVERIFY(countTokens(*dataset->rows, how).has_value());
        QCOMPARE(test::entriesIn(folder / "cache/tokens"), std::ptrdiff_t{4});
    }

    void aCacheThatCannotBeWrittenIsDoneWithout()
    {
        const test::ScratchFolder folder;
        const auto dataset = test::openIn(folder.path(), test::writeFile(folder / "pairs.jsonl", lines(3)));
        TokenCounting how = countingIn(folder.path());
        how.cacheFolder = test::writeFile(folder / "a_file", "in the way");
        QCOMPARE(test::problemOf(countTokens(*dataset->rows, how)), QString());
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(test::codeOf(countTokens(*dataset->rows, how, {}, stop.get_token())), QStringLiteral("cancelled"));
    }

    void whatAMaximumLengthCosts()
    {
        const TokenColumns lengths{{4, 6, 3, 1}, {4, 6, 6, 5}, {4, 6, 6, 1}, {12, 1, 1, 0}, {}, {0, 8, 0, 0}};
        const TruncationSummary none = truncationAt(lengths, 100);
        QCOMPARE(none, (TruncationSummary{5, 0, 0, 0, 0, 13}));
        // At 8: 10 and 7; 10 and 10 with four of five equal tokens left; 10 and 10; left out; whole.
        QCOMPARE(truncationAt(lengths, 8), (TruncationSummary{5, 3, 1, 1, 10, 13}));
        QCOMPARE(truncationAt(lengths, 0).leftOut, std::uint64_t{5});
    }

    void truncationAgreesWithTheRecipe()
    {
        const TokenCounting how = countingIn({});
        for (int limit = 1; limit < 14; ++limit) {
            for (const Row& row :
                 {Row{RowKind::Preference, "ab", "ccccc", "ccx"}, Row{RowKind::Preference, "ab", "ccccx", "ccccyz"}}) {
                RecipeOptions options;
                options.maxLength = limit;
                const auto pair = how.recipe->tokenise(row, 0, *how.tokenizer, options);
                options.maxLength.reset();
                const auto whole = how.recipe->tokenise(row, 0, *how.tokenizer, options);
                const TruncationSummary summary = truncationAt({tokenLengthsOf(row, how)}, limit);
                QCOMPARE(summary.leftOut == 1, !pair.has_value());
                if (!pair) continue;
                QCOMPARE(summary.shortened == 1, !(*pair == *whole));
                QCOMPARE(summary.identical == 1, pair->chosen == pair->rejected);
                QCOMPARE(summary.lostTokens, std::uint64_t{whole->chosen.ids.size() + whole->rejected.ids.size() -
                                                           pair->chosen.ids.size() - pair->rejected.ids.size()});
            }
        }
    }
};

QTEST_GUILESS_MAIN(TokenCountsTest)
#include "token_counts_test.moc"
