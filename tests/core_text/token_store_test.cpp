// SPDX-License-Identifier: GPL-3.0-or-later
// Stores of tokenised rows: what is in them, when they are made, what they do without.
#include "core/text/pair_source.h"
#include "core/text/token_store.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/piece_tokenizer.h"
#include "support/results.h"

#include <QTest>

#include <atomic>
#include <new>

using namespace preflab;

namespace {

/// Counts the rows that are read.
class CountedRows final : public RowSource {
public:
    explicit CountedRows(std::shared_ptr<const RowSource> rows) : m_rows(std::move(rows)) {}
    std::uint32_t size() const override { return m_rows->size(); }
    Result<Row> row(std::uint32_t index) const override
    {
        ++reads;
        return m_rows->row(index);
    }
    std::uint64_t sourceNumber(std::uint32_t index) const override { return m_rows->sourceNumber(index); }
    Result<std::string> rawRow(std::uint32_t index) const override { return m_rows->rawRow(index); }

    mutable std::atomic<int> reads{0};

private:
    std::shared_ptr<const RowSource> m_rows;
};

/// Memory runs out at a text with an "!"; the user stops it within a text with a "?".
class ExhaustedTokenizer final : public Tokenizer {
public:
    mutable std::stop_source stops;

    Result<TokenIds> encode(std::string_view text, SpecialTokens special, std::stop_token stop = {}) const override
    {
        if (text.find('?') != std::string_view::npos) stops.request_stop();
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        if (text.find('!') != std::string_view::npos) throw std::bad_alloc();
        return m_pieces.encode(text, special);
    }
    std::unique_ptr<TextDecoder> decoder() const override { return m_pieces.decoder(); }
    std::string piece(TokenId id) const override { return m_pieces.piece(id); }
    std::int64_t size() const override { return m_pieces.size(); }
    std::optional<TokenId> beginOfSequence() const override { return 1; }
    std::optional<TokenId> endOfSequence() const override { return 2; }
    std::string endOfSequenceText() const override { return "</s>"; }
    std::string description() const override { return "exhausted"; }
    std::string contentHash() const override { return "exhausted"; }
    std::vector<std::filesystem::path> files() const override { return {}; }

private:
    PieceTokenizer m_pieces;
};

/// Prompts of 1 to 60 characters, answers of 0 to 12: some rows are too long for short limits, some have no answer.
std::string lines(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) {
        const auto times = [](char letter, int number) {
            return std::string(static_cast<std::size_t>(number), letter);
        };
        text += "{\"prompt\": \"" + times('p', i % 60 + 1) + "\", \"chosen\": \"" + times('c', i % 13) +
                "\", \"rejected\": \"cc" + times('r', i % 7) + "\"}\n";
    }
    return text;
}

/// A dataset with its store's key parts, in a folder that goes away.
struct Bench {
    test::ScratchFolder folder;
    Dataset dataset;
    std::shared_ptr<const CountedRows> rows;
    Tokenisation how;

    explicit Bench(const std::string& text, const char* recipe = "dpo")
        : dataset(*test::openIn(folder.path(), test::writeFile(folder / "pairs.jsonl", text))),
          rows(std::make_shared<CountedRows>(dataset.rows))
    {
        how.recipe = findRecipe(recipe);
        how.text.tokenizer = std::make_shared<PieceTokenizer>();
        how.cacheFolder = folder / "cache";
    }

    TokenRows all(RowStates edits = {}) const { return {rows, dataset.rowsKey(), std::move(edits), {}}; }
    Result<std::shared_ptr<const TokenStore>> open(RowStates edits = {}) const
    {
        return TokenStore::open(all(std::move(edits)), how);
    }
    /// Rows read since the last call.
    int reads() const { return rows->reads.exchange(0); }
};

RowState edited(const char* prompt, const char* chosen, const char* rejected)
{
    RowState state;
    state.edited = std::make_shared<const Row>(Row{RowKind::Preference, prompt, chosen, rejected});
    return state;
}

