// SPDX-License-Identifier: GPL-3.0-or-later
// Boundaries, special tokens, truncation and drops of the recipes, on a tokenizer that one can see through.
#include "core/text/recipe.h"
#include "support/piece_tokenizer.h"

#include <QTest>

using namespace preflab;

namespace {

Row pairRow(RowText prompt, RowText chosen, RowText rejected)
{
    return {RowKind::Preference, std::move(prompt), std::move(chosen), std::move(rejected)};
}

/// A tokenizer that outlives its use.
TextModel textOf(const Tokenizer& tokenizer, const ChatTemplate& chatTemplate = defaultChatTemplate())
{
    return {std::shared_ptr<const Tokenizer>(std::shared_ptr<void>(), &tokenizer), &chatTemplate};
}

tl::expected<TokenPair, DroppedRow> run(const char* recipe, const Row& row, const Tokenizer& tokenizer,
                                        std::optional<std::int64_t> maxLength = {})
{
    RecipeOptions options;
    options.maxLength = maxLength;
    return tokenise(*findRecipe(recipe), row, 7, textOf(tokenizer), options);
}

std::string answerOf(const TokenSequence& sequence, const Tokenizer& tokenizer)
{
    std::string text;
    for (std::size_t i = sequence.promptLength(); i < sequence.ids.size(); ++i)
        text += tokenizer.piece(sequence.ids[i]);
    return text;
}

std::string wholeOf(const TokenSequence& sequence, const Tokenizer& tokenizer)
{
    std::string text;
    for (const TokenId id : sequence.ids) text += tokenizer.piece(id);
    return text;
}

}  // namespace

class RecipeTest : public QObject {
    Q_OBJECT

private slots:
    void tableHoldsEveryRecipe()
    {
        QCOMPARE(recipes().size(), std::size_t{3});
        QVERIFY(findRecipe("dpo")->needsRejected);
        QVERIFY(!findRecipe("sft")->needsRejected);
        QVERIFY(findRecipe("kto") == nullptr);
    }

    void predictedTokensLeaveOutTheFirst()
    {
        QCOMPARE(TokenSequence::afterPrompt({1, 2, 3, 4}, 2).predictedLabels(), std::size_t{2});
        QCOMPARE(TokenSequence::afterPrompt({1, 2, 3, 4}, 0).predictedLabels(), std::size_t{3});
        QCOMPARE(TokenSequence::afterPrompt({1, 2}, 2).predictedLabels(), std::size_t{0});
        QCOMPARE(TokenSequence{}.predictedLabels(), std::size_t{0});
    }

    void truncationKeepsLabelsWithinTheSequence()
    {
        const TokenSequence whole{{1, 2, 3, 4, 5, 6}, {{0, 2}, {4, 6}}};
        QCOMPARE(whole.promptLength(), std::size_t{0});
        QCOMPARE(whole.predictedLabels(), std::size_t{3});
        const auto kept = [&](std::size_t limit) {
            TokenSequence sequence = whole;
            sequence.keepStart(limit);
            return sequence;
        };
        QVERIFY(kept(6) == whole);
        QVERIFY((kept(5) == TokenSequence{{1, 2, 3, 4, 5}, {{0, 2}, {4, 5}}}));
        QVERIFY((kept(4) == TokenSequence{{1, 2, 3, 4}, {{0, 2}}}));
        QVERIFY((kept(1) == TokenSequence{{1}, {{0, 1}}}));
    }

    // The prompt's last two characters melt with the answer: DPO gives the melted token to the answer of both
    // sides, ORPO steps back by one token per side (trl-spec 1.3 and 2.2).
    void answersThatMeltIntoThePrompt()
    {
        const PieceTokenizer tokenizer({"time"});
        const Row row = pairRow("a ti", "me x", "ck y");
        const auto dpo = run("dpo", row, tokenizer);
        QVERIFY(dpo);
        QCOMPARE(dpo->row, 7U);
        QCOMPARE(dpo->chosen.promptLength(), std::size_t{3});  // <s> a space
        QCOMPARE(dpo->rejected.promptLength(), std::size_t{3});
        QCOMPARE(answerOf(dpo->chosen, tokenizer), std::string("time x</s>"));
        QCOMPARE(answerOf(dpo->rejected, tokenizer), std::string("tick y</s>"));

        const auto orpo = run("orpo", row, tokenizer);
        QVERIFY(orpo);
        QCOMPARE(answerOf(orpo->chosen, tokenizer), std::string(" x</s>"));
        QCOMPARE(answerOf(orpo->rejected, tokenizer), std::string("ck y</s>"));
    }

    void orpoStepsBackByOneToken()
    {
        const PieceTokenizer tokenizer({"im"});
        const auto pair = run("orpo", pairRow("a ti", "me", "ck"), tokenizer);
        QVERIFY(pair);
        QCOMPARE(answerOf(pair->chosen, tokenizer), std::string("ime</s>"));
        QCOMPARE(answerOf(pair->rejected, tokenizer), std::string("ck</s>"));
        QCOMPARE(pair->chosen.promptLength(), std::size_t{4});    // <s> a space t
        QCOMPARE(pair->rejected.promptLength(), std::size_t{5});  // <s> a space t i
    }

