// SPDX-License-Identifier: GPL-3.0-or-later
// ctest-label: slow
// A million rows (432 MB) open in at most 10 s of processor time and 100 MB of memory; records beyond 64 MiB are skipped.
#include "core/base/system.h"
#include "core/data/ingest/line_blocks.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <ctime>
#include <fstream>

using namespace preflab;

namespace {

std::string textLine(const std::string& text)
{
    return "{\"text\": \"" + text + "\"}";
}

}  // namespace

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
                file << "{\"prompt\": \"Question " << i << ": \\\"why\\\"?\\n"
                     << words << "\", \"chosen\": \" Because. " << words << "\", \"rejected\": \" No idea. " << words
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
        qInfo("a million rows: %.1f s of processor time, %s at most", seconds, byteText(peakResidentMemory()).c_str());
        QVERIFY2(peakResidentMemory() <= 100000000, byteText(peakResidentMemory()).c_str());
    }

    void overlongRecordsAreSkipped()
    {
        const test::ScratchFolder folder;
        const auto path = folder / "long.jsonl";
        {
            std::ofstream file(path, std::ios::binary);
            const auto pad = [&file](std::uint64_t bytes) {
                file << "{\"text\": \"" << std::string(bytes - textLine("").size(), 'x') << "\"}\n";
            };
            file << textLine("first") << "\n";
            pad(kMaxRecordBytes);
            pad(kMaxRecordBytes + 1);
            pad(kMaxRecordBytes + (std::uint64_t{5} << 20));
            file << textLine("last") << "\n";
        }
        const auto dataset = test::openIn(folder.path(), path);
        QCOMPARE(test::problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 3U);
        QCOMPARE(dataset->rows->sourceNumber(1), 2ULL);
        QCOMPARE(dataset->rows->sourceNumber(2), 5ULL);
        QCOMPARE(std::get<std::string>(dataset->rows->row(2)->chosen), std::string("last"));
        QCOMPARE(dataset->findings.badRows, 2ULL);
        QCOMPARE(dataset->findings.first[1].reason, std::string("line 4: longer than 64 MiB"));
    }
};

QTEST_GUILESS_MAIN(LargeDatasetTest)
#include "large_dataset_test.moc"
