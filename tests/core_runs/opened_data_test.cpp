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

private:
    RunSpec order()
    {
        RunSpec spec;
        spec.method = "dpo";
        spec.model = m_folder / "model";
        spec.data = writeFile(m_folder / "data.jsonl", pairLines(5));
        return spec;
    }

    std::shared_ptr<const EditedDataset> opened(const std::filesystem::path& path)
    {
        auto data = openEditedDataset(path, {m_folder / "cache"}, {}, {}, {});
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
