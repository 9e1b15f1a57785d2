// SPDX-License-Identifier: GPL-3.0-or-later
// What is exported reads back the same, in every kind of file; the source is never touched.
#include "core/data/export.h"
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
            if (kind != ExportKind::Csv)
                QTest::addRow("messages to %s", nameOf(kind)) << QByteArray(test::kExportMessages) << static_cast<int>(kind);
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
        edit.edited = swapped(*data->rows->row(0));
        states.set(0, edit);
        const auto target = folder / nameOf(static_cast<ExportKind>(kind));
        const auto summary = exportRows(*data, states, target, {static_cast<ExportKind>(kind), {}, false});
        QCOMPARE(problemOf(summary), QString());
        QCOMPARE(summary->rows, std::uint64_t(data->rows->size()));
        const auto again = Dataset::open(target, {folder / "cache"});
        QCOMPARE(problemOf(again), QString());
        QCOMPARE(again->rows->size(), data->rows->size());
        QVERIFY(areEqual(*again->rows->row(0), swapped(*data->rows->row(0))));
        for (std::uint32_t row = 1; row < data->rows->size(); ++row)
            QVERIFY2(areEqual(*again->rows->row(row), *data->rows->row(row)), std::to_string(row).c_str());
        QCOMPARE(test::readFile(source), content.toStdString());
    }

    void leavesOutWhatIsExcludedAndKeepsOtherColumns()
    {
        const test::ScratchFolder folder;
        const auto data = Dataset::open(test::writeFile(folder / "pairs.jsonl", test::kExportTexts), {folder / "cache"});
        QVERIFY(data);
        RowStates states;
        RowState excluded;
        excluded.isExcluded = true;
        states.set(1, excluded);
        RowState labelled;
        labelled.vote = VoteRecord{Vote::RejectedBetter, true, false};
        labelled.tags = {"a", "b"};
        states.set(2, labelled);
        const auto summary = exportRows(*data, states, folder / "out.jsonl", {ExportKind::JsonLines, {}, true});
        QVERIFY(summary && summary->rows == 2 && summary->leftOut == 1);
        const std::string text = test::readFile(folder / "out.jsonl");
        QVERIFY(text.find("\"score\":0.5") != std::string::npos);
        QVERIFY(text.find("\"label\":\"rejected\",\"tags\":\"a, b\"") != std::string::npos);
        QVERIFY(text.find("=1+1") == std::string::npos);
    }

    void writesOnlyTheRowsAskedFor()
    {
        const test::ScratchFolder folder;
        const auto data = Dataset::open(test::writeFile(folder / "pairs.jsonl", test::kExportTexts), {folder / "cache"});
        QVERIFY(data);
        const auto summary = exportRows(*data, {}, folder / "out.csv", {ExportKind::Csv, std::vector<std::uint32_t>{2}, false});
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
        const auto cancelled = exportRows(*data, {}, folder / "out.parquet", {ExportKind::Parquet, {}, false}, {}, stop.get_token());
        QVERIFY(!cancelled && cancelled.error().code == ErrorCode::Cancelled);
        QVERIFY(!std::filesystem::exists(folder / "out.parquet"));
        QCOMPARE(test::entriesIn(folder.path()), std::ptrdiff_t(1));
    }

    void kindsGoByName()
    {
        QVERIFY(exportKindOf("a.csv") == ExportKind::Csv);
        QVERIFY(exportKindOf("a.parquet") == ExportKind::Parquet);
        QVERIFY(exportKindOf("a.jsonl") == ExportKind::JsonLines);
        QVERIFY(!exportKindOf("a.txt"));
    }
};

QTEST_GUILESS_MAIN(ExportTest)
#include "export_test.moc"
