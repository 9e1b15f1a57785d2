// SPDX-License-Identifier: GPL-3.0-or-later
// The dataset's table: figures at once, texts when they were read, hits, resets, and rows that change.
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"
#include "ui/models/data/dataset_table_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <numeric>
#include <thread>

using namespace preflab;

namespace {

std::string lines(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += "{\"prompt\": \"Question " + std::to_string(i) + "\\nand more\", \"chosen\": \"" +
                std::string(static_cast<std::size_t>(i % 7 + 1), 'c') + "\", \"rejected\": \"rrr\"}\n";
    }
    return text;
}

std::string newLines(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) text += "{\"prompt\": \"new\", \"chosen\": \"a\", \"rejected\": \"b\"}\n";
    return text;
}

/// Rows whose reading begins and ends when a test says so.
class HeldRows final : public RowSource {
public:
    explicit HeldRows(std::shared_ptr<const RowSource> source) : m_source(std::move(source)) {}
    std::uint32_t size() const override { return m_source->size(); }
    std::uint64_t sourceNumber(std::uint32_t index) const override { return m_source->sourceNumber(index); }
    Result<std::string> rawRow(std::uint32_t index) const override { return m_source->rawRow(index); }
    Result<Row> row(std::uint32_t index) const override
    {
        isBeingRead = true;
        while (isHeld) std::this_thread::yield();
        return m_source->row(index);
    }

    mutable std::atomic<bool> isBeingRead = false;
    std::atomic<bool> isHeld = true;

private:
    std::shared_ptr<const RowSource> m_source;
};

}  // namespace

class DatasetTableTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    ViewInputs inputsOf(const std::string& text)
    {
        const auto dataset = test::openIn(m_folder.path(), test::writeFile(m_folder / "rows.jsonl", text));
        ViewInputs inputs;
        inputs.source = inputs.rows = dataset->rows;
        inputs.columns = std::make_shared<const FiguresByRow>(*measureRows(*dataset->rows));
        return inputs;
    }

    static void show(DatasetTableModel& model, const ViewInputs& inputs, const ViewQuery& query = {})
    {
        model.setView(inputs, std::make_shared<const ViewIndex>(*ViewIndex::build(inputs, query)));
    }

    static QString textAt(const DatasetTableModel& model, int row, int column)
    {
        return model.index(row, column).data().toString();
    }

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void anEmptyTable()
    {
        DatasetTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.positionOf(0), -1);
        QVERIFY(!model.rowAt(0));
        QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QStringLiteral("Prompt, last turn"));
    }

    void tablesOfOneAndOfManyRows()
    {
        for (const int count : {1, 500}) {
            DatasetTableModel model;
            const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
            show(model, inputsOf(lines(count)));
            QCOMPARE(model.rowCount(), count);
            QTRY_COMPARE(textAt(model, count - 1, DatasetTableModel::Prompt),
                         QStringLiteral("Question %1 and more").arg(count - 1));
            ViewQuery query;
            query.search = "nothing";
            show(model, inputsOf(lines(count)), query);
            QCOMPARE(model.rowCount(), 0);
        }
    }

    void figuresAreThereAtOnce()
    {
        DatasetTableModel model;
        show(model, inputsOf(lines(10)));
        QCOMPARE(textAt(model, 5, DatasetTableModel::Number), QStringLiteral("6"));
        QCOMPARE(textAt(model, 5, DatasetTableModel::Turns), QStringLiteral("1"));
        QCOMPARE(textAt(model, 5, DatasetTableModel::PromptLength), QStringLiteral("19"));
        QCOMPARE(textAt(model, 5, DatasetTableModel::ChosenLength), QStringLiteral("6"));
        QCOMPARE(textAt(model, 5, DatasetTableModel::LengthGap), QStringLiteral("+3"));
        QCOMPARE(textAt(model, 0, DatasetTableModel::LengthGap), QStringLiteral("\u22122"));
        QCOMPARE(model.index(0, DatasetTableModel::LengthGap).data(DatasetTableModel::SortRole).toLongLong(), -2LL);
        QVERIFY(model.index(0, DatasetTableModel::LengthGap).data(DatasetTableModel::GapRole).toDouble() < 0.0);
        QVERIFY(model.index(5, DatasetTableModel::LengthGap).data(DatasetTableModel::GapRole).toDouble() > 0.0);
        QVERIFY(!model.index(5, DatasetTableModel::ChosenLength).data(DatasetTableModel::GapRole).isValid());
        QCOMPARE(model.index(0, DatasetTableModel::Label).data(DatasetTableModel::LabelToneRole).toString(),
                 QStringLiteral("text.muted"));
        QCOMPARE(textAt(model, 5, DatasetTableModel::Similarity), QStringLiteral("0 %"));
        QCOMPARE(model.index(5, 0).data(DatasetTableModel::RowIdRole).toUInt(), 5U);
        QCOMPARE(textAt(model, 5, DatasetTableModel::Label), QStringLiteral("no label"));
    }

    void textsComeInOneBatch()
    {
        DatasetTableModel model;
        show(model, inputsOf(lines(500)));
        QSignalSpy changes(&model, &DatasetTableModel::dataChanged);
        // As a view paints: many cells of neighbouring rows in one turn.
        for (int row = 100; row < 140; ++row) {
            QVERIFY(!model.index(row, DatasetTableModel::Prompt).data(DatasetTableModel::LoadedRole).toBool());
            QVERIFY(textAt(model, row, DatasetTableModel::Prompt).isEmpty());
        }
        QVERIFY(changes.wait());
        QCOMPARE(changes.size(), 1);
        QVERIFY(changes.first()[0].value<QModelIndex>().row() < 100);
        QVERIFY(changes.first()[1].value<QModelIndex>().row() > 139);
        QCOMPARE(textAt(model, 139, DatasetTableModel::Prompt), QStringLiteral("Question 139 and more"));
        QVERIFY(model.index(139, DatasetTableModel::Prompt).data(DatasetTableModel::LoadedRole).toBool());
        QCOMPARE(model.index(139, DatasetTableModel::Prompt).data(Qt::ToolTipRole).toString(),
                 QStringLiteral("Question 139\nand more"));
    }

    void longTextsAreCut()
    {
        DatasetTableModel model;
        std::string emoji;
        for (int i = 0; i < 300; ++i) emoji += "😀";
        show(model, inputsOf("{\"prompt\": \"x" + emoji + "\", \"chosen\": \"a\", \"rejected\": \"b\"}\n"));
        QTRY_COMPARE(textAt(model, 0, DatasetTableModel::Prompt).size(), 200);
        QVERIFY(textAt(model, 0, DatasetTableModel::Prompt).endsWith(QStringLiteral("😀…")));
    }

    void hitsAreMarked()
    {
        DatasetTableModel model;
        ViewQuery query;
        query.search = "/ü\\w+|n 7/";
        show(model, inputsOf("{\"prompt\": \"😀 Über Question 7\", \"chosen\": \"a\", \"rejected\": \"b\"}\n"), query);
        const QModelIndex index = model.index(0, DatasetTableModel::Prompt);
        QTRY_VERIFY(index.data(DatasetTableModel::LoadedRole).toBool());
        QCOMPARE((index.data(DatasetTableModel::HitsRole).value<QList<QPair<int, int>>>()),
                 (QList<QPair<int, int>>{{3, 4}, {15, 3}}));
    }

    void aChangedRowIsReadAgain()
    {
        DatasetTableModel model;
        ViewInputs inputs = inputsOf(lines(10));
        show(model, inputs);
        QTRY_VERIFY(!textAt(model, 3, DatasetTableModel::Prompt).isEmpty());
        const auto other = test::openIn(m_folder.path(), test::writeFile(m_folder / "other.jsonl", newLines(10)));
        inputs.rows = other->rows;
        RowState state;
        state.edited = std::make_shared<const Row>(*other->rows->row(3));
        state.isExcluded = true;
        state.vote = VoteRecord{Vote::RejectedBetter, false, false};
        inputs.states.set(3, state);
        inputs.edited.set(3, EditedFigures{figuresOf(*state.edited), {}});
        QSignalSpy resets(&model, &DatasetTableModel::modelReset);
        model.refreshRows({3}, inputs);
        QTRY_COMPARE(textAt(model, 3, DatasetTableModel::Prompt), QStringLiteral("new"));
        QCOMPARE(textAt(model, 3, DatasetTableModel::PromptLength), QStringLiteral("3"));
        QVERIFY(model.index(3, 0).data(DatasetTableModel::ExcludedRole).toBool());
        QVERIFY(model.index(3, 0).data(DatasetTableModel::EditedRole).toBool());
        QCOMPARE(textAt(model, 3, DatasetTableModel::Label), QStringLiteral("rejected"));
        QCOMPARE(textAt(model, 4, DatasetTableModel::Prompt), QStringLiteral("Question 4 and more"));
        QVERIFY(resets.isEmpty());
    }

    void aRowThatChangesWhileItIsReadIsReadAgain()
    {
        for (const bool areMany : {false, true}) {
            ViewInputs inputs = inputsOf(lines(2000));
            const auto held = std::make_shared<HeldRows>(inputs.rows);
            inputs.rows = held;
            DatasetTableModel model;
            show(model, inputs);
            (void)textAt(model, 3, DatasetTableModel::Prompt);
            QTRY_VERIFY(held->isBeingRead);
            inputs.rows =
                test::openIn(m_folder.path(), test::writeFile(m_folder / "other.jsonl", newLines(2000)))->rows;
            std::vector<std::uint32_t> changed{3};
            if (areMany) {
                changed.resize(2000);
                std::iota(changed.begin(), changed.end(), 0U);
            }
            model.refreshRows(changed, inputs);
            QSignalSpy changes(&model, &DatasetTableModel::dataChanged);
            held->isHeld = false;
            // Rows that did not change keep what was read.
            if (areMany)
                QTest::qWait(100);
            else
                QVERIFY(changes.wait() &&
                        textAt(model, 4, DatasetTableModel::Prompt) == QStringLiteral("Question 4 and more"));
            QVERIFY(textAt(model, 3, DatasetTableModel::Prompt) != QStringLiteral("Question 3 and more"));
            QTRY_COMPARE(textAt(model, 3, DatasetTableModel::Prompt), QStringLiteral("new"));
        }
    }

    void tokensComeWithoutAReset()
    {
        DatasetTableModel model;
        ViewInputs inputs = inputsOf(lines(3));
        show(model, inputs);
        inputs.tokens = std::make_shared<const LengthsByRow>(LengthsByRow{{40, 30, 10, 0}, {}, {1, 2, 3, 0}});
        QSignalSpy headers(&model, &DatasetTableModel::headerDataChanged);
        QSignalSpy resets(&model, &DatasetTableModel::modelReset);
        model.setFigures(inputs);
        QVERIFY(model.areLengthsTokens());
        QCOMPARE(headers.size(), 1);
        QVERIFY(resets.isEmpty());
        QCOMPARE(textAt(model, 0, DatasetTableModel::LengthGap), QStringLiteral("+20"));
        QCOMPARE(textAt(model, 1, DatasetTableModel::PromptLength), QString());
        QVERIFY(model.headerData(3, Qt::Horizontal, Qt::ToolTipRole).toString().contains(QStringLiteral("tokens")));
    }

    void aTableDestroyedWhileReading()
    {
        const ViewInputs inputs = inputsOf(lines(500));
        for (int round = 0; round < 50; ++round) {
            DatasetTableModel model;
            show(model, inputs);
            (void)textAt(model, round * 9, DatasetTableModel::Prompt);
            QCoreApplication::processEvents();
        }
    }
};

QTEST_GUILESS_MAIN(DatasetTableTest)
#include "dataset_table_test.moc"
