// SPDX-License-Identifier: GPL-3.0-or-later
// TRL's runs on the project's own tiny models, repeated: every logged number, gradients, final weights. Needs nothing
// beside the project and never skips.
#include "core/base/json.h"
#include "core/train/backend/torch_backend.h"
#include "support/files.h"
#include "support/parity_excess.h"
#include "support/results.h"

#include <QTest>

#include <filesystem>
#include <string>

using namespace preflab;
using namespace preflab::test;

namespace {

const std::filesystem::path kFixtures = PREFLAB_TEST_FIXTURES;

Result<ParityReport> repeat(const std::filesystem::path& golden, const std::string& model)
{
    return TorchBackend().parity({golden, kFixtures / "models" / model, 1}, {});
}

std::filesystem::path goldenPath(const std::string& name)
{
    return kFixtures / "goldens" / (name + ".json");
}

}  // namespace

class FixtureParityTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTrl_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("steps");
        int count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(kFixtures / "goldens")) {
            const auto golden = readJsonFile(entry.path(), 1 << 24);
            QVERIFY(golden);
            QTest::newRow(entry.path().stem().c_str())
                << QString::fromStdString(golden->at("config").at("model").get<std::string>())
                << int(golden->at("steps").size());
            ++count;
        }
        QVERIFY(count >= 27);
    }

    void equalsTrl()
    {
        QFETCH(QString, model);
        QFETCH(int, steps);
        const auto report = repeat(goldenPath(QTest::currentDataTag()), model.toStdString());
        QCOMPARE(problemOf(report), QString());
        QCOMPARE(excess(*report), QString());
        QCOMPARE(report->steps, steps);
    }

    // A check that cannot fail proves nothing.
    void noticesAChange_data()
    {
        QTest::addColumn<QString>("key");
        for (const char* key : {"loss", "grad_norm", "logps/chosen", "entropy", "num_tokens", "ref_chosen_logps"})
            QTest::newRow(key) << key;
    }

    void noticesAChange()
    {
        QFETCH(QString, key);
        std::string golden = readFile(goldenPath("dpo_fp64"));
        const std::string quoted = "\"" + key.toStdString() + "\": ";
        std::size_t digit = golden.rfind(quoted) + quoted.size();
        if (golden[digit] == '-') ++digit;
        golden[digit] = golden[digit] == '3' ? '4' : '3';
        const ScratchFolder folder;
        const auto report = repeat(writeFile(folder / "changed.json", golden), "grouped");
        QCOMPARE(problemOf(report), QString());
        QVERIFY2(excess(*report).startsWith(key + ": "), qPrintable(excess(*report)));
        QCOMPARE(excess(*report).count('\n'), 1);
    }
};

QTEST_GUILESS_MAIN(FixtureParityTest)
#include "fixture_parity_test.moc"
