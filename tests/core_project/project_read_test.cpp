// SPDX-License-Identifier: GPL-3.0-or-later
// Projects that are only read: beside their owner, at rest, and on media that cannot be written; and what a project says
// when it is not whole or not there any more.
#include "core/project/path_text.h"
#include "core/project/project.h"
#include "core/project/project_state.h"
#include "support/child_process.h"
#include "support/files.h"
#include "support/results.h"
#include "support/somebody.h"

#include <QtTest>

#include <sched.h>

#include <cstdio>
#include <sys/mount.h>
#include <unistd.h>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::problemOf;

namespace fs = std::filesystem;

namespace {

Result<> addRun(Project& project, const std::string& id)
{
    return project.database().call(Durability::Full, [&](Connection& connection) -> Result<> {
        Statement insert = connection.prepare(
            "INSERT INTO runs (id, name, method, created, outcome, spec) VALUES (?, '', '', '', '', '')");
        insert.bind(id).step();
        return {};
    });
}

std::int64_t runsIn(Project& project)
{
    std::int64_t count = -1;
    const auto result = project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        Statement statement = connection.prepare("SELECT count(*) FROM runs");
        if (statement.step()) count = statement.integer(0);
        return {};
    });
    return result ? count : -2;
}

/// Child: works in the project until it is killed.
int hold(const fs::path& folder)
{
    const auto project = Project::open(folder);
    const bool isOpen = project && addRun(**project, "0001-held");
    std::puts(isOpen ? "open" : "failed");
    std::fflush(stdout);
    while (isOpen) ::pause();
    return 1;
}

/// Child: in a mount name space of its own, with the folder on a disk that cannot be written.
int readOnReadOnlyDisk(const fs::path& folder, bool isKilled)
{
    const bool isMounted = ::unshare(CLONE_NEWNS) == 0 &&
                           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                           ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=4m") == 0;
    if (isMounted) {
        const auto project = Project::open(folder / "p");
        if (!project || !addRun(**project, "0001-kept")) return 1;
        if (isKilled) {
            fs::create_directory(folder / "killed");
            fs::copy(folder / "p", folder / "killed", fs::copy_options::recursive);
        }
    }
    if (!isMounted || ::mount("none", folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
        std::puts("no mounts here");
        return 0;
    }
    const auto project = Project::openToRead(folder / (isKilled ? "killed" : "p"));
    std::puts(project ? std::to_string(runsIn(**project)).c_str() : sentence(project.error()).c_str());
    return 0;
}

}  // namespace

class ProjectReadTest : public QObject {
    Q_OBJECT

private slots:
    void besideItsOwner()
    {
        const test::ScratchFolder folder;
        test::ChildProcess owner("hold", {(folder / "p").string()});
        QCOMPARE(owner.readLine(), std::string("open"));
        const auto project = Project::openToRead(folder / "p");
        QCOMPARE(problemOf(project), QString());
        QVERIFY((*project)->isReadOnly() && (*project)->isUsedElsewhere());
        QCOMPARE(runsIn(**project), 1);
        QCOMPARE(codeOf(addRun(**project, "0002-no")), QString("project-read-only"));
        owner.kill();
        const auto atRest = Project::openToRead(folder / "p");
        QCOMPARE(problemOf(atRest), QString());
        QVERIFY(!(*atRest)->isUsedElsewhere());
        QCOMPARE(runsIn(**atRest), 1);
    }

    void manyReadersKeepNobodyFromWriting()
    {
        const test::ScratchFolder folder;
        QVERIFY(addRun(**Project::open(folder / "p"), "0001-a"));
        const auto one = Project::openToRead(folder / "p");
        const auto two = Project::openToRead(folder / "p");
        QVERIFY(one && two);
        const auto owner = Project::open(folder / "p");
        QCOMPARE(problemOf(owner), QString());
        QVERIFY(addRun(**owner, "0002-b"));
        QCOMPARE(runsIn(**one), 2);
        QCOMPARE(runsIn(**two), 2);
    }