    void orpoLeavesOutPromptsThatDifferMore()
    {
        const PieceTokenizer tokenizer({"xyzq"});
        const auto pair = run("orpo", pairRow("axyz", "q", "r"), tokenizer);
        QVERIFY(!pair);
        QCOMPARE(pair.error().reason, DropReason::PromptsDiffer);
        QCOMPARE(pair.error().row, 7U);
    }

    void beginOfSequenceIsTheTokenizersInDpoAndForcedInOrpo()
    {
        const PieceTokenizer tokenizer({}, false);
        const Row row = pairRow("p", "c", "r");
        QCOMPARE(wholeOf(run("dpo", row, tokenizer)->chosen, tokenizer), std::string("pc</s>"));
        QCOMPARE(wholeOf(run("orpo", row, tokenizer)->chosen, tokenizer), std::string("<s>pc</s>"));
        const Row begun = pairRow("<s>p", "c", "r");
        QCOMPARE(wholeOf(run("orpo", begun, tokenizer)->chosen, tokenizer), std::string("<s>pc</s>"));
    }

    void endOfSequenceIsNotDoubled()
    {
        const PieceTokenizer tokenizer;
        const Row row = pairRow("p", "c</s>", "r");
        for (const char* recipe : {"dpo", "orpo"}) {
            const auto pair = run(recipe, row, tokenizer);
            QCOMPARE(answerOf(pair->chosen, tokenizer), std::string("c</s>"));
            QCOMPARE(answerOf(pair->rejected, tokenizer), std::string("r</s>"));
        }
        QCOMPARE(answerOf(run("sft", row, tokenizer)->chosen, tokenizer), std::string("c</s>"));
    }

    void emptyAnswerKeepsItsEndToken()
    {
        const PieceTokenizer tokenizer;
        for (const char* recipe : {"dpo", "orpo"}) {
            const auto pair = run(recipe, pairRow("p</s>", "", "r"), tokenizer);
            QVERIFY(pair);
            QCOMPARE(answerOf(pair->chosen, tokenizer), std::string("</s>"));
            QCOMPARE(pair->chosen.predictedLabels(), std::size_t{1});
        }
    }

    void nothingToPredictIsLeftOut()
    {
        // Without a begin token and a prompt, a one-token answer has no prediction.
        const PieceTokenizer tokenizer({}, false);
        const auto pair = run("dpo", pairRow("", "", "r"), tokenizer);
        QVERIFY(!pair);
        QCOMPARE(pair.error().reason, DropReason::NoAnswer);
        const auto refused = run("dpo", pairRow("p", std::string("\0", 1), "r"), tokenizer);
        QCOMPARE(refused.error().reason, DropReason::NotTokenisable);
        const auto empty = run("dpo", pairRow(std::monostate{}, "", "r"), tokenizer);
        QCOMPARE(empty.error().reason, DropReason::NotSplittable);
    }

    // Characters of prompt, chosen, rejected; trained answer tokens and row lengths of TRL's ORPO at max_length 100
    // (trl-spec 2.2). The last one trains without an answer there and is left out here.
    void orpoTruncation_data()
    {
        QTest::addColumn<int>("prompt");
        QTest::addColumn<int>("chosen");
        QTest::addColumn<int>("rejected");
        QTest::addColumn<int>("chosenAnswer");
        QTest::addColumn<int>("rejectedAnswer");
        QTest::addColumn<int>("chosenLength");
        QTest::addColumn<int>("rejectedLength");
        QTest::newRow("all fits") << 10 << 20 << 15 << 21 << 16 << 32 << 27;
        QTest::newRow("chosen is cut") << 30 << 80 << 20 << 69 << 21 << 100 << 52;
        QTest::newRow("long prompt") << 60 << 60 << 20 << 39 << 21 << 100 << 82;
        QTest::newRow("end token goes") << 10 << 99 << 20 << 89 << 21 << 100 << 32;
        QTest::newRow("long answer") << 10 << 150 << 20 << 89 << 21 << 100 << 32;
        QTest::newRow("no room") << 120 << 20 << 20 << 0 << 0 << 0 << 0;
    }

