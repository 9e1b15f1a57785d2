// SPDX-License-Identifier: GPL-3.0-or-later
// Saving: the old content or the new, whatever goes wrong, and no litter.
#include "core/base/atomic_file.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <array>
#include <csignal>
#include <random>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace preflab;
using test::codeOf;
using test::entriesIn;
using test::problemOf;

namespace {

constexpr int kKills = 25;

/// Runs `body` for ever in a child process and kills it after a random while.
template <class Body>
void killDuring(Body body, std::mt19937& random)
{
    const pid_t child = ::fork();
    if (child == 0) {
        for (int round = 0;; ++round) body(round);
    }
    QThread::usleep(500 + random() % 15'000);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

}  // namespace

class AtomicFileTest : public QObject {
    Q_OBJECT

private slots:
    void replacesContent()
    {
        const test::ScratchFolder folder;
        const auto path = folder / "a.txt";
        QCOMPARE(problemOf(writeFileAtomically(path, "first")), QString());
        QCOMPARE(problemOf(writeFileAtomically(path, "")), QString());
        QCOMPARE(test::readFile(path), std::string());
        QCOMPARE(problemOf(writeFileAtomically(path, "third")), QString());
        QCOMPARE(test::readFile(path), std::string("third"));
        QCOMPARE(entriesIn(folder.path()), 1);
    }

    void targetIsUntouchedUntilCommit()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeFile(folder / "a", "old");
        {
            auto file = AtomicFile::create(path);
            QCOMPARE(problemOf(file->write("new")), QString());
            QCOMPARE(test::readFile(path), std::string("old"));
            QCOMPARE(entriesIn(folder.path()), 2);
        }
        QCOMPARE(test::readFile(path), std::string("old"));
        QCOMPARE(entriesIn(folder.path()), 1);
        auto file = AtomicFile::create(path);
        AtomicFile moved = std::move(*file);
        QCOMPARE(problemOf(moved.write("new")), QString());
        QCOMPARE(problemOf(moved.commit()), QString());
        QCOMPARE(codeOf(moved.commit()), QString("write-failed"));
        QCOMPARE(test::readFile(path), std::string("new"));
    }

    void keepsModeAndLink()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeFile(folder / "a", "old");
        QCOMPARE(::chmod(path.c_str(), 0666), 0);
        std::filesystem::create_symlink("a", folder / "link");
        QCOMPARE(problemOf(writeFileAtomically(folder / "link", "new")), QString());
        QVERIFY(std::filesystem::is_symlink(folder / "link"));
        QCOMPARE(test::readFile(path), std::string("new"));
        struct stat status {};
        QCOMPARE(::stat(path.c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777U, 0666U);
    }

    void linksAreFollowedAndKept()
    {
        const test::ScratchFolder folder;
        std::filesystem::create_directory(folder / "real");
        std::filesystem::create_symlink("real/new", folder / "dangling");
        std::filesystem::create_symlink("dangling", folder / "twice");
        QCOMPARE(problemOf(writeFileAtomically(folder / "twice", "arrived")), QString());
        QCOMPARE(test::readFile(folder / "real/new"), std::string("arrived"));
        QVERIFY(std::filesystem::is_symlink(folder / "twice"));
        std::filesystem::create_symlink("circle", folder / "circle");
        std::filesystem::create_symlink("/dev/null", folder / "device");
        // What a pipe's descriptor leads to has no name.
        std::array<int, 2> ends{-1, -1};
        QCOMPARE(::pipe(ends.data()), 0);
        std::filesystem::create_symlink("/proc/self/fd/" + std::to_string(ends[1]), folder / "descriptor");
        for (const char* link : {"circle", "device", "descriptor"}) {
            QCOMPARE(codeOf(writeFileAtomically(folder / link, "x")), QString("write-failed"));
            QVERIFY2(std::filesystem::is_symlink(folder / link), link);
        }
        for (const int end : ends) ::close(end);
    }

    void errorsLeaveTheOldContent()
    {
        const test::ScratchFolder folder;
        QCOMPARE(codeOf(writeFileAtomically(folder / "none/a", "x")), QString("write-failed"));
        QCOMPARE(codeOf(writeFileAtomically(folder.path(), "x")), QString("write-failed"));
        const auto path = test::writeFile(folder / "a", "old");
        // A disk that is full in the middle of a write.
        struct rlimit before {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
        struct rlimit small = before;
        small.rlim_cur = 10'000;
        ::setrlimit(RLIMIT_FSIZE, &small);
        const auto result = writeFileAtomically(path, std::string(100'000, 'x'));
        ::setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
        QCOMPARE(codeOf(result), QString("write-failed"));
        QVERIFY2(problemOf(result).contains("File too large"), qPrintable(problemOf(result)));
        QCOMPARE(test::readFile(path), std::string("old"));
        QCOMPARE(entriesIn(folder.path()), 1);
        if (::geteuid() == 0) return;  // root may write where the mode forbids it
        ::chmod(folder.path().c_str(), 0500);
        QCOMPARE(codeOf(writeFileAtomically(path, "x")), QString("write-failed"));
        ::chmod(folder.path().c_str(), 0700);
    }

    void killedWritersLeaveOldOrNew()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeFile(folder / "a", std::string(200'000, 'a'));
        std::mt19937 random(1);
        for (int i = 0; i < kKills; ++i) {
            killDuring(
                [&](int round) {
                    const std::string content(200'000, static_cast<char>('a' + round % 20));
                    (void)writeFileAtomically(path, content);
                },
                random);
            const auto content = test::readFile(path);
            QCOMPARE(content.size(), std::size_t{200'000});
            QCOMPARE(content.find_first_not_of(content.front()), std::string::npos);
        }
    }

    void stagedFolderAppearsWhole()
    {
        const test::ScratchFolder folder;
        const auto target = folder / "checkpoint";
        test::writeFile(folder / "checkpoint.tmp/left", "over");
        {
            auto staged = StagedFolder::create(target);
            QCOMPARE(problemOf(staged), QString());
            QVERIFY(std::filesystem::is_empty(staged->path()));
            test::writeFile(staged->path() / "a", "1");
            test::writeFile(staged->path() / "sub/b", "1");
            QVERIFY(!std::filesystem::exists(target));
            QCOMPARE(problemOf(staged->commit()), QString());
            QCOMPARE(codeOf(staged->commit()), QString("write-failed"));
        }
        QCOMPARE(test::readFile(target / "sub/b"), std::string("1"));
        {
            auto staged = StagedFolder::create(target.string() + "/");
            test::writeFile(staged->path() / "c", "2");
            StagedFolder moved = std::move(*staged);
            QCOMPARE(problemOf(moved.commit()), QString());
        }
        QCOMPARE(test::readFile(target / "c"), std::string("2"));
        QVERIFY(!std::filesystem::exists(target / "a"));
        {
            QVERIFY(StagedFolder::create(target).has_value());
        }
        QCOMPARE(entriesIn(folder.path()), 1);
    }

    void stagedFolderRestoresWhatAKillLeft()
    {
        const test::ScratchFolder folder;
        test::writeFile(folder / "checkpoint.preflab-old/a", "1");
        {
            QVERIFY(StagedFolder::create(folder / "checkpoint").has_value());
        }
        QCOMPARE(test::readFile(folder / "checkpoint/a"), std::string("1"));
        test::writeFile(folder / "file", "x");
        QCOMPARE(codeOf(StagedFolder::create(folder / "file/checkpoint")), QString("write-failed"));
    }

    void killedStagesLeaveOldOrNew()
    {
        const test::ScratchFolder folder;
        const auto target = folder / "checkpoint";
        test::writeFile(target / "a", "start");
        test::writeFile(target / "b", "start");
        std::mt19937 random(2);
        for (int i = 0; i < kKills; ++i) {
            killDuring(
                [&](int round) {
                    auto staged = StagedFolder::create(target);
                    test::writeFile(staged->path() / "a", std::to_string(round));
                    test::writeFile(staged->path() / "b", std::to_string(round));
                    (void)staged->commit();
                },
                random);
            QVERIFY(!test::readFile(target / "a").empty());
            QCOMPARE(test::readFile(target / "a"), test::readFile(target / "b"));
        }
    }

    void freeSpaceIsChecked()
    {
        const test::ScratchFolder folder;
        QCOMPARE(problemOf(checkFreeSpace(folder.path(), 1000)), QString());
        const auto result = checkFreeSpace(folder.path(), std::uint64_t{1} << 60);
        QCOMPARE(codeOf(result), QString("disk-full"));
        QVERIFY2(problemOf(result).contains("1.2 EB are needed"), qPrintable(problemOf(result)));
        QCOMPARE(codeOf(checkFreeSpace(folder / "none", 1)), QString("write-failed"));
        // A nearly full disk takes what fits: the reserve grows with what is written.
        const auto free = std::filesystem::space(folder.path()).available;
        QCOMPARE(problemOf(checkFreeSpace(folder.path(), free / 10 * 9)), QString());
    }
};

QTEST_GUILESS_MAIN(AtomicFileTest)
#include "atomic_file_test.moc"