    void onAReadOnlyDisk()
    {
        for (const char* task : {"disk", "killed-disk"}) {
            const test::ScratchFolder folder;
            test::ChildProcess child(task, {folder.path().string()});
            const std::string said = child.readLine();
            if (said == "no mounts here") QSKIP("needs the right to mount");
            QCOMPARE(said, std::string("1"));
        }
    }

    void makesNothing()
    {
        const test::ScratchFolder folder;
        const auto missing = Project::openToRead(folder / "mistyped");
        QCOMPARE(codeOf(missing), QString("project-not-found"));
        QVERIFY(problemOf(missing).contains("mistyped"));
        QCOMPARE(codeOf(Project::openToRead(folder.path())), QString("project-not-found"));
        QCOMPARE(test::entriesIn(folder.path()), 0);
    }

    // What may not be looked into is not what is not there.
    void aForbiddenProjectIsNoMistypedOne()
    {
        const test::ScratchFolder folder;
        QCOMPARE(problemOf(Project::open(folder / "p")), QString());
        fs::permissions(folder.path(), fs::perms::all);
        for (const fs::path& forbidden : {folder / "p", folder / "p" / "project.db"}) {
            const test::Forbidden nobody(forbidden);
            const auto read = Project::openToRead(folder / "p");
            QCOMPARE(codeOf(read), QString("file-unreadable"));
            QCOMPARE(argumentOf(read, "path").toStdString(), forbidden.string());
            QVERIFY2(problemOf(read).contains("Permission denied; permit reading"), qPrintable(problemOf(read)));
        }
        const test::Forbidden nobody(folder / "p");
        QCOMPARE(codeOf(Project::open(folder / "p")), QString("file-unreadable"));
    }

    // SQLite takes no path of more than 512 bytes, and says only that it cannot open it.
    void aPathThatIsTooLongIsSaid()
    {
        const test::ScratchFolder folder;
        const fs::path longest = folder.path() / std::string(250, 'a');
        const fs::path tooLong = longest / std::string(250, 'b');
        const auto refused = Project::open(tooLong);
        QCOMPARE(codeOf(refused), QString("project-not-made"));
        QVERIFY2(problemOf(refused).contains(" bytes, and a project's may have 493"), qPrintable(problemOf(refused)));
        QCOMPARE(test::entriesIn(folder.path()), 0);
        const std::size_t rest = 493 - longest.string().size() - 1;
        QCOMPARE(problemOf(Project::open(longest / std::string(rest, 'c'))), QString());
        fs::rename(longest / std::string(rest, 'c'), longest / std::string(rest + 1, 'c'));
        const auto moved = Project::openToRead(longest / std::string(rest + 1, 'c'));
        QCOMPARE(codeOf(moved), QString("file-unreadable"));
        QVERIFY2(problemOf(moved).contains("494 bytes"), qPrintable(problemOf(moved)));
    }

    void aMissingTableIsNamed()
    {
        const test::ScratchFolder folder;
        {
            const auto project = Project::open(folder / "p");
            QCOMPARE(problemOf((*project)->database().call(Durability::Full,
                                                           [](Connection& connection) -> Result<> {
                                                               connection.execute("DROP TABLE runs");
                                                               return {};
                                                           })),
                     QString());
        }
        const auto read = Project::openToRead(folder / "p");
        QVERIFY2(problemOf(read).contains("its database lacks the table runs;"), qPrintable(problemOf(read)));
    }

    void aMissingLogIsSaid()
    {
        const test::ScratchFolder folder;
        {
            test::ChildProcess owner("hold", {(folder / "p").string()});
            QCOMPARE(owner.readLine(), std::string("open"));
        }  // killed
        const fs::path log = folder / "p" / "project.db-wal";
        QVERIFY(fs::exists(log));
        fs::remove(log);
        const auto read = Project::openToRead(folder / "p");
        QCOMPARE(problemOf(read), QString());
        QVERIFY((*read)->warning() && (*read)->warning()->code == ErrorCode::ChangesMissing);
        {
            const auto project = Project::open(folder / "p");
            QCOMPARE(problemOf(project), QString());
            QVERIFY((*project)->warning() && (*project)->warning()->arguments.at("file") == "project.db-wal");
        }
        QVERIFY(!(*Project::open(folder / "p"))->warning());
    }

