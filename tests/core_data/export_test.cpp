// SPDX-License-Identifier: GPL-3.0-or-later
// What is exported reads back the same, in every kind of file; the source is never touched.
#include "core/base/json.h"
#include "core/data/export/export.h"
#include "core/data/rows/prompt_split.h"
#include "support/export_samples.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::problemOf;

namespace {

const char* nameOf(ExportKind kind)
{
    return kind == ExportKind::Csv ? "out.csv" : kind == ExportKind::Parquet ? "out.parquet" : "out.jsonl";
}

/// The row with something else in it.
Row reworded(Row row)
{
    if (row.kind == RowKind::Preference) return swapped(row);
    if (auto* text = std::get_if<std::string>(&row.chosen))
        *text += " and \"more\"\n";
    else
        std::get<Messages>(row.chosen).front().content += " and \"more\"\n";
    return row;
}

/// What of a row an export of that kind keeps as it is: CSV and Parquet make texts of messages' other keys.
Row asKept(Row row, ExportKind kind)
{
    if (kind == ExportKind::JsonLines) return row;
    for (RowText* text : {&row.prompt, &row.chosen, &row.rejected})
        if (auto* messages = std::get_if<Messages>(text))
            for (Message& message : *messages) message.otherKeys.clear();
    return row;
}

}  // namespace

class ExportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsBackTheSame_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("kind");
        for (const ExportKind kind : {ExportKind::JsonLines, ExportKind::Csv, ExportKind::Parquet}) {
            QTest::addRow("texts to %s", nameOf(kind)) << QByteArray(test::kExportTexts) << static_cast<int>(kind);
            QTest::addRow("messages to %s", nameOf(kind))
                << QByteArray(test::kExportMessages) << static_cast<int>(kind);
            QTest::addRow("transcripts to %s", nameOf(kind))
                << QByteArray(test::kExportTranscripts) << static_cast<int>(kind);
            QTest::addRow("conversations to %s", nameOf(kind))
                << QByteArray(test::kExportConversations) << static_cast<int>(kind);
            QTest::addRow("texts beside conversations to %s", nameOf(kind))
                << QByteArray(test::kExportTextBesideConversations) << static_cast<int>(kind);
            QTest::addRow("message keys to %s", nameOf(kind))
                << QByteArray(test::kExportMessageKeys) << static_cast<int>(kind);
            QTest::addRow("parts to %s", nameOf(kind)) << QByteArray(test::kExportParts) << static_cast<int>(kind);
            QTest::addRow("completions to %s", nameOf(kind))
                << QByteArray(test::kExportCompletions) << static_cast<int>(kind);
            QTest::addRow("message completions to %s", nameOf(kind))
                << QByteArray(test::kExportMessageCompletions) << static_cast<int>(kind);
            QTest::addRow("plain texts to %s", nameOf(kind))
                << QByteArray(test::kExportPlainTexts) << static_cast<int>(kind);
        }
    }

    void readsBackTheSame()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, kind);
        const test::ScratchFolder folder;
        const auto source = test::writeFile(folder / "pairs.jsonl", content.toStdString());
        const auto data = Dataset::open(source, {folder / "cache"});
        QCOMPARE(problemOf(data), QString());
        RowStates states;
        RowState edit;
        edit.edited = std::make_shared<const Row>(reworded(*data->rows->row(0)));
        states.set(0, edit);
        const auto target = folder / nameOf(static_cast<ExportKind>(kind));
        const auto summary = exportRows(*data, states, target, {static_cast<ExportKind>(kind), {}, false});
        QCOMPARE(problemOf(summary), QString());
        QCOMPARE(summary->rows, std::uint64_t(data->rows->size()));
        const auto again = Dataset::open(target, {folder / "cache"});
        QCOMPARE(problemOf(again), QString());
        QCOMPARE(again->rows->size(), data->rows->size());
        const auto kept = [kind](const Row& row) { return asKept(row, static_cast<ExportKind>(kind)); };
        QVERIFY(areEqual(kept(*again->rows->row(0)), kept(*edit.edited)));
        QCOMPARE(again->layoutId, data->layoutId);
        for (std::uint32_t row = 1; row < data->rows->size(); ++row)
            QVERIFY2(areEqual(kept(*again->rows->row(row)), kept(*data->rows->row(row))), std::to_string(row).c_str());
        QCOMPARE(test::readFile(source), content.toStdString());
    }

    void leavesOutWhatIsExcludedAndKeepsOtherColumns()
    {
        const test::ScratchFolder folder;
        const auto data =
            Dataset::open(test::writeFile(folder / "pairs.jsonl", test::kExportTexts), {folder / "cache"});
        QVERIFY(data);
        RowStates states;
        RowState excluded;
        excluded.isExcluded = true;
        states.set(1, excluded);
        RowState labelled;
        labelled.vote =
            VoteRecord{Vote::RejectedBetter, true, false, VoteStrength::Clearly, {"clearer", "better tone"}};
        labelled.tags = {"a", "b"};
        states.set(2, labelled);
        const auto summary = exportRows(*data, states, folder / "out.jsonl", {ExportKind::JsonLines, {}, true});
        QVERIFY(summary && summary->rows == 2 && summary->leftOut == 1);
        const std::string text = test::readFile(folder / "out.jsonl");
        QVERIFY(text.find("\"score\":0.5") != std::string::npos);
        QVERIFY(text.find("\"label\":\"rejected\",\"strength\":\"clearly\",\"reasons\":\"clearer, better "
                          "tone\",\"tags\":\"a, b\"") != std::string::npos);
        QVERIFY(text.find("=1+1") == std::string::npos);
    }

    void promptsOfTheirOwnJoinTheSidesWhereTheOthersDo()
    {
        const test::ScratchFolder folder;
        const auto data =
            Dataset::open(test::writeFile(folder / "pairs.jsonl", test::kExportTranscripts), {folder / "cache"});
        QVERIFY(data && data->isPromptImplicit);
        RowStates states;
        RowState edit;
        edit.edited = std::make_shared<const Row>(Row{RowKind::Preference, std::string("\n\nHuman: q\n\nAssistant:"),
                                                      std::string(" new"), std::string(" old")});
        states.set(1, edit);
        QVERIFY(exportRows(*data, states, folder / "out.jsonl", {ExportKind::JsonLines, {}, false}));
        const auto again = Dataset::open(folder / "out.jsonl", {folder / "cache"});
        QCOMPARE(problemOf(again), QString());
        QCOMPARE(again->rows->size(), data->rows->size());
        QCOMPARE(std::get<std::string>(again->rows->row(1)->chosen), std::string("\n\nHuman: q\n\nAssistant: new"));
    }

    void rowsOfTheOtherLayoutStayReadable()
    {
        const std::string conversations = test::kExportTextBesideConversations;
        const std::string answers = test::kExportTextBesideAnswers;
        for (const bool areConversationsFirst : {true, false}) {
            const test::ScratchFolder folder;
            const auto source = areConversationsFirst ? conversations + answers : answers + conversations;
            const auto data = Dataset::open(test::writeFile(folder / "pairs.jsonl", source), {folder / "cache"});
            QVERIFY(data && data->isPromptImplicit == areConversationsFirst && data->rows->size() == 3);
            for (const ExportKind kind : {ExportKind::JsonLines, ExportKind::Csv, ExportKind::Parquet}) {
                QVERIFY(exportRows(*data, {}, folder / nameOf(kind), {kind, {}, false}));
                const auto again = Dataset::open(folder / nameOf(kind), {folder / "cache"});
                QCOMPARE(problemOf(again), QString());
                QCOMPARE(again->rows->size(), 3U);
                for (std::uint32_t row = 0; row < 3; ++row)
                    QVERIFY(areEqual(asKept(*splitPrompt(*again->rows->row(row), SplitRule::Automatic), kind),
                                     asKept(*splitPrompt(*data->rows->row(row), SplitRule::Automatic), kind)));
            }
            QVERIFY(test::readFile(folder / "out.jsonl").find("\"weight\":1") != std::string::npos);
        }
    }

    void textsBesideConversationsFollowThem()
    {
        const test::ScratchFolder folder;
        const auto data = Dataset::open(test::writeFile(folder / "pairs.jsonl", test::kExportTextBesideConversations),
                                        {folder / "cache"});
        QVERIFY(data);
        RowStates states;
        RowState edit;
        Row texts = *splitPrompt(*data->rows->row(0), SplitRule::Automatic);
        std::get<Messages>(texts.prompt).front().content = "new";
        edit.edited = std::make_shared<const Row>(texts);
        states.set(0, edit);
        QVERIFY(exportRows(*data, states, folder / "out.jsonl", {ExportKind::JsonLines, {}, false}));
        const auto again = Dataset::open(folder / "out.jsonl", {folder / "cache"});
        QVERIFY(again);
        QVERIFY(again->rows->rawRow(0)->starts_with("{\"prompt\":\"new\","));
        QVERIFY(again->rows->rawRow(1)->starts_with("{\"prompt\":\"r\","));
        QCOMPARE(std::get<Messages>(again->rows->row(0)->chosen), (Messages{{"user", "new"}, {"assistant", "yes"}}));
    }

    void messagesKeepTheirOtherKeys()
    {
        const test::ScratchFolder folder;
        const auto data =
            Dataset::open(test::writeFile(folder / "pairs.jsonl", test::kExportMessageKeys), {folder / "cache"});
        QVERIFY(data);
        RowStates states;
        RowState edit;
        Row texts = *data->rows->row(1);
        std::get<Messages>(texts.prompt).front().content = "new";
        edit.edited = std::make_shared<const Row>(texts);
        states.set(1, edit);
        RowState exchange;
        exchange.isSwapped = true;
        states.set(2, exchange);
        QVERIFY(exportRows(*data, states, folder / "out.jsonl", {ExportKind::JsonLines, {}, false}));
        QVERIFY(exportRows(*data, states, folder / "out.parquet", {ExportKind::Parquet, {}, false}));
        const auto lines = Dataset::open(folder / "out.jsonl", {folder / "cache"});
        QCOMPARE(*lines->rows->rawRow(0), *data->rows->rawRow(0));
        const Json edited = *parseJson(*lines->rows->rawRow(1));
        QCOMPARE(edited["prompt"], Json::parse("[{\"role\":\"user\",\"content\":\"new\",\"name\":\"bob\"}]"));
        QCOMPARE(edited["chosen"][0]["weight"], Json(0.5));
        const Json exchanged = *parseJson(*lines->rows->rawRow(2));
        QVERIFY(!exchanged["chosen"][0].contains("weight"));
        QCOMPARE(exchanged["rejected"][0]["weight"], Json(2));
        const auto table = Dataset::open(folder / "out.parquet", {folder / "cache"});
        const Json converted = *parseJson(*table->rows->rawRow(0));
        QCOMPARE(converted["prompt"][0]["name"], Json("ann"));
        QCOMPARE(converted["chosen"][0]["weight"], Json("1"));
        QCOMPARE(parseJson(*table->rows->rawRow(1))->at("rejected")[0]["name_2"], Json("y"));
        QCOMPARE(converted["id"], Json("123456789012345678901234567890"));
    }

    void columnsOfTheSourceStayBesideLabels()
    {
        const test::ScratchFolder folder;
        const auto data =
            Dataset::open(test::writeFile(folder / "texts.jsonl", test::kExportOddColumns), {folder / "cache"});
        QVERIFY(data);
        RowStates states;
        RowState said;
        said.note = "mine";
        states.set(1, said);
        QVERIFY(exportRows(*data, states, folder / "out.jsonl", {ExportKind::JsonLines, {}, true}));
        const auto again = Dataset::open(folder / "out.jsonl", {folder / "cache"});
        QVERIFY(again->rows->rawRow(0)->ends_with("\"label\":true,\"preflab_label\":\"\",\"strength\":\"\",\"reasons\":"
                                                  "\"\",\"tags\":\"\",\"preflab_note_2\":\"\"}"));
        const Json last = *parseJson(*again->rows->rawRow(1));
        QVERIFY(last["Note"] == "own" && last["preflab_note"] == 5 && last["preflab_note_2"] == "mine");
    }

    void columnsThatDifferOnlyInCaseGetNumbers()
    {
        const test::ScratchFolder folder;
        const auto data =
            Dataset::open(test::writeFile(folder / "texts.jsonl", test::kExportOddColumns), {folder / "cache"});
        QVERIFY(data);
        for (const ExportKind kind : {ExportKind::Csv, ExportKind::Parquet}) {
            QCOMPARE(problemOf(exportRows(*data, {}, folder / nameOf(kind), {kind, {}, true})), QString());
            const auto again = Dataset::open(folder / nameOf(kind), {folder / "cache"});
            QCOMPARE(problemOf(again), QString());
            const Json first = *parseJson(*again->rows->rawRow(0));
            QVERIFY(first["text"] == "one" && first["Text_2"] == "two" && first["score"] == "1" &&
                    first["Score_2"] == "2");
            QVERIFY(parseJson(*again->rows->rawRow(1))->at("SCORE_3") == "3");
        }
    }

    void whatAKillHasLeftIsNoObstacle()
    {
        const test::ScratchFolder folder;
        const auto data =
            Dataset::open(test::writeFile(folder / "pairs.jsonl", test::kExportTexts), {folder / "cache"});
        QVERIFY(data);
        for (const ExportKind kind : {ExportKind::Csv, ExportKind::Parquet}) {
            for (const char* suffix : {".part", ".rows"})
                test::writeFile(folder / ("." + std::string(nameOf(kind)) + suffix), "half of it");
            QCOMPARE(problemOf(exportRows(*data, {}, folder / nameOf(kind), {kind, {}, false})), QString());
        }
        QCOMPARE(test::entriesIn(folder.path()), std::ptrdiff_t(3));
    }

    void excludedRowsComeOnlyWhenAskedFor()
    {
        const test::ScratchFolder folder;
        const auto data =
            Dataset::open(test::writeFile(folder / "pairs.jsonl", test::kExportTexts), {folder / "cache"});
        QVERIFY(data);
        RowStates states;
        RowState excluded;
        excluded.isExcluded = true;
        for (std::uint32_t row = 0; row < data->rows->size(); ++row) states.set(row, excluded);
        for (const ExportKind kind : {ExportKind::JsonLines, ExportKind::Csv, ExportKind::Parquet}) {
            const auto target = folder / nameOf(kind);
            const auto none = exportRows(*data, states, target, {kind, {}, false});
            QVERIFY(!none && none.error().code == ErrorCode::NoUsableRows);
            QVERIFY(!std::filesystem::exists(target));
            const auto all = exportRows(*data, states, target, {kind, {}, false, true});
            QVERIFY(all && all->rows == 3 && all->leftOut == 0);
        }
    }

    void aFileThatWasThereIsReplacedWhole()
    {
        const test::ScratchFolder folder;
        const auto data =
            Dataset::open(test::writeFile(folder / "pairs.jsonl", test::kExportTexts), {folder / "cache"});
        QVERIFY(data);
        const auto target = test::writeFile(folder / "kept" / "out.parquet", "what was there");
        std::filesystem::create_directory_symlink(folder / "kept", folder / "link");
        std::filesystem::create_symlink(target, folder / "out.parquet");
        QVERIFY(exportRows(*data, {}, folder / "out.parquet", {ExportKind::Parquet, {}, false}));
        QVERIFY(std::filesystem::is_symlink(folder / "out.parquet"));
        QVERIFY(test::readFile(target).starts_with("PAR1"));
        QCOMPARE(test::entriesIn(folder / "kept"), std::ptrdiff_t(1));
    }

    void writesOnlyTheRowsAskedFor()
    {
        const test::ScratchFolder folder;
        const auto data =
            Dataset::open(test::writeFile(folder / "pairs.jsonl", test::kExportTexts), {folder / "cache"});
        QVERIFY(data);
        const auto summary =
            exportRows(*data, {}, folder / "out.csv", {ExportKind::Csv, std::vector<std::uint32_t>{2}, false});
        QVERIFY(summary && summary->rows == 1);
    }

    void failuresLeaveNothing()
    {
        const test::ScratchFolder folder;
        const auto source = test::writeFile(folder / "pairs.jsonl", test::kExportTexts);
        const auto data = Dataset::open(source, {folder / "cache"});
        QVERIFY(data);
        const auto onto = exportRows(*data, {}, source, {ExportKind::JsonLines, {}, false});
        QVERIFY(!onto && onto.error().code == ErrorCode::WriteFailed);
        QVERIFY(!exportRows(*data, {}, folder / "missing" / "out.jsonl", {ExportKind::JsonLines, {}, false}));
        std::stop_source stop;
        stop.request_stop();
        const auto cancelled =
            exportRows(*data, {}, folder / "out.parquet", {ExportKind::Parquet, {}, false}, {}, stop.get_token());
        QVERIFY(!cancelled && cancelled.error().code == ErrorCode::Cancelled);
        QVERIFY(!std::filesystem::exists(folder / "out.parquet"));
        QCOMPARE(test::entriesIn(folder.path()), std::ptrdiff_t(1));
    }

    void kindsGoByName()
    {
        QVERIFY(exportKindOf("a.csv") == ExportKind::Csv);
        QVERIFY(exportKindOf("a.parquet") == ExportKind::Parquet);
        QVERIFY(exportKindOf("a.jsonl") == ExportKind::JsonLines);
        QVERIFY(exportKindOf("A.JSONL") == ExportKind::JsonLines);
        QVERIFY(!exportKindOf("a.txt"));
    }
};

QTEST_GUILESS_MAIN(ExportTest)
#include "export_test.moc"
