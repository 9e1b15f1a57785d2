// SPDX-License-Identifier: GPL-3.0-or-later
// Token lengths of rows by recipe, and what a maximum length costs.
#include "core/text/token_counts.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/piece_tokenizer.h"
#include "support/results.h"

#include <QTest>

using namespace preflab;

namespace {

Tokenisation tokenisation(const char* recipe = "dpo")
{
    Tokenisation how;
    how.recipe = findRecipe(recipe);
    how.text.tokenizer = std::make_shared<PieceTokenizer>();
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

}  // namespace

class TokenCountsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lengthsOfARow()
    {
        // <s> a b | c c c </s> and <s> a b | c c x </s>
        const Row row{RowKind::Preference, "ab", "ccc", "ccx"};
        QCOMPARE(tokenLengthsOf(row, tokenisation()), (TokenLengths{3, 4, 4, 2}));
        const Row empty{RowKind::Preference, {}, "", "x"};
        QVERIFY(!tokenLengthsOf(empty, tokenisation()).isKnown());
        const Row text{RowKind::Text, {}, "abc", {}};
        const TokenLengths one = tokenLengthsOf(text, tokenisation("sft"));
        QCOMPARE(one.rejected, 0U);
        QVERIFY(one.chosen >= 4);
    }

    void countsAreTheRecipesOwn()
    {
        for (const char* recipe : {"dpo", "orpo"}) {
            const Row row{RowKind::Preference, "a prompt", " an answer", " no"};
            const Tokenisation how = tokenisation(recipe);
            RecipeOptions options;
            options.maxLength.reset();
            const auto pair = tokenise(*how.recipe, row, 0, how.text, options);
            const TokenLengths lengths = tokenLengthsOf(row, how);
            QCOMPARE(std::size_t{lengths.prompt + lengths.chosen}, pair->chosen.ids.size());
            QCOMPARE(std::size_t{lengths.prompt + lengths.rejected}, pair->rejected.ids.size());
        }
    }

    void columnsComeFromTheStore()
    {
        const test::ScratchFolder folder;
        const auto dataset = test::openIn(folder.path(), test::writeFile(folder / "pairs.jsonl", lines(700)));
        Tokenisation how = tokenisation();
        how.cacheFolder = folder / "cache";
        const auto store = TokenStore::open({dataset->rows, dataset->contentHash, {}, {}}, how);
        QCOMPARE(test::problemOf(store), QString());
        const auto columns = readTokenLengths(**store, dataset->rows->size());
        QCOMPARE(test::problemOf(columns), QString());
        QCOMPARE(columns->size(), std::size_t{700});
        for (std::uint32_t row = 0; row < 700; ++row)
            QCOMPARE((*columns)[row], tokenLengthsOf(*dataset->rows->row(row), how));
        QCOMPARE((*columns)[9], (TokenLengths{3, 11, 4, 2}));
    }

    void whatAMaximumLengthCosts()
    {
        const LengthsByRow lengths{{4, 6, 3, 1}, {4, 6, 6, 5}, {4, 6, 6, 1}, {12, 1, 1, 0}, {}, {0, 8, 0, 0}};
        const TruncationSummary none = truncationAt(lengths, 100);
        QCOMPARE(none, (TruncationSummary{5, 0, 0, 0, 0, 13}));
        // At 8: 10 and 7; 10 and 10 with four of five equal tokens left; 10 and 10; left out; whole.
        QCOMPARE(truncationAt(lengths, 8), (TruncationSummary{5, 3, 1, 1, 10, 13}));
        QCOMPARE(truncationAt(lengths, 0).leftOut, std::uint64_t{5});
    }

    void truncationAgreesWithTheRecipe()
    {
        const Tokenisation how = tokenisation();
        for (int limit = 1; limit < 14; ++limit) {
            for (const Row& row :
                 {Row{RowKind::Preference, "ab", "ccccc", "ccx"}, Row{RowKind::Preference, "ab", "ccccx", "ccccyz"}}) {
                RecipeOptions options;
                options.maxLength = limit;
                const auto pair = tokenise(*how.recipe, row, 0, how.text, options);
                options.maxLength.reset();
                const auto whole = tokenise(*how.recipe, row, 0, how.text, options);
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