std::filesystem::path onlyFileIn(const std::filesystem::path& folder)
{
    const auto found = std::filesystem::directory_iterator(folder);
    return found == std::filesystem::directory_iterator() ? std::filesystem::path() : found->path();
}

}  // namespace

class TokenStoreTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pairsAreTheRecipesOwn_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<int>("limit");
        for (const RecipeInfo* recipe : recipes()) {
            for (const int limit : {0, 1, 2, 5, 17, 64, 200}) {
                const auto name = QString("%1 %2").arg(QString::fromStdString(recipe->id)).arg(limit);
                QTest::newRow(qPrintable(name)) << QString::fromStdString(recipe->id) << limit;
            }
        }
    }

    void pairsAreTheRecipesOwn()
    {
        QFETCH(QString, recipe);
        QFETCH(int, limit);
        Bench bench(lines(400), qPrintable(recipe));
        if (limit > 0)
            bench.how.options.maxLength = limit;
        else
            bench.how.options.maxLength.reset();
        const auto store = bench.open();
        QCOMPARE(test::problemOf(store), QString());
        const auto pairs = StoredPairs::select(*store, {}, bench.how.options.maxLength);
        QCOMPARE(test::problemOf(pairs), QString());
        std::uint32_t next = 0;
        DropSummary drops;
        for (std::uint32_t row = 0; row < 400; ++row) {
            const auto expected =
                tokenise(*bench.how.recipe, *bench.dataset.rows->row(row), row, bench.how.text, bench.how.options);
            if (!expected) {
                drops.add(expected.error());
                continue;
            }
            QVERIFY(next < pairs->size());
            QVERIFY(*pairs->pair(next) == *expected);
            QCOMPARE(std::size_t{pairs->length(next).chosen}, expected->chosen.ids.size());
            QCOMPARE(std::size_t{pairs->length(next).rejected}, expected->rejected.ids.size());
            ++next;
        }
        QCOMPARE(next, pairs->size());
        QVERIFY(pairs->drops().counts == drops.counts);
        QCOMPARE(pairs->drops().shortestPrompt, drops.shortestPrompt);
    }

    void rowsAreReadOnce()
    {
        const Bench bench(lines(700));
        auto store = bench.open();
        QCOMPARE(bench.reads(), 700);
        store = bench.open();
        QCOMPARE(bench.reads(), 0);
        // Other maximum lengths are cut from the same tokens, and nothing needs the data file any more.
        test::writeFile(bench.folder / "pairs.jsonl", "");
        for (const int limit : {8, 64}) {
            const auto pairs = StoredPairs::select(*store, {}, limit);
            for (std::uint32_t i = 0; i < pairs->size(); ++i) QVERIFY(pairs->pair(i).has_value());
        }
        QCOMPARE(bench.reads(), 0);
        QCOMPARE(test::entriesIn(bench.folder / "cache/tokens"), std::ptrdiff_t{1});
    }

    void editedRowsAreTokenisedAlone()
    {
        const Bench bench(lines(300));
        QVERIFY(bench.open().has_value());
        QCOMPARE(bench.reads(), 300);
        RowStates edits;
        edits.set(7, edited("q", "new", "old"));
        edits.set(299, edited("q", "x", "y"));
        RowState excluded;
        excluded.isExcluded = true;
        edits.set(9, excluded);
        const auto store = bench.open(edits);
        QCOMPARE(bench.reads(), 0);  // edited rows are not in the file
        const auto pairs = StoredPairs::select(*store, {}, std::nullopt);
        QCOMPARE(pairs->pair(7)->row, 7U);
        const auto textOf = [&](const TokenSequence& side) {
            std::string text;
            for (const TokenId id : side.ids) text += bench.how.text.tokenizer->piece(id);
            return text;
        };
        QCOMPARE(textOf(pairs->pair(7)->chosen), std::string("<s>qnew</s>"));
        QCOMPARE(textOf(pairs->pair(299)->rejected), std::string("<s>qy</s>"));
        QCOMPARE(textOf(pairs->pair(8)->chosen), "<s>" + std::string(9, 'p') + std::string(8, 'c') + "</s>");
        // The same edits again, other ones, and none.
        QVERIFY(bench.open(edits).has_value());
        edits.set(7, edited("q", "newer", "old"));
        QCOMPARE(textOf(StoredPairs::select(*bench.open(edits), {7}, std::nullopt)->pair(0)->chosen),
                 std::string("<s>qnewer</s>"));
        QCOMPARE(textOf(StoredPairs::select(*bench.open(), {7}, std::nullopt)->pair(0)->chosen),
                 "<s>" + std::string(8, 'p') + std::string(7, 'c') + "</s>");
        QCOMPARE(bench.reads(), 0);
    }

    void someRowsOnly()
    {
        Bench bench(lines(300));
        TokenRows some = bench.all();
        some.only = {3, 50, 299};
        some.edits.set(4, edited("q", "x", "y"));
        some.edits.set(50, edited("q", "x", "y"));
        const auto store = TokenStore::open(some, bench.how);
        QCOMPARE(bench.reads(), 3);
        const auto pairs = StoredPairs::select(*store, {}, std::nullopt);
        QCOMPARE(pairs->usableRows(), some.only);
        QCOMPARE(pairs->pair(1)->chosen.ids.size(), std::size_t{4});
        QCOMPARE(StoredPairs::select(*store, {50, 299}, std::nullopt)->size(), 2U);
    }

    void eachWayHasItsOwnTokens()
    {
        Bench bench(lines(3));
        const auto files = [&] {
            if (!bench.open()) return std::ptrdiff_t{-1};
            return test::entriesIn(bench.folder / "cache/tokens");
        };
        QCOMPARE(files(), std::ptrdiff_t{1});
        bench.how.options.maxLength = 7;
        QCOMPARE(files(), std::ptrdiff_t{1});
        bench.how.recipe = findRecipe("orpo");
        QCOMPARE(files(), std::ptrdiff_t{2});
        bench.how.text.chatTemplate = findChatTemplate("transcript");
        QCOMPARE(files(), std::ptrdiff_t{3});
        bench.how.options.split = SplitRule::Trl;
        QCOMPARE(files(), std::ptrdiff_t{4});
        bench.dataset.contentHash = "other data";
        QCOMPARE(files(), std::ptrdiff_t{5});
    }

    void eachMappingHasItsOwnTokens()
    {
        Bench bench(R"({"prompt": "p", "chosen": "good", "rejected": "bad"})");
        QVERIFY(bench.open());
        const auto swapped = Dataset::open(
            bench.dataset.path, {bench.folder / "cache", ColumnMapping{.chosen = "rejected", .rejected = "chosen"}});
        QCOMPARE(test::problemOf(swapped), QString());
        QCOMPARE(swapped->contentHash, bench.dataset.contentHash);
        const auto store = TokenStore::open({swapped->rows, swapped->rowsKey(), {}, {}}, bench.how);
        QCOMPARE(test::problemOf(store), QString());
        const auto pairs = StoredPairs::select(*store, {}, {});
        const auto expected = tokenise(*bench.how.recipe, *swapped->rows->row(0), 0, bench.how.text, bench.how.options);
        QVERIFY(pairs && pairs->size() == 1 && *pairs->pair(0) == *expected);
    }

    void damageIsNoticedAndMended()
    {
        const Bench bench(lines(200));
        QVERIFY(bench.open().has_value());
        const auto cached = onlyFileIn(bench.folder / "cache/tokens");
        const std::string whole = test::readFile(cached);
        for (const std::size_t flipped : {std::size_t{30}, whole.size() / 2, whole.size() - 300, whole.size() - 200}) {
            std::string bytes = whole;
            bytes[flipped] = static_cast<char>(bytes[flipped] ^ 1);
            test::writeFile(cached, bytes);
            (void)bench.reads();
            QVERIFY(bench.open().has_value());
            QCOMPARE(bench.reads(), 200);
        }
        for (const std::size_t kept : {std::size_t{0}, std::size_t{100}, whole.size() - 48, whole.size() - 1}) {
            test::writeFile(cached, whole.substr(0, kept));
            (void)bench.reads();
            QVERIFY(bench.open().has_value());
            QCOMPARE(bench.reads(), 200);
        }
    }

    void aCacheThatCannotBeWrittenIsDoneWithout()
    {
        Bench bench(lines(30));
        bench.how.cacheFolder = test::writeFile(bench.folder / "a_file", "in the way");
        const auto store = bench.open();
        QCOMPARE(test::problemOf(store), QString());
        QVERIFY(QString::fromStdString((*store)->note()).contains("temporary file"));
        QVERIFY(StoredPairs::select(*store, {}, std::nullopt)->pair(3).has_value());
        for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::temp_directory_path()))
            QVERIFY(!entry.path().filename().string().starts_with("preflab-" + std::to_string(::getpid())));
    }

    void memoryThatRunsOutIsAnError()
    {
        Bench bench(lines(2000) + "{\"prompt\": \"p\", \"chosen\": \"!\", \"rejected\": \"r\"}\n");
        bench.how.text.tokenizer = std::make_shared<ExhaustedTokenizer>();
        QCOMPARE(test::codeOf(bench.open()), QString("out-of-memory"));
    }

    void cancelled()
    {
        const Bench bench(lines(30));
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(test::codeOf(TokenStore::open(bench.all(), bench.how, {}, stop.get_token())), QString("cancelled"));
        QVERIFY(!std::filesystem::exists(bench.folder / "cache/tokens") ||
                test::entriesIn(bench.folder / "cache/tokens") == 0);
    }

    void recordsKeepLabelRuns()
    {
        const TokenPair pair{0, {{1, 2, 3, 65'535, 5}, {{0, 2}, {4, 5}}}, {{1, 2, 9}, {{2, 3}}}};
        for (const std::size_t width : {idBytes(65'536), idBytes(65'537)}) {
            std::string bytes;
            appendRecord(bytes, pair, width);
            QCOMPARE(bytes.size(), 20 + 3 * sizeof(LabelRun) + 6 * width);
            QVERIFY(readRecord(std::as_bytes(std::span(bytes)), width) == pair);
            for (std::size_t size = 0; size < bytes.size(); ++size)
                QVERIFY(!readRecord(std::as_bytes(std::span(bytes).first(size)), width));
        }
        const TokenEntry entry = entryOf(pair, true);
        QCOMPARE(entry.chosen.prompt, 0U);
        QCOMPARE(entry.chosen.firstPredicted, 1U);
        QVERIFY(!dropAt(entry, 0, true, 3));
        QVERIFY(dropAt(entry, 0, true, 2)->reason == DropReason::PromptFillsMaxLength);
        QVERIFY(dropAt(entry, 0, false, 1)->reason == DropReason::NoAnswer);
    }

    // A row that is not finished is no row without tokens.
    void aStopWithinARowLeavesNothing()
    {
        Bench bench(R"({"prompt":"a","chosen":"b?","rejected":"c"})");
        const auto tokenizer = std::make_shared<ExhaustedTokenizer>();
        bench.how.text.tokenizer = tokenizer;
        const auto stopped = TokenStore::open(bench.all(), bench.how, {}, tokenizer->stops.get_token());
        QCOMPARE(test::codeOf(stopped), QString("cancelled"));
        const auto again = bench.open();
        QCOMPARE(test::problemOf(again), QString());
        QCOMPARE(StoredPairs::select(*again, {}, std::nullopt)->size(), 1U);
    }
};

QTEST_GUILESS_MAIN(TokenStoreTest)
#include "token_store_test.moc"