    void orpoTruncation()
    {
        QFETCH(int, prompt);
        QFETCH(int, chosen);
        QFETCH(int, rejected);
        QFETCH(int, chosenAnswer);
        QFETCH(int, rejectedAnswer);
        QFETCH(int, chosenLength);
        QFETCH(int, rejectedLength);
        const PieceTokenizer tokenizer;
        const auto text = [](int count, char letter) { return std::string(static_cast<std::size_t>(count), letter); };
        const auto pair =
            run("orpo", pairRow(text(prompt, 'p'), text(chosen, 'c'), text(rejected, 'r')), tokenizer, 100);
        if (chosenAnswer == 0) {
            QVERIFY(!pair);
            QCOMPARE(pair.error().reason, DropReason::PromptFillsMaxLength);
            QCOMPARE(pair.error().promptTokens, std::uint64_t{121});
            return;
        }
        QVERIFY(pair);
        QCOMPARE(pair->chosen.ids.size(), static_cast<std::size_t>(chosenLength));
        QCOMPARE(pair->rejected.ids.size(), static_cast<std::size_t>(rejectedLength));
        QCOMPARE(pair->chosen.predictedLabels(), static_cast<std::size_t>(chosenAnswer));
        QCOMPARE(pair->rejected.predictedLabels(), static_cast<std::size_t>(rejectedAnswer));
    }

    void promptThatFillsMaxLengthIsLeftOut()
    {
        const PieceTokenizer tokenizer;
        const Row row = pairRow("pppp", "cc", "rr");  // 5 prompt tokens with <s>
        for (const char* recipe : {"dpo", "orpo", "sft"}) {
            const auto full = run(recipe, row, tokenizer, 5);
            QVERIFY(!full);
            QCOMPARE(full.error().reason, DropReason::PromptFillsMaxLength);
            QCOMPARE(full.error().promptTokens, std::uint64_t{5});
            const auto oneToken = run(recipe, row, tokenizer, 6);
            QVERIFY(oneToken);
            QCOMPARE(answerOf(oneToken->chosen, tokenizer), std::string("c"));
        }
    }

    void textTrainsEveryToken()
    {
        const PieceTokenizer tokenizer;
        const auto text = run("sft", {RowKind::Text, {}, "abc", {}}, tokenizer);
        QCOMPARE(text->chosen.promptLength(), std::size_t{0});
        QCOMPARE(wholeOf(text->chosen, tokenizer), std::string("<s>abc</s>"));
        QVERIFY(text->rejected.ids.empty());
        const auto completion = run("sft", {RowKind::PromptCompletion, "p", "abc", {}}, tokenizer);
        QCOMPARE(completion->chosen.promptLength(), std::size_t{2});
        const auto preference = run("sft", pairRow("p", "abc", "z"), tokenizer);
        QVERIFY(preference->chosen == completion->chosen);
    }

    void conversationsAreRendered()
    {
        const PieceTokenizer tokenizer;
        const Messages question{{"user", "Hi"}};
        const Row row = pairRow(question, Messages{{"assistant", "Yes"}}, Messages{{"assistant", "No"}});
        for (const char* recipe : {"dpo", "orpo"}) {
            const auto pair = run(recipe, row, tokenizer);
            QVERIFY(pair);
            QCOMPARE(wholeOf(pair->chosen, tokenizer),
                     std::string("<s><|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nYes<|im_end|>\n</s>"));
            QCOMPARE(answerOf(pair->rejected, tokenizer), std::string("No<|im_end|>\n</s>"));
        }
        // A rendering that ends with the end token and a newline gets no second one in DPO.
        const Row ended = pairRow(question, Messages{{"assistant", "Yes"}}, Messages{{"assistant", "No</s>\n"}});
        const TextModel transcript = textOf(tokenizer, *findChatTemplate("transcript"));
        const auto pair = tokenise(*findRecipe("dpo"), ended, 0, transcript, {});
        QVERIFY(pair);
        QCOMPARE(wholeOf(pair->chosen, tokenizer), std::string("<s>\n\nHuman: Hi\n\nAssistant: Yes</s>"));
        QCOMPARE(answerOf(pair->rejected, tokenizer).substr(0, 7), std::string(" No</s>"));
        QVERIFY(answerOf(pair->rejected, tokenizer).find("</s>\n</s>") == std::string::npos);
    }

    void textPromptsAboveConversations()
    {
        const PieceTokenizer tokenizer;
        const Messages yes{{"user", "Hi"}, {"assistant", "Yes"}};
        const Messages no{{"user", "Hi"}, {"assistant", "No"}};
        const auto repeated = run("dpo", pairRow("Hi", yes, no), tokenizer);
        const auto replies = run("dpo", pairRow("Hi", Messages{yes[1]}, Messages{no[1]}), tokenizer);
        const auto implicit = run("dpo", pairRow(std::monostate{}, yes, no), tokenizer);
        const auto strings = run("dpo", pairRow(Messages{yes[0]}, "Yes", "No"), tokenizer);
        QVERIFY(repeated && replies && implicit && strings);
        QCOMPARE(wholeOf(repeated->chosen, tokenizer), wholeOf(replies->chosen, tokenizer));
        QVERIFY(*repeated == *replies);
        QVERIFY(*repeated == *implicit);
        QVERIFY(*repeated == *strings);
    }
};

QTEST_GUILESS_MAIN(RecipeTest)
#include "recipe_test.moc"
