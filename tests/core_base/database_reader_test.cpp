// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a database beside its writer, at rest and where nothing can be written; and that reading leaves no trace.
#include "core/base/database.h"
#include "support/child_process.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <grp.h>

#include <cstdio>
#include <map>
#include <unistd.h>

using namespace preflab;
using test::codeOf;
using test::problemOf;

namespace fs = std::filesystem;

namespace {

constexpr uid_t kNobody = 65534;
constexpr std::uint32_t kApplication = 0x54657374;
const std::vector<Migration> kFirst{{1, "CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL)"}};
const std::vector<Migration> kSecond{kFirst[0], {2, "ALTER TABLE notes ADD COLUMN stars INTEGER NOT NULL DEFAULT 3"}};

Result<> insert(Database& database, const std::string& text)
{
    return database.call(Durability::Full, [&](Connection& connection) -> Result<> {
        connection.prepare("INSERT INTO notes (text) VALUES (?)").bind(text).step();
        return {};
    });
}

Result<std::int64_t> number(Database& database, const std::string& sql)
{
    std::int64_t found = -1;
    TRY_VOID(database.call(Durability::Normal, [&](Connection& connection) -> Result<> {
        Statement statement = connection.prepare(sql);
        if (statement.step()) found = statement.integer(0);
        return {};
    }));
    return found;
}

std::int64_t notesIn(Database& database)
{
    return number(database, "SELECT count(*) FROM notes").value_or(-2);
}

std::unique_ptr<Database> writer(const fs::path& path)
{
    auto database = Database::open(path, kApplication, kFirst);
    return database ? std::move(*database) : nullptr;
}

Result<std::unique_ptr<Database>> reader(const fs::path& path, Neighbour neighbour = Neighbour::None,
                                         const std::vector<Migration>& migrations = kFirst)
{
    return Database::openToRead(path, kApplication, migrations, neighbour);
}

/// Every file below a folder with its bytes.
std::map<std::string, std::string> snapshot(const fs::path& folder)
{
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        files[entry.path().string()] = entry.is_regular_file() ? test::readFile(entry.path()) : "";
    return files;
}

/// Child: without the rights of root, which may write everywhere.
int countAsNobody(const fs::path& path)
{
    const bool isNobody = ::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
                          ::setresuid(kNobody, kNobody, kNobody) == 0;
    if (!isNobody) return 1;
    const auto database = reader(path);
    std::puts(database ? std::to_string(notesIn(**database)).c_str() : sentence(database.error()).c_str());
    return 0;
}

}  // namespace

class DatabaseReaderTest : public QObject {
    Q_OBJECT

private slots:
    void readsWhileAnotherWrites()
    {
        const test::ScratchFolder folder;
        const auto writes = writer(folder / "a.db");
        QVERIFY(writes);
        QCOMPARE(problemOf(insert(*writes, "one")), QString());
        const auto reads = reader(folder / "a.db", Neighbour::Writer);
        QCOMPARE(problemOf(reads), QString());
        QCOMPARE(notesIn(**reads), 1);
        QCOMPARE(problemOf(insert(*writes, "two")), QString());
        QCOMPARE(notesIn(**reads), 2);
    }

    void atRestNothingIsWrittenNorMade()
    {
        const test::ScratchFolder folder;
        QVERIFY(insert(*writer(folder / "a.db"), "kept"));
        const auto before = snapshot(folder.path());
        {
            const auto reads = reader(folder / "a.db");
            QCOMPARE(problemOf(reads), QString());
            QCOMPARE(notesIn(**reads), 1);
            QCOMPARE(codeOf(insert(**reads, "no")), QString("project-read-only"));
            QVERIFY(snapshot(folder.path()) == before);
        }
        QVERIFY(snapshot(folder.path()) == before);
    }

