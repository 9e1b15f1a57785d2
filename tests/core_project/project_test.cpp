// SPDX-License-Identifier: GPL-3.0-or-later
// Projects: made only where nothing is in the way, one process at a time, movable, and refused with a sentence when
// the folder, the disk or the version is wrong.
#include "core/project/project.h"
#include "core/project/project_schema.h"
#include "support/child_process.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <grp.h>
#include <sched.h>

#include <cstdio>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::problemOf;

namespace fs = std::filesystem;

namespace {

constexpr uid_t kNobody = 65534;

/// Child: prints what opening gives, and after success what many writes give.
int printAttempt(const fs::path& folder)
{
    const auto project = Project::open(folder);
    if (!project) {
        std::puts(sentence(project.error()).c_str());
        std::puts(std::string(errorId(project.error().code)).c_str());
        return 0;
    }
    Result<> result;
    for (int i = 0; i < 200 && result; ++i) {
        result = (*project)->database().call(Durability::Full, [](Connection& connection) -> Result<> {
            connection
                .prepare("INSERT INTO runs (id, name, method, created, outcome, spec) VALUES "
                         "(hex(randomblob(20)), hex(randomblob(20000)), '', '', '', '')")
                .step();
            return {};
        });
    }
    std::puts(codeOf(result).toStdString().c_str());
    return 0;
}

int holdProject(const fs::path& folder)
{
    const auto project = Project::open(folder);
    std::puts(project ? "open" : "failed");
    std::fflush(stdout);
    while (project) ::pause();
    return 1;
}

/// Without the rights of root, which may write everywhere.
int openAsNobody(const fs::path& folder)
{
    if (::setgroups(0, nullptr) != 0 || ::setresgid(kNobody, kNobody, kNobody) != 0 ||
        ::setresuid(kNobody, kNobody, kNobody) != 0) {
        return 1;
    }
    return printAttempt(folder);
}

bool isOwnMountPossible(const fs::path& folder, const char* size)
{
    return ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("tmpfs", folder.c_str(), "tmpfs", 0, size) == 0;
}

/// In a mount name space of its own: what it mounts goes with it.
int openOnTinyDisk(const fs::path& folder, const char* size)
{
    if (!isOwnMountPossible(folder, size)) {
        std::puts("no mounts here");
        return 0;
    }
    return printAttempt(folder / "project");
}

int openOnReadOnlyDisk(const fs::path& folder)
{
    const bool isMade = isOwnMountPossible(folder, "size=4m") && Project::open(folder).has_value();
    if (!isMade || ::mount("none", folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
        std::puts("no mounts here");
        return 0;
    }
    return printAttempt(folder);
}

int openWithFileLimit(const fs::path& folder)
{
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{256 * 1024, 256 * 1024};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    return printAttempt(folder);
}

int runChild(std::string_view task, const fs::path& folder)
{
    if (task == "hold") return holdProject(folder);
    if (task == "nobody") return openAsNobody(folder);
    if (task == "tiny-disk") return openOnTinyDisk(folder, "size=16k");
    if (task == "small-disk") return openOnTinyDisk(folder, "size=512k");
    if (task == "read-only-disk") return openOnReadOnlyDisk(folder);
    return openWithFileLimit(folder);
}

std::string attemptOfChild(const std::string& task, const fs::path& folder)
{
    test::ChildProcess child(task, {folder.string()});
    return QString::fromStdString(child.readRest()).trimmed().toStdString();
}

std::int64_t runsIn(Project& project)
{
    std::int64_t count = -1;
    const auto result = project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        Statement statement = connection.prepare("SELECT count(*) FROM runs");
        if (statement.step()) count = statement.integer(0);
        return {};
    });
    return result ? count : -1;
}

}  // namespace

class ProjectTest : public QObject {
    Q_OBJECT

private slots:
    void makesItsLayout()
    {
        const test::ScratchFolder folder;
        for (const fs::path& place : {folder.path(), folder / "runs-go" / "deep" / "here"}) {
            fs::remove_all(folder / "runs-go");
            const auto project = Project::open(place);
            QCOMPARE(problemOf(project), QString());
            QCOMPARE((*project)->folder(), fs::canonical(place));
            QVERIFY(fs::is_regular_file(place / "project.db"));
            QVERIFY(fs::is_directory(place / "runs"));
            QCOMPARE((*project)->exportsFolder(), fs::canonical(place) / "exports");
            QVERIFY(fs::is_directory((*project)->exportsFolder()));
            QCOMPARE((*project)->runFolder("0001-a"), fs::canonical(place) / "runs" / "0001-a");
            if (place == folder.path()) {
                for (const auto& entry : fs::directory_iterator(place)) fs::remove_all(entry);
            }
        }
    }

    void opensAgainAndAgain()
    {
        const test::ScratchFolder folder;
        for (int i = 0; i < 3; ++i) QCOMPARE(problemOf(Project::open(folder / "p")), QString());
        QVERIFY(!fs::exists(folder / "p" / "project.db-wal"));
    }

