// SPDX-License-Identifier: GPL-3.0-or-later
// Counting and emptying caches: links are not followed, what cannot be deleted is reported and does not stop the rest.
#include "core/base/cache_folder.h"
#include "support/files.h"

#include <QTest>

#include <unistd.h>

using namespace preflab;

class CacheFolderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aMissingFolderHoldsNothing()
    {
        const test::ScratchFolder scratch;
        QVERIFY(cacheContents(scratch / "nowhere") == CacheContents{});
        const EmptiedCache done = emptyCache(scratch / "nowhere");
        QVERIFY(done.freed == CacheContents{});
        QVERIFY(!done.problem);
    }

    void countsAndEmptiesFoldersInFolders()
    {
        const test::ScratchFolder scratch;
        const auto cache = scratch / "cache";
        test::writeFile(cache / "rows.jsonl", std::string(1000, 'r'));
        test::writeFile(cache / "deep" / "deeper" / "lengths", std::string(24, 'l'));
        const CacheContents expected{1024, 2};
        QVERIFY(cacheContents(cache) == expected);
        const EmptiedCache done = emptyCache(cache);
        QVERIFY(done.freed == expected);
        QCOMPARE(done.kept, std::uint64_t{0});
        QVERIFY(std::filesystem::is_directory(cache));
        QCOMPARE(test::entriesIn(cache), std::ptrdiff_t{0});
    }

    void linksAreDeletedAndNotFollowed()
    {
        const test::ScratchFolder scratch;
        const auto cache = scratch / "cache";
        const auto outside = scratch / "outside";
        test::writeFile(outside / "precious", "keep me");
        test::writeFile(cache / "own", "12345");
        std::filesystem::create_directory_symlink(outside, cache / "folder link");
        std::filesystem::create_symlink(outside / "precious", cache / "file link");
        std::filesystem::create_symlink(cache, cache / "circle");
        const CacheContents expected{5, 1};
        QVERIFY(cacheContents(cache) == expected);
        QVERIFY(emptyCache(cache).freed == expected);
        QCOMPARE(test::entriesIn(cache), std::ptrdiff_t{0});
        QCOMPARE(test::readFile(outside / "precious"), std::string("keep me"));
    }

    void goesOnPastWhatCannotBeDeleted()
    {
        if (::geteuid() == 0) QSKIP("The administrator may delete anything");
        const test::ScratchFolder scratch;
        const auto cache = scratch / "cache";
        test::writeFile(cache / "locked" / "file", "locked");
        test::writeFile(cache / "free", "free");
        std::filesystem::permissions(cache / "locked",
                                     std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
        const EmptiedCache done = emptyCache(cache);
        std::filesystem::permissions(cache / "locked", std::filesystem::perms::owner_all);
        QCOMPARE(done.freed.files, std::uint64_t{1});
        QCOMPARE(done.kept, std::uint64_t{2});  // the file and its folder
        QVERIFY(done.problem.has_value());
        QCOMPARE(done.problem->code, ErrorCode::WriteFailed);
        QVERIFY(std::filesystem::exists(cache / "locked" / "file"));
    }
};

QTEST_APPLESS_MAIN(CacheFolderTest)
#include "cache_folder_test.moc"