    void aProjectThatIsGoneIsSaid()
    {
        const test::ScratchFolder folder;
        const auto project = Project::open(folder / "p");
        QCOMPARE(problemOf(project), QString());
        QCOMPARE(problemOf(addRun(**project, "0001-here")), QString());
        fs::rename(folder / "p", folder / "elsewhere");
        fs::create_directory(folder / "p");
        QCOMPARE(codeOf(addRun(**project, "0002-nowhere")), QString("project-gone"));
    }

    void linkedFoldersAreFollowed()
    {
        const test::ScratchFolder folder;
        QVERIFY(Project::open(folder / "p"));
        for (const char* name : {"runs", "exports"}) {
            fs::rename(folder / "p" / name, folder / name);
            fs::create_directory_symlink(folder / name, folder / "p" / name);
        }
        test::writeFile(folder / "runs" / "mine.tmp" / "thesis.txt", "years of work");
        test::writeFile(folder / "runs" / "a" / "b.tmp" / "thesis.txt", "years of work");
        QCOMPARE(problemOf(Project::open(folder / "p")), QString());
        QVERIFY(fs::exists(folder / "runs" / "mine.tmp" / "thesis.txt"));
        QVERIFY(fs::exists(folder / "runs" / "a" / "b.tmp" / "thesis.txt"));
        fs::remove_all(folder / "exports");
        const auto broken = Project::open(folder / "p");
        QCOMPARE(codeOf(broken), QString("project-invalid"));
        QVERIFY(argumentOf(broken, "reason").contains("exports"));
    }

    void linksInThePlaceOfItsFilesAreNotFollowed()
    {
        for (const char* name : {"project.lock", "project.db", "project.db-wal", "project.db-shm"}) {
            const test::ScratchFolder folder;
            QVERIFY(Project::open(folder / "p"));
            const auto thesis = test::writeFile(folder / "thesis.txt", "years of work");
            fs::remove(folder / "p" / name);
            fs::create_symlink(thesis, folder / "p" / name);
            QCOMPARE(codeOf(Project::open(folder / "p")), QString("project-invalid"));
            QCOMPARE(test::readFile(thesis), std::string("years of work"));
        }
        const test::ScratchFolder folder;
        const auto thesis = test::writeFile(folder / "thesis.txt", "years of work");
        const auto project = Project::open(folder / "p");
        fs::create_symlink(thesis, folder / "p" / "state.json");
        QCOMPARE(problemOf(writeProjectState(**project, {})), QString());
        QCOMPARE(test::readFile(thesis), std::string("years of work"));
    }

    void namesThatAreNoTextComeBack()
    {
        const test::ScratchFolder folder;
        const auto project = Project::open(folder / "p");
        QCOMPARE(problemOf(project), QString());
        const fs::path inside = (*project)->folder() /
                                "d\xff"
                                "ata 100%" /
                                "p\xe9.jsonl";
        for (const fs::path& path : {inside, fs::path("/else/\xfe\xff.jsonl"), fs::path("/else/Ü 100%41.jsonl")}) {
            const std::string stored = (*project)->storedPath(path);
            QCOMPARE(QString::fromStdString(stored).toStdString(), stored);  // is UTF-8
            QCOMPARE((*project)->sourcePath(stored).string(), path.string());
        }
        QCOMPARE((*project)->storedPath("/else/Ü 100%41.jsonl"), std::string("/else/Ü 100%41.jsonl"));
        QCOMPARE((*project)->storedPath(inside).substr(0, 6), std::string("./%:d%"));
        QCOMPARE(pathOfText(pathText("./%:x")).string(), std::string("./%:x"));
    }
};

int main(int argc, char** argv)
{
    const auto task = test::childTask(argc, argv);
    if (task == "hold") return hold(argv[3]);
    if (!task.empty()) return readOnReadOnlyDisk(argv[3], task == "killed-disk");
    QCoreApplication application(argc, argv);
    ProjectReadTest projectReadTest;
    return QTest::qExec(&projectReadTest, argc, argv);
}

#include "project_read_test.moc"