    void refusesFoldersWithOtherThings()
    {
        const test::ScratchFolder folder;
        test::writeFile(folder / "photos" / "cat.jpg", "miau");
        const auto result = Project::open(folder / "photos");
        QCOMPARE(codeOf(result), QString("project-not-made"));
        QVERIFY(problemOf(result).contains("cat.jpg"));
        QCOMPARE(test::entriesIn(folder / "photos"), 1);

        QCOMPARE(codeOf(Project::open(folder / "photos" / "cat.jpg")), QString("project-not-made"));
        QCOMPARE(codeOf(Project::open(folder / "photos" / "cat.jpg" / "below")), QString("project-not-made"));

        // Runs without their database would meet new runs of the same numbers.
        test::writeFile(folder / "lost" / "runs" / "0001-dpo-pairs" / "model.safetensors", "weights");
        QCOMPARE(codeOf(Project::open(folder / "lost")), QString("project-not-made"));

        // Nothing of a project is made where its folders cannot be.
        for (const char* name : {"runs", "exports"}) {
            const fs::path place = folder / (std::string("beside ") + name);
            test::writeFile(place / name, "");
            QCOMPARE(codeOf(Project::open(place)), QString("project-not-made"));
            QCOMPARE(test::entriesIn(place), 1);
        }
    }

    // Nobody is told to make a project where none can be made, and no new one is made over the runs of another.
    void aProjectWhoseDatabaseIsLostIsSaidToBeThat()
    {
        const test::ScratchFolder folder;
        QCOMPARE(problemOf(Project::open(folder.path())), QString());
        test::writeFile(folder / "runs" / "0001-dpo-pairs" / "model.safetensors", "weights");
        const auto expectBoth = [&](const char* reason) {
            for (const auto open : {&Project::open, &Project::openToRead}) {
                const auto opened = open(folder.path());
                QCOMPARE(codeOf(opened), QString("project-invalid"));
                QVERIFY2(problemOf(opened).contains(reason), qPrintable(problemOf(opened)));
            }
        };
        fs::resize_file(folder / "project.db", 0);
        expectBoth("it holds runs, but its project.db is empty");
        QCOMPARE(fs::file_size(folder / "project.db"), std::uintmax_t{0});
        fs::remove(folder / "project.db");
        expectBoth("it holds runs, but its project.db is gone");
    }

    void aFolderInThePlaceOfTheLockIsNamed()
    {
        const test::ScratchFolder folder;
        fs::create_directory(folder / "project.lock");
        const auto opened = Project::open(folder.path());
        QCOMPARE(codeOf(opened), QString("project-invalid"));
        QVERIFY2(problemOf(opened).contains("its project.lock is a folder"), qPrintable(problemOf(opened)));
    }

    void aLinkThatLeadsNowhereIsSaidToBeOne()
    {
        const test::ScratchFolder folder;
        fs::create_symlink("gone", folder / "link");
        for (const fs::path& path : {folder / "link", folder / "link" / "below"}) {
            const auto made = Project::open(path);
            QCOMPARE(codeOf(made), QString("project-not-made"));
            QVERIFY2(problemOf(made).contains("link is a link to gone, which is not there"),
                     qPrintable(problemOf(made)));
            const auto read = Project::openToRead(path);
            QCOMPARE(codeOf(read), QString("project-not-found"));
            QVERIFY2(problemOf(read).contains("is a link to gone"), qPrintable(problemOf(read)));
        }
    }

    void hiddenFilesAndAnInterruptedStartDoNotMatter()
    {
        const test::ScratchFolder folder;
        test::writeFile(folder / ".directory", "view=list");
        test::writeFile(folder / "project.lock", "process 1 on nowhere\n");
        fs::create_directory(folder / "runs");
        QCOMPARE(problemOf(Project::open(folder.path())), QString());
        fs::resize_file(folder / "project.db", 0);  // killed before the first commit
        QCOMPARE(problemOf(Project::open(folder.path())), QString());
    }

    void sourcesInsideMoveWithTheFolder()
    {
        const test::ScratchFolder folder;
        const auto inside = test::writeFile(folder / "p" / ".keep" / "data" / "pairs.jsonl", "{}");
        const auto outside = test::writeFile(folder / "elsewhere.jsonl", "{}");
        std::string stored;
        {
            const auto project = Project::open(folder / "p");
            QCOMPARE(problemOf(project), QString());
            stored = (*project)->storedPath(inside);
            QCOMPARE(stored, std::string(".keep/data/pairs.jsonl"));
            QCOMPARE((*project)->storedPath(folder / "p" / "x" / ".." / ".keep" / "data" / "pairs.jsonl"), stored);
            QCOMPARE((*project)->storedPath(outside), fs::canonical(outside).string());
            QCOMPARE((*project)->storedPath(folder / "p2" / "a"), (folder / "p2" / "a").string());
            QCOMPARE((*project)->sourcePath((*project)->storedPath(outside)), fs::canonical(outside));
            fs::create_directory_symlink(folder / "p", folder / "link");
            QCOMPARE((*project)->storedPath(folder / "link" / ".keep" / "data" / "pairs.jsonl"), stored);
        }
        fs::rename(folder / "p", folder / "moved");
        const auto project = Project::open(folder / "moved");
        QCOMPARE(problemOf(project), QString());
        QCOMPARE((*project)->sourcePath(stored), fs::canonical(folder / "moved" / ".keep" / "data" / "pairs.jsonl"));
    }

