// SPDX-License-Identifier: GPL-3.0-or-later
// The storage thread: acknowledged means committed, one bad command spoils nothing else, and no file is opened that
// cannot be trusted.
#include "core/base/database.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <atomic>
#include <new>
#include <random>
#include <thread>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::problemOf;

namespace {

constexpr std::uint32_t kApplication = 0x54657374;
const std::vector<Migration> kFirst{{1, "CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL)"}};
const std::vector<Migration> kSecond{kFirst[0], {2, "ALTER TABLE notes ADD COLUMN stars INTEGER NOT NULL DEFAULT 3"}};

Database::Command insert(const std::string& text)
{
    return [text](Connection& connection) -> Result<> {
        connection.prepare("INSERT INTO notes (text) VALUES (?)").bind(text).step();
        return {};
    };
}

std::int64_t numberOf(Database& database, const std::string& sql, Durability durability = Durability::Normal)
{
    std::int64_t number = -1;
    const auto result = database.call(durability, [&](Connection& connection) -> Result<> {
        Statement statement = connection.prepare(sql);
        if (statement.step()) number = statement.integer(0);
        return {};
    });
    return result ? number : -2;
}

std::string textOf(Database& database, const std::string& sql)
{
    std::string text;
    const auto result = database.call(Durability::Normal, [&](Connection& connection) -> Result<> {
        Statement statement = connection.prepare(sql);
        if (statement.step()) text = statement.text(0);
        return {};
    });
    return result ? text : sentence(result.error());
}

std::unique_ptr<Database> opened(const std::filesystem::path& path, const std::vector<Migration>& migrations = kFirst)
{
    auto database = Database::open(path, kApplication, migrations);
    return database ? std::move(*database) : nullptr;
}

/// A file of several pages of rows.
void fill(const std::filesystem::path& path, int rows)
{
    const auto database = opened(path);
    QVERIFY(database);
    for (int i = 0; i < rows; ++i) database->post(Durability::Normal, insert(std::string(500, 'a')));
}

}  // namespace

class DatabaseTest : public QObject {
    Q_OBJECT

private slots:
    void keepsWhatIsCommitted()
    {
        const test::ScratchFolder folder;
        {
            const auto database = opened(folder / "a.db");
            QVERIFY(database);
            QCOMPARE(problemOf(database->call(Durability::Full, insert("kept"))), QString());
        }
        const auto database = opened(folder / "a.db");
        QVERIFY(database);
        QCOMPARE(textOf(*database, "SELECT text FROM notes"), std::string("kept"));
        QCOMPARE(numberOf(*database, "PRAGMA application_id"), std::int64_t{kApplication});
        QCOMPARE(numberOf(*database, "PRAGMA user_version"), 1);
    }