    void readsWhereNothingMayBeWritten()
    {
        if (::geteuid() != 0) QSKIP("needs the right to become another user");
        const test::ScratchFolder folder;
        QVERIFY(insert(*writer(folder / "a.db"), "kept"));
        fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
        test::ChildProcess child("nobody", {(folder / "a.db").string()});
        QCOMPARE(child.readLine(), std::string("1"));
    }

    void anOlderSchemaIsReadAsTheNewest()
    {
        const test::ScratchFolder folder;
        QVERIFY(insert(*writer(folder / "a.db"), "old"));
        const auto before = snapshot(folder.path());
        const auto reads = reader(folder / "a.db", Neighbour::None, kSecond);
        QCOMPARE(problemOf(reads), QString());
        QCOMPARE(number(**reads, "SELECT stars FROM notes").value_or(-1), 3);
        QCOMPARE(codeOf(insert(**reads, "no")), QString("project-read-only"));
        QVERIFY(snapshot(folder.path()) == before);
        QCOMPARE(codeOf(reader(folder / "a.db", Neighbour::None, {{1, "CREATE TABLE other (x)"}})),
                 QString("project-invalid"));
    }

    void theLogOfAKilledWriterIsRead()
    {
        const test::ScratchFolder folder;
        {
            const auto writes = writer(folder / "a.db");
            QVERIFY(writes);
            QCOMPARE(problemOf(insert(*writes, "in the log")), QString());
            fs::create_directory(folder / "killed");  // what a kill now would leave
            fs::copy_file(folder / "a.db", folder / "killed" / "a.db");
            fs::copy_file(folder / "a.db-wal", folder / "killed" / "a.db-wal");
        }
        const auto before = snapshot(folder / "killed");
        const auto reads = reader(folder / "killed" / "a.db");
        QCOMPARE(problemOf(reads), QString());
        QCOMPARE(notesIn(**reads), 1);
        QVERIFY(snapshot(folder / "killed") == before);
    }

    void whatIsNotThereIsNotMade()
    {
        const test::ScratchFolder folder;
        const auto missing = reader(folder / "a.db");
        QCOMPARE(codeOf(missing), QString("project-not-found"));
        QCOMPARE(test::argumentOf(missing, "path").toStdString(), folder.path().string());
        test::writeFile(folder / "empty.db", "");  // is being made
        QCOMPARE(codeOf(reader(folder / "empty.db")), QString("project-not-found"));
        QCOMPARE(test::entriesIn(folder.path()), 1);
    }

    void changesBetweenCommandsAreSeen()
    {
        const test::ScratchFolder folder;
        QVERIFY(insert(*writer(folder / "a.db"), "one"));
        const auto reads = reader(folder / "a.db");
        QCOMPARE(problemOf(reads), QString());
        QCOMPARE(notesIn(**reads), 1);
        QVERIFY(insert(*writer(folder / "a.db"), "two"));
        QCOMPARE(notesIn(**reads), 2);
        const auto writes = writer(folder / "a.db");
        QVERIFY(insert(*writes, "three"));  // lies in the log
        QCOMPARE(notesIn(**reads), 3);
    }

    void aChangeDuringACommandIsSaid()
    {
        const test::ScratchFolder folder;
        QVERIFY(insert(*writer(folder / "a.db"), "one"));
        const auto reads = reader(folder / "a.db");
        QCOMPARE(problemOf(reads), QString());
        const auto result = (*reads)->call(Durability::Normal, [&](Connection&) -> Result<> {
            return insert(*writer(folder / "a.db"), "meanwhile");  // closing writes the log into the file
        });
        QCOMPARE(codeOf(result), QString("file-changed"));
    }
};

int main(int argc, char** argv)
{
    if (const auto task = test::childTask(argc, argv); !task.empty()) return countAsNobody(argv[3]);
    QCoreApplication application(argc, argv);
    DatabaseReaderTest databaseReaderTest;
    return QTest::qExec(&databaseReaderTest, argc, argv);
}

#include "database_reader_test.moc"
