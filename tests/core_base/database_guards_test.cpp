// SPDX-License-Identifier: GPL-3.0-or-later
// What a database refuses, and what it tells: foreign schemas, work without end, a log or a folder that is gone, threads
// that the system does not give.
#include "core/base/database.h"
#include "core/base/database_connection.h"
#include "support/child_process.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <grp.h>

#include <cstdio>
#include <sys/resource.h>
#include <unistd.h>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::problemOf;

namespace fs = std::filesystem;

namespace {

constexpr uid_t kNobody = 65533;
constexpr std::uint32_t kApplication = 0x54657374;
const std::string kNotes = "CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL);";
const std::vector<Migration> kOurs{{1, kNotes}};

Result<> insert(Database& database, const std::string& text)
{
    return database.call(Durability::Normal, [&](Connection& connection) -> Result<> {
        connection.prepare("INSERT INTO notes (text) VALUES (?)").bind(text).step();
        return {};
    });
}

Result<std::unique_ptr<Database>> opened(const fs::path& path)
{
    return Database::open(path, kApplication, kOurs);
}

/// Child: as a user who may have no further thread.
int openWithoutThreads(const fs::path& path)
{
    const rlimit none{0, 0};
    const bool isLimited = ::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
                           ::setrlimit(RLIMIT_NPROC, &none) == 0 && ::setresuid(kNobody, kNobody, kNobody) == 0;
    if (!isLimited) return 1;
    const auto database = opened(path);
    std::puts(database ? "open" : sentence(database.error()).c_str());
    std::fflush(stdout);  // before a leak check that finds no thread to run in
    return 0;
}

}  // namespace

class DatabaseGuardsTest : public QObject {
    Q_OBJECT

private slots:
    void foreignSchemas_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("named");
        const QString notes = QString::fromStdString(kNotes);
        QTest::newRow("trigger")
            << notes + "CREATE TRIGGER fill AFTER UPDATE ON notes BEGIN INSERT INTO notes (text) VALUES "
                       "(randomblob(1000000)); END"
            << "trigger fill";
        QTest::newRow("view") << notes + "CREATE VIEW all_notes AS SELECT * FROM notes"
                              << "view all_notes";
        QTest::newRow("table") << notes + "CREATE TABLE more (x)"
                               << "table more";
        QTest::newRow("index") << notes + "CREATE INDEX by_text ON notes (upper(text))"
                               << "index by_text";
        QTest::newRow("view in the place of a table") << "CREATE VIEW notes AS SELECT 1 AS number, '' AS text"
                                                      << "view notes";
        QTest::newRow("check") << "CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL CHECK "
                                  "(length(randomblob(100000000)) > 1))"
                               << "table notes";
        QTest::newRow("missing") << "CREATE TABLE other (x)"
                                 << "table other";
        QTest::newRow("long name") << notes + "CREATE TABLE t" + QString(5000, 'x') + " (y)"
                                   << "table txxx";
    }

    void foreignSchemas()
    {
        QFETCH(QString, sql);
        QFETCH(QString, named);
        const test::ScratchFolder folder;
        QVERIFY(Database::open(folder / "a.db", kApplication, {{1, sql.toStdString()}}));
        const std::string before = test::readFile(folder / "a.db");
        const auto written = opened(folder / "a.db");
        const auto read = Database::openToRead(folder / "a.db", kApplication, kOurs, Neighbour::None);
        for (const auto* result : {&written, &read}) {
            QCOMPARE(codeOf(*result), QString("project-invalid"));
            QVERIFY2(argumentOf(*result, "reason").contains(named), qPrintable(problemOf(*result)));
            QVERIFY(argumentOf(*result, "reason").size() < 200);
        }
        QVERIFY(test::readFile(folder / "a.db") == before);
    }

    void workWithoutEndIsEnded()
    {
        const ConnectionHandle handle = openConnection(":memory:", FileAccess::Write);
        limitWorkTo(handle.get(), 0);
        Connection connection(handle.get());
        try {
            readNumber(connection,
                       "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n");
            QFAIL("it ended");
        } catch (const DatabaseFault& fault) {
            QCOMPARE(errorOf(fault, "/a.db").code, ErrorCode::ProjectInvalid);
        }
    }

    void theLogDoesNotHoldEverythingForLong()
    {
        const test::ScratchFolder folder;
        const auto database = opened(folder / "a.db");
        QCOMPARE(problemOf(database), QString());
        QCOMPARE(problemOf(insert(**database, "a step in the middle of a run")), QString());
        QTRY_VERIFY_WITH_TIMEOUT(test::readFile(folder / "a.db").find("in the middle of a run") != std::string::npos,
                                 60'000);
    }

    void aDeletedLogLosesNothing()
    {
        const test::ScratchFolder folder;
        const auto database = opened(folder / "a.db");
        QCOMPARE(problemOf(database), QString());
        QCOMPARE(problemOf(insert(**database, "before")), QString());
        fs::remove(folder / "a.db-wal");
        QCOMPARE(problemOf(insert(**database, "after")), QString());
        const std::string stored = test::readFile(folder / "a.db");  // what a kill now would leave
        QVERIFY(stored.find("before") != std::string::npos);
        QVERIFY(stored.find("after") != std::string::npos);
    }

    void aFolderThatIsGoneIsSaid()
    {
        for (const bool isMoved : {true, false}) {
            const test::ScratchFolder folder;
            fs::create_directory(folder / "p");
            const auto database = opened(folder / "p" / "a.db");
            QCOMPARE(problemOf(database), QString());
            QCOMPARE(problemOf(insert(**database, "here")), QString());
            isMoved ? fs::rename(folder / "p", folder / "elsewhere") : void(fs::remove_all(folder / "p"));
            const auto result = insert(**database, "nowhere");
            QCOMPARE(codeOf(result), QString("project-gone"));
            QCOMPARE(argumentOf(result, "path").toStdString(), (folder / "p").string());
        }
    }

    // The folder is there, and somebody else may have put it there: what is gone is the file.
    void aFileThatIsGoneIsSaid()
    {
        const test::ScratchFolder folder;
        const auto database = opened(folder / "a.db");
        QCOMPARE(problemOf(insert(**database, "here")), QString());
        for (const char* name : {"a.db", "a.db-wal", "a.db-shm"}) fs::remove(folder / name);
        const auto result = insert(**database, "nowhere");
        QCOMPARE(codeOf(result), QString("project-gone"));
        QCOMPARE(argumentOf(result, "path").toStdString(), (folder / "a.db").string());
        QVERIFY2(problemOf(result).contains("a.db was deleted or moved"), qPrintable(problemOf(result)));
    }

    void noThreadIsOneSentence()
    {
        if (::geteuid() != 0) QSKIP("needs the right to become another user");
        const test::ScratchFolder folder;
        fs::permissions(folder.path(), fs::perms::all);
        test::ChildProcess child("threads", {(folder / "a.db").string()});
        const std::string said = child.readRest();
        QVERIFY2(said.starts_with("The system allows PrefLab no more threads: "), said.c_str());
    }
};

int main(int argc, char** argv)
{
    if (const auto task = test::childTask(argc, argv); !task.empty()) return openWithoutThreads(argv[3]);
    QCoreApplication application(argc, argv);
    DatabaseGuardsTest databaseGuardsTest;
    return QTest::qExec(&databaseGuardsTest, argc, argv);
}

#include "database_guards_test.moc"
