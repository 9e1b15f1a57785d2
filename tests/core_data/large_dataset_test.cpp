// SPDX-License-Identifier: GPL-3.0-or-later
// ctest-label: slow
// A million rows (432 MB) open in at most 10 s of processor time and 100 MB of memory.
#include "core/base/system.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <ctime>
#include <fstream>

using namespace preflab;

class LargeDatasetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensAMillionRows()
    {
        const test::ScratchFolder folder;
        const auto path = folder / "million.jsonl";
        constexpr std::uint32_t kRows = 1000000;
        {
            std::ofstream file(path, std::ios::binary);
            const std::string words(110, 'w');
            for (std::uint32_t i = 0; i < kRows; ++i) {
                file << "{\"prompt\": \"Question " << i << ": \\\"why\\\"?\\n" << words
                     << "\", \"chosen\": \" Because. " << words << "\", \"rejected\": \" No idea. " << words
                     << "\", \"score\": 4.5}\n";
            }
        }
        QVERIFY(std::filesystem::file_size(path) > 420000000);
        const auto start = std::clock();
        const auto dataset = test::openIn(folder.path(), path);
        // Of all threads together, so that other programs do not matter.
        const auto seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        QCOMPARE(test::problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), kRows);
        const auto row = dataset->rows->row(kRows - 1);
        QVERIFY(std::get<std::string>(row->prompt).starts_with("Question 999999:"));
        QVERIFY2(seconds <= 10.0, qPrintable(QString::number(seconds) + " s"));
        QVERIFY2(peakResidentMemory() <= 100000000, byteText(peakResidentMemory()).c_str());
    }
};

QTEST_GUILESS_MAIN(LargeDatasetTest)
#include "large_dataset_test.moc"
