// SPDX-License-Identifier: GPL-3.0-or-later
// The cache of converted files: shared by processes, read-only, damaged.
#include "core/base/hash.h"
#include "support/child_process.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <cstdio>
#include <deque>
#include <fstream>

using namespace preflab;
using test::problemOf;

namespace fs = std::filesystem;

namespace {

std::string manyRows()
{
    std::string text;
    for (int i = 0; i < 20000; ++i) text += "{\"text\": \"row " + std::to_string(i) + "\"}\n";
    return text;
}

/// Another process that opens the file, with its cache in the folder.
int openFile(const fs::path& folder, const fs::path& path)
{
    const auto dataset = test::openIn(folder, path);
    const bool isWhole = dataset && dataset->rows->size() == 20000 && dataset->rows->row(19999);
    std::puts(isWhole ? "all of it" : dataset ? "rows are missing" : sentence(dataset.error()).c_str());
    return 0;
}

/// Entries of the folder for temporary files that are ours.
int spareFolders()
{
    int count = 0;
    for (const auto& entry : fs::directory_iterator(fs::temp_directory_path()))
        count += entry.path().filename().string().starts_with("preflab-rows-") ? 1 : 0;
    return count;
}

}  // namespace

class RowCacheTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void manyProcessesOpenOneNewFile()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeFile(folder / "rows.jsonl.gz", test::gzipped(manyRows()));
        std::deque<test::ChildProcess> children;
        for (int i = 0; i < 8; ++i)
            children.emplace_back("open", std::vector<std::string>{folder.path().string(), path.string()});
        for (test::ChildProcess& child : children) QCOMPARE(child.readLine(), std::string("all of it"));
    }

    void aCacheThatCannotBeWrittenToIsDoneWithout()
    {
        const test::ScratchFolder folder;
        test::writeFile(folder / "blocked", "a file where the cache should be");
        const int before = spareFolders();
        for (const auto& [name, content] :
             {std::pair("a.csv", std::string("text\none\n")), std::pair("b.csv.gz", test::gzipped("text\none\n"))}) {
            const auto path = test::writeFile(folder / name, content);
            const auto dataset = Dataset::open(path, {folder / "blocked"});
            QCOMPARE(problemOf(dataset), QString());
            QCOMPARE(std::get<std::string>(dataset->rows->row(0)->chosen), std::string("one"));
        }
        QCOMPARE(spareFolders(), before);
    }

    void aChangedCacheIsSeenByThePassOverTheRows()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeFile(folder / "rows.csv", "text\none\ntwo\n");
        QCOMPARE(problemOf(test::openIn(folder.path(), path)), QString());
        for (const auto& entry : fs::directory_iterator(folder / "cache/rows")) {
            if (entry.path().extension() == ".json") continue;
            auto content = test::readFile(entry.path());
            content.replace(content.find("two"), 3, "TWO");
            // In place, so that neither size nor inode tell.
            std::ofstream(entry.path(), std::ios::binary) << content;
        }
        const auto dataset = test::openIn(folder.path(), path);
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(std::get<std::string>(dataset->rows->row(1)->chosen), std::string("two"));
    }

    void theHashOfLinesIsThatOfTheFile()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeFile(folder / "rows.jsonl", "\xEF\xBB\xBF" + manyRows() + "\n\n");
        QCOMPARE(test::openIn(folder.path(), path)->contentHash, *hashFile(path));
    }
};

int main(int argc, char** argv)
{
    if (!test::childTask(argc, argv).empty()) return argc == 5 ? openFile(argv[3], argv[4]) : 1;
    QCoreApplication application(argc, argv);
    RowCacheTest rowCacheTest;
    return QTest::qExec(&rowCacheTest, argc, argv);
}
#include "row_cache_test.moc"
