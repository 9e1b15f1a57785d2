// SPDX-License-Identifier: GPL-3.0-or-later
// A run takes data that are open already: what a command or page opened to show is not read a second time.
#include "core/runs/prepare.h"
#include "support/cli_data.h"
#include "support/files.h"
#include "support/results.h"
#include "support/tiny_model.h"

#include <QTest>

using namespace preflab;
using namespace preflab::test;

class OpenedDataTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { writeTinyModel(m_folder / "model"); }

    void isNotOpenedAgain()
    {
        const RunSpec spec = order();
        RunData data;
        data.opened.push_back(opened(spec.data));
        std::filesystem::remove(spec.data);
        QCOMPARE(codeOf(prepare(spec, {})), QString("file-not-found"));
        const auto run = prepare(spec, data);
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->train->size(), 5U);
    }

    void servesItsOwnPathOnly()
    {
        RunSpec spec = order();
        RunData data;
        data.opened.push_back(opened(spec.data));
        spec.data = writeFile(m_folder / "other.jsonl", pairLines(2));
        const auto run = prepare(spec, data);
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->train->size(), 2U);
    }

    void servesItsOwnColumnsOnly()
    {
        RunSpec spec = order();
        std::string swapped = pairLines(3);
        for (std::size_t at = 0; (at = swapped.find("\"prompt\"", at)) != std::string::npos; ++at)
            swapped.replace(at, 8, "\"question\"");
        spec.data = writeFile(m_folder / "mapped.jsonl", swapped + pairLines(4));
        RunData data;
        data.opened.push_back(opened(spec.data, {.prompt = "question"}));
        const auto plain = prepare(spec, data);
        QCOMPARE(problemOf(plain), QString());
        QCOMPARE(plain->train->size(), 4U);
        spec.columns.prompt = "question";
        spec.evalData = writeFile(m_folder / "held.jsonl", swapped);
        const auto run = prepare(spec, data);
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->train->size(), 3U);
        QVERIFY(run->dataKey != plain->dataKey);
        QCOMPARE(run->eval->size(), 3U);
        spec.evalData = writeFile(m_folder / "held.jsonl", pairLines(2));
        QCOMPARE(codeOf(prepare(spec, data)), QString("column-missing"));
        spec.evalColumns = ColumnMapping();
        QCOMPARE(prepare(spec, data)->eval->size(), 2U);
    }

private:
    RunSpec order()
    {
        RunSpec spec;
        spec.method = "dpo";
        spec.model = m_folder / "model";
        spec.data = writeFile(m_folder / "data.jsonl", pairLines(5));
        return spec;
    }

    std::shared_ptr<const EditedDataset> opened(const std::filesystem::path& path, const ColumnMapping& columns = {})
    {
        auto data = openEditedDataset(path, {m_folder / "cache", columns}, {}, {}, {});
        return data ? std::make_shared<const EditedDataset>(*std::move(data)) : nullptr;
    }

    Result<PreparedRun> prepare(const RunSpec& spec, const RunData& data)
    {
        ComponentDescription method;
        method.id = method.title = method.recipe = "dpo";
        return prepareRun(spec, method, {m_folder / "run", m_folder / "cache"}, data, {}, {});
    }

    ScratchFolder m_folder;
};

QTEST_GUILESS_MAIN(OpenedDataTest)
#include "opened_data_test.moc"
