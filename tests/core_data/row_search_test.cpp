// SPDX-License-Identifier: GPL-3.0-or-later
// Searching rows in their bytes finds exactly what searching their parsed texts finds.
#include "core/data/rows/raw_texts.h"
#include "core/data/view/row_search.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QTest>

using namespace preflab;

namespace {

std::vector<std::uint32_t> found(const Dataset& dataset, std::string_view text)
{
    const auto search = RowSearch::compile(text);
    std::vector<std::uint8_t> kept(dataset.rows->size(), 1);
    if (!search || !search->keepMatching(*dataset.rows, kept)) return {999999};
    std::vector<std::uint32_t> rows;
    for (std::uint32_t i = 0; i < kept.size(); ++i) {
        if (kept[i] != 0) rows.push_back(i);
    }
    return rows;
}

std::vector<std::uint32_t> foundByParsing(const Dataset& dataset, std::string_view text)
{
    const auto search = RowSearch::compile(text);
    std::vector<std::uint32_t> rows;
    for (std::uint32_t i = 0; i < dataset.rows->size(); ++i) {
        if (search->matches(*dataset.rows->row(i))) rows.push_back(i);
    }
    return rows;
}

constexpr std::string_view kDialogue =
    R"({"prompt":[{"role":"user","content":"Hi {\"[\""}],"chosen":[{"content":"a","role":"x"}],)"
    R"("rejected":[{"role":"content","content":"b","meta":{"content":"no"}}],"text":"no"})";
constexpr std::string_view kCompletion = R"({"prompt": "p", "completion": "c", "chosen": "no"})";
constexpr std::string_view kText = R"({"text": "t\u00e9", "prompt": "no"})";

/// Escapes of every kind, keys that look like texts, blank and bad lines between rows.
std::string trickyLines()
{
    std::string lines = "\xEF\xBB\xBF";
    lines += R"({"prompt": "Next stop", "chosen": "a\next", "rejected": "plain", "note": "needle"})"
             "\n";
    lines += "\n";
    lines += R"({"prompt": "line\nbreak", "chosen": "\u0041pple \u00fcber", "rejected": "Über 你好 \ud83d\ude00"})";
    lines += "\r\n";
    lines += "{broken\n";
    lines += R"({"chosen" : "x", "prompt": "chosen", "rejected": "\"quoted\\", "more": {"prompt": "needle"}})"
             "\n";
    lines += R"({"prompt": "\u4f60\u597d", "chosen": "00fc", "rejected": "back\\slash \/ \t tab"})"
             "\n";
    lines += R"({"p\u0072ompt": "hidden key", "chosen": "needle, at last", "rejected": ""})"
             "\n";
    for (int i = 0; i < 500; ++i) {
        lines += "{\"prompt\": \"Row " + std::to_string(i) + "\", \"chosen\": \"" + std::string(3000, 'w') +
                 "\", \"rejected\": \"end\"}\n";
    }
    return lines;
}

}  // namespace

class RowSearchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsWhatParsingFinds()
    {
        const test::ScratchFolder folder;
        const auto dataset = test::openIn(folder.path(), test::writeFile(folder / "rows.jsonl", trickyLines()));
        QCOMPARE(test::problemOf(dataset), QString());
        for (const std::string_view text :
             {"next",     "NEXT STOP",  "needle",    "apple",      "über",   "ÜBER 你", "你好", "😀",
              "chosen",   "prompt",     "quoted\\",  "\"quoted\"", "e\nb",   "00fc",    "u00",  "h \\",
              "/ \t tab", "hidden",     "row 49",    "Row 499",    "www",    "end",     "e",    "/^row 1\\d\\d$/",
              "/n$/",     "/ü.*\\bx?/", "not there", "broken",     "/slash", "/"}) {
            QVERIFY2(found(*dataset, text) == foundByParsing(*dataset, text), std::string(text).c_str());
        }
        QCOMPARE(found(*dataset, "next"), (std::vector<std::uint32_t>{0}));
        QCOMPARE(found(*dataset, "needle"), (std::vector<std::uint32_t>{4}));
        QCOMPARE(found(*dataset, "row 499"), (std::vector<std::uint32_t>{504}));
    }

    void rowsAreReadInBlocks()
    {
        const test::ScratchFolder folder;
        const auto dataset = test::openIn(folder.path(), test::writeFile(folder / "rows.jsonl", trickyLines()));
        RawRows block;
        std::uint32_t row = 0;
        int reads = 0;
        while (row < dataset->rows->size()) {
            QCOMPARE(test::problemOf(dataset->rows->rawRows(row, dataset->rows->size() - row, block)), QString());
            QVERIFY(!block.ranges.empty());
            for (std::size_t i = 0; i < block.ranges.size(); ++i, ++row)
                QCOMPARE(std::string(block.row(i)), *dataset->rows->rawRow(row));
            ++reads;
        }
        QVERIFY(reads >= 2 && reads < 10);
    }

    void onlyRowsThatAreLeftAreLookedAt()
    {
        const test::ScratchFolder folder;
        const auto dataset = test::openIn(folder.path(), test::writeFile(folder / "rows.jsonl", trickyLines()));
        std::vector<std::uint8_t> kept(dataset->rows->size(), 0);
        kept[7] = 1;
        kept[8] = 1;
        QVERIFY(RowSearch::compile("row 2")->keepMatching(*dataset->rows, kept).has_value());
        QCOMPARE(std::count(kept.begin(), kept.end(), std::uint8_t{1}), std::ptrdiff_t{1});
        QCOMPARE(int(kept[7]), 1);
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(test::codeOf(RowSearch::compile("row 2")->keepMatching(*dataset->rows, kept, stop.get_token())),
                 QStringLiteral("cancelled"));
    }

    void textsOfEachKindOfRow()
    {
        const auto textsOf = [](std::string_view json, RowKind kind) {
            std::vector<std::string> texts;
            const auto roles = textColumns(kind);
            const std::vector<std::string> columns(roles.begin(), roles.end());
            visitRawTexts(json, columns, [&](std::string_view text) {
                texts.emplace_back(text);
                return false;
            });
            return texts;
        };
        using Texts = std::vector<std::string>;
        QCOMPARE(textsOf(kDialogue, RowKind::Preference), (Texts{"Hi {\"[\"", "a", "b"}));
        QCOMPARE(textsOf(kCompletion, RowKind::PromptCompletion), (Texts{"p", "c"}));
        QCOMPARE(textsOf(kText, RowKind::Text), Texts{"té"});
    }

    void contentOfPartsIsSearched()
    {
        const test::ScratchFolder folder;
        const std::string answer = R"([{"role": "assistant", "content": "a"}])";
        const auto line = [&](const std::string& content) {
            return R"({"prompt": [{"role": "user", "content": )" + content + R"(}], "chosen": )" + answer +
                   R"(, "rejected": )" + answer + "}\n";
        };
        const auto dataset = test::openIn(
            folder.path(), test::writeFile(folder / "parts.jsonl",
                                           line(R"("plain")") + line(R"([{"type": "text", "text": "split nee"}, )"
                                                                     R"({"text": "dle", "type": "text"}])")));
        QCOMPARE(test::problemOf(dataset), QString());
        for (const std::string_view text : {"needle", "split", "e", "text", "/^split/"})
            QVERIFY2(found(*dataset, text) == foundByParsing(*dataset, text), std::string(text).c_str());
        QCOMPARE(found(*dataset, "split"), (std::vector<std::uint32_t>{1}));
        QCOMPARE(found(*dataset, "/needle/"), (std::vector<std::uint32_t>{1}));
    }

    void aWrongExpressionIsNamed()
    {
        QCOMPARE(test::codeOf(RowSearch::compile("/a[/")), QStringLiteral("pattern-invalid"));
        QCOMPARE(test::problemOf(RowSearch::compile("/a[")), QString());
    }
};

QTEST_GUILESS_MAIN(RowSearchTest)
#include "row_search_test.moc"