    void oneOwnerAtATime()
    {
        const test::ScratchFolder folder;
        const auto project = Project::open(folder / "p");
        QCOMPARE(problemOf(project), QString());
        const auto second = Project::open(folder / "p");
        QCOMPARE(codeOf(second), QString("project-locked"));
        QVERIFY(argumentOf(second, "owner").startsWith("process " + QString::number(::getpid()) + " on "));
    }

    void aKilledOwnersLockIsVoidAtOnce()
    {
        const test::ScratchFolder folder;
        test::ChildProcess child("hold", {(folder / "p").string()});
        QVERIFY(child.isStarted());
        QCOMPARE(child.readLine(), std::string("open"));
        const auto locked = Project::open(folder / "p");
        QCOMPARE(codeOf(locked), QString("project-locked"));
        QVERIFY(problemOf(locked).contains("process " + QString::number(child.processId()) + " on "));
        child.kill();
        QCOMPARE(problemOf(Project::open(folder / "p")), QString());
    }

    void readOnlyFolder()
    {
        if (::geteuid() != 0) QSKIP("needs the right to become another user");
        const test::ScratchFolder folder;
        fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
        QVERIFY(Project::open(folder / "there"));
        QVERIFY(QString::fromStdString(attemptOfChild("nobody", folder / "there")).endsWith("project-read-only"));
        QVERIFY(QString::fromStdString(attemptOfChild("nobody", folder / "new")).endsWith("project-read-only"));
    }

    void readOnlyDisk()
    {
        const test::ScratchFolder folder;
        const auto said = attemptOfChild("read-only-disk", folder.path());
        if (said == "no mounts here") QSKIP("needs the right to mount");
        QVERIFY2(QString::fromStdString(said).endsWith("project-read-only"), said.c_str());
    }

    void fullDiskAtTheStart()
    {
        const test::ScratchFolder folder;
        const auto said = attemptOfChild("tiny-disk", folder.path());
        if (said == "no mounts here") QSKIP("needs the right to mount");
        QVERIFY2(QString::fromStdString(said).endsWith("disk-full"), said.c_str());
        QVERIFY2(QString::fromStdString(said).startsWith("The disk of "), said.c_str());
    }

    void fullDiskLater()
    {
        const test::ScratchFolder folder;
        const auto said = attemptOfChild("small-disk", folder.path());
        if (said == "no mounts here") QSKIP("needs the right to mount");
        QCOMPARE(said, std::string("disk-full"));
    }

    void aFailedWriteLosesNothingBeforeIt()
    {
        const test::ScratchFolder folder;
        QCOMPARE(attemptOfChild("file-limit", folder / "p"), std::string("write-failed"));
        const auto project = Project::open(folder / "p");
        QCOMPARE(problemOf(project), QString());
        QVERIFY(runsIn(**project) > 0);
    }

    void newerProject()
    {
        const test::ScratchFolder folder;
        QVERIFY(Project::open(folder.path()));
        auto migrations = projectMigrations();
        const std::int64_t newer = migrations.back().version + 1;
        migrations.push_back({newer, "CREATE TABLE from_the_future (x)"});
        QVERIFY(Database::open(folder / "project.db", kProjectApplicationId, migrations));
        const auto result = Project::open(folder.path());
        QCOMPARE(codeOf(result), QString("project-too-new"));
        QCOMPARE(argumentOf(result, "found"), QString::number(newer));
        QVERIFY(problemOf(result).contains("update PrefLab"));
    }

    void damagedProject()
    {
        const test::ScratchFolder folder;
        QVERIFY(Project::open(folder.path()));
        test::writeFile(folder / "project.db", std::string(8192, 'z'));
        const auto result = Project::open(folder.path());
        QCOMPARE(codeOf(result), QString("project-invalid"));
        QVERIFY(problemOf(result).contains("it is not a database"));
    }

    void unnamedProjectLivesWithTheUsersData()
    {
        QCOMPARE(Project::defaultFolder().filename(), fs::path("default"));
        const auto project = Project::open(Project::defaultFolder());
        QCOMPARE(problemOf(project), QString());
    }
};

int main(int argc, char** argv)
{
    if (const auto task = test::childTask(argc, argv); !task.empty()) return runChild(task, argv[3]);
    QCoreApplication application(argc, argv);
    ProjectTest projectTest;
    return QTest::qExec(&projectTest, argc, argv);
}

#include "project_test.moc"