    void valuesComeBackAsTheyWere()
    {
        const test::ScratchFolder folder;
        const auto database = opened(folder / "a.db", {{1, "CREATE TABLE t (a, b, c, d, e, f)"}});
        QVERIFY(database);
        const std::vector<std::byte> bytes{std::byte{0}, std::byte{255}, std::byte{7}};
        const std::string text("with\0zero", 9);
        const auto result = database->call(Durability::Full, [&](Connection& connection) -> Result<> {
            Statement in = connection.prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)");
            in.bind(std::int64_t{1} << 62).bind(0.1).bind(text).bindBlob(bytes).bindNull().bindBlob({}).step();
            Statement out = connection.prepare("SELECT *, e IS NULL, f IS NULL FROM t");
            if (!out.step()) return fail(ErrorCode::Internal, {{"reason", "no row"}});
            const bool isSame = out.integer(0) == std::int64_t{1} << 62 && out.number(1) == 0.1 &&
                                out.text(2) == text && out.blob(3) == bytes && out.integer(6) == 1 &&
                                out.integer(7) == 0 && out.blob(5).empty();
            if (!isSame) return fail(ErrorCode::Internal, {{"reason", "values differ"}});
            return {};
        });
        QCOMPARE(problemOf(result), QString());
    }

    void settingsAreTheSafeOnes()
    {
        const test::ScratchFolder folder;
        const auto database = opened(folder / "a.db");
        QVERIFY(database);
        QCOMPARE(textOf(*database, "PRAGMA journal_mode"), std::string("wal"));
        QCOMPARE(textOf(*database, "PRAGMA locking_mode"), std::string("normal"));  // lets readers in
        QCOMPARE(numberOf(*database, "PRAGMA foreign_keys"), 1);
        QCOMPARE(numberOf(*database, "PRAGMA trusted_schema"), 0);
        QCOMPARE(numberOf(*database, "PRAGMA cell_size_check"), 1);
        QVERIFY(numberOf(*database, "PRAGMA mmap_size") <= 0);
        QCOMPARE(numberOf(*database, "PRAGMA synchronous", Durability::Full), 2);
        QCOMPARE(numberOf(*database, "PRAGMA synchronous", Durability::Normal), 1);
        QCOMPARE(numberOf(*database, "PRAGMA synchronous", Durability::Full), 2);
        // DEFENSIVE: the schema cannot be written past SQLite.
        const auto result = database->call(Durability::Full, [](Connection& connection) -> Result<> {
            connection.execute("PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = ''");
            return {};
        });
        QCOMPARE(codeOf(result), QString("database-failed"));
    }

    void acknowledgesInOrderAfterTheCommit()
    {
        const test::ScratchFolder folder;
        std::vector<int> order;  // storage thread, read after the database is closed
        int wrongThread = 0;
        {
            const auto database = opened(folder / "a.db");
            QVERIFY(database);
            const auto caller = std::this_thread::get_id();
            for (int i = 0; i < 1000; ++i) {
                const auto durability = i % 100 == 0 ? Durability::Full : Durability::Normal;
                database->post(durability, insert("x"), [&order, &wrongThread, caller, i](const Result<>& result) {
                    if (result) order.push_back(i);
                    if (std::this_thread::get_id() == caller) ++wrongThread;
                });
            }
        }
        QCOMPARE(order.size(), std::size_t{1000});
        QVERIFY(std::is_sorted(order.begin(), order.end()));
        QCOMPARE(wrongThread, 0);
        const auto database = opened(folder / "a.db");
        QVERIFY(database);
        QCOMPARE(numberOf(*database, "SELECT count(*) FROM notes"), 1000);
    }

    void oneBadCommandSpoilsNothingElse()
    {
        const test::ScratchFolder folder;
        const auto database = opened(folder / "a.db");
        QVERIFY(database);
        std::atomic<int> failures = 0;
        const auto count = [&failures](const Result<>& result) { failures += result ? 0 : 1; };
        const std::vector<Database::Command> endings{
            [](Connection& connection) -> Result<> {
                connection.execute("INSERT INTO nowhere VALUES (1)");
                return {};
            },
            [](Connection&) -> Result<> {
                return fail(ErrorCode::WrongUse, {{"reason", "no"}});
            },
            [](Connection&) -> Result<> { throw std::bad_alloc(); },
            [](Connection&) -> Result<> { throw 7; },
        };
        for (int round = 0; round < 50; ++round) {
            for (const auto& ending : endings) {
                database->post(Durability::Normal, insert("good"), count);
                database->post(
                    Durability::Normal,
                    [ending](Connection& connection) -> Result<> {
                        TRY_VOID(insert("bad")(connection));
                        return ending(connection);
                    },
                    count);
            }
        }
        QCOMPARE(numberOf(*database, "SELECT count(*) FROM notes WHERE text = 'good'"), 200);
        QCOMPARE(numberOf(*database, "SELECT count(*) FROM notes WHERE text = 'bad'"), 0);
        QCOMPARE(failures.load(), 200);
    }

    void aCommandCannotEndItsTransaction()
    {
        const test::ScratchFolder folder;
        const auto database = opened(folder / "a.db");
        QVERIFY(database);
        const auto result = database->call(Durability::Full, [](Connection& connection) -> Result<> {
            connection.execute("COMMIT");
            return {};
        });
        QCOMPARE(codeOf(result), QString("internal"));
        QCOMPARE(problemOf(database->call(Durability::Full, insert("works"))), QString());
    }

    void theStorageThreadDoesNotWaitForItself()
    {
        const test::ScratchFolder folder;
        const auto database = opened(folder / "a.db");
        QVERIFY(database);
        Result<> inner;
        const auto outer = database->call(Durability::Full, [&](Connection&) -> Result<> {
            inner = database->call(Durability::Full, insert("never"));
            return {};
        });
        QCOMPARE(problemOf(outer), QString());
        QCOMPARE(codeOf(inner), QString("internal"));
    }

    void manyThreadsPostAndWait()
    {
        const test::ScratchFolder folder;
        const auto database = opened(folder / "a.db");
        QVERIFY(database);
        std::atomic<int> failures = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int k = 0; k < 100; ++k) {
                    database->post(Durability::Normal, insert("posted"));
                    if (!database->call(Durability::Normal, insert("called"))) ++failures;
                }
            });
        }
        for (auto& thread : threads) thread.join();
        QCOMPARE(failures.load(), 0);
        QCOMPARE(numberOf(*database, "SELECT count(*) FROM notes"), 800);
    }

    void migratesAfterABackup()
    {
        const test::ScratchFolder folder;
        const auto path = folder / "a.db";
        {
            const auto database = opened(path);
            QVERIFY(database);
            QCOMPARE(problemOf(database->call(Durability::Full, insert("old"))), QString());
        }
        QVERIFY(!std::filesystem::exists(folder / "a.db.backup-v1"));
        test::writeFile(folder / "a.db.backup-v1.tmp", "left by a kill");
        {
            const auto database = opened(path, kSecond);
            QVERIFY(database);
            QCOMPARE(numberOf(*database, "SELECT stars FROM notes WHERE text = 'old'"), 3);
        }
        QVERIFY(!std::filesystem::exists(folder / "a.db.backup-v1.tmp"));
        const auto backup = opened(folder / "a.db.backup-v1");
        QVERIFY(backup);
        QCOMPARE(textOf(*backup, "SELECT text FROM notes"), std::string("old"));
        QCOMPARE(numberOf(*backup, "PRAGMA user_version"), 1);
    }

    void aFailedMigrationLeavesTheOldState()
    {
        const test::ScratchFolder folder;
        fill(folder / "a.db", 3);
        const std::vector<Migration> bad{kFirst[0], kSecond[1], {3, "ALTER TABLE missing ADD COLUMN x"}};
        QCOMPARE(codeOf(Database::open(folder / "a.db", kApplication, bad)), QString("database-failed"));
        const auto database = opened(folder / "a.db");
        QVERIFY(database);
        QCOMPARE(numberOf(*database, "SELECT count(*) FROM notes"), 3);
        QCOMPARE(numberOf(*database, "SELECT count(*) FROM pragma_table_info('notes')"), 2);
    }

    void newerFilesAreLeftAlone()
    {
        const test::ScratchFolder folder;
        QVERIFY(opened(folder / "a.db", kSecond));
        const auto before = test::readFile(folder / "a.db");
        const auto result = Database::open(folder / "a.db", kApplication, kFirst);
        QCOMPARE(codeOf(result), QString("project-too-new"));
        QCOMPARE(argumentOf(result, "found"), QString("2"));
        QCOMPARE(argumentOf(result, "supported"), QString("1"));
        QVERIFY(test::readFile(folder / "a.db") == before);
    }

    void filesOfOthersAreLeftAlone()
    {
        const test::ScratchFolder folder;
        QVERIFY(opened(folder / "a.db"));
        const auto before = test::readFile(folder / "a.db");
        QCOMPARE(codeOf(Database::open(folder / "a.db", kApplication + 1, kFirst)), QString("project-invalid"));
        QVERIFY(test::readFile(folder / "a.db") == before);

        const std::string notes(5000, 'n');
        test::writeFile(folder / "notes.txt", notes);
        QCOMPARE(codeOf(Database::open(folder / "notes.txt", kApplication, kFirst)), QString("project-invalid"));
        QVERIFY(test::readFile(folder / "notes.txt") == notes);

        std::filesystem::create_directory(folder / "folder.db");
        QCOMPARE(codeOf(Database::open(folder / "folder.db", kApplication, kFirst)), QString("project-invalid"));
        QCOMPARE(codeOf(Database::open(folder / "none" / "a.db", kApplication, kFirst)), QString("database-failed"));
    }

    void damageIsNoticedOrHarmless()
    {
        const test::ScratchFolder folder;
        fill(folder / "good.db", 400);
        const std::string good = test::readFile(folder / "good.db");
        constexpr std::size_t kPage = 4096;
        QVERIFY(good.size() > 20 * kPage);
        std::mt19937 random(5);
        int refused = 0;
        for (int round = 0; round < 60; ++round) {
            std::string bad = good;
            const std::size_t begin = random() % (bad.size() - 64);
            for (std::size_t i = 0; i < 64; ++i) bad[begin + i] = static_cast<char>(random());
            test::writeFile(folder / "bad.db", bad);
            const auto result = Database::open(folder / "bad.db", kApplication, kFirst);
            if (!result) ++refused;
            // Text that was overwritten reads as text; anything else has a code of ours.
            if (!result) QVERIFY(codeOf(result) == "project-invalid" || codeOf(result) == "database-failed");
        }
        QVERIFY(refused > 0);

        std::string zeroed = good;
        zeroed.replace(2 * kPage, kPage, kPage, '\0');
        test::writeFile(folder / "bad.db", zeroed);
        QCOMPARE(codeOf(Database::open(folder / "bad.db", kApplication, kFirst)), QString("project-invalid"));
        test::writeFile(folder / "bad.db", good.substr(0, good.size() / 2));
        QCOMPARE(codeOf(Database::open(folder / "bad.db", kApplication, kFirst)), QString("project-invalid"));
    }
};

QTEST_GUILESS_MAIN(DatabaseTest)
#include "database_test.moc"
