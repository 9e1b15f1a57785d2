// SPDX-License-Identifier: GPL-3.0-or-later
// The program with its window as a child process: a signal during a run saves what it trains, and ends the program.
// ctest-label: slow
#include "support/files.h"

#include <QProcess>
#include <QtTest>

#include <csignal>
#include <filesystem>
#include <set>

using namespace preflab;

class WindowSignalsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSignalSavesAndEnds_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("SIGINT") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
    }

    void aSignalSavesAndEnds()
    {
        QFETCH(int, number);
        const test::ScratchFolder folder;
        QProcess program;
        startDemo(program, folder.path());
        QVERIFY(!checkpoint(folder.path()));
        // Once DPO has its reference it takes steps, and what they measure reaches the database's log again and again.
        QTRY_VERIFY_WITH_TIMEOUT(hasReference(folder.path()), 120'000);
        std::set<std::filesystem::file_time_type> writes;
        QTRY_VERIFY_WITH_TIMEOUT((writes.insert(lastWriteOfLog(folder.path())), writes.size() > 8), 120'000);
        ::kill(static_cast<pid_t>(program.processId()), number);
        QVERIFY(program.waitForFinished(60'000));
        QCOMPARE(program.exitStatus(), QProcess::NormalExit);
        QCOMPARE(program.exitCode(), 0);
        QVERIFY(checkpoint(folder.path()));
    }

private:
    static void startDemo(QProcess& program, const std::filesystem::path& folder)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        environment.insert(QStringLiteral("PREFLAB_RESOURCES"), QStringLiteral(PREFLAB_SOURCE_FOLDER "/resources"));
        for (const char* name : {"XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"})
            environment.insert(QLatin1String(name), QString::fromStdString((folder / name).string()));
        program.setProcessEnvironment(environment);
        program.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        program.start(QStringLiteral(PREFLAB_BINARY_FOLDER "/preflab"), {QStringLiteral("--demo")});
        QVERIFY(program.waitForStarted());
    }
    static bool hasReference(const std::filesystem::path& folder)
    {
        return anyFile(folder,
                       [](const std::filesystem::path& file) { return file.parent_path().filename() == "reference"; });
    }
    /// When the database's write-ahead log was written last. Its size says nothing: it is used again from its beginning.
    static std::filesystem::file_time_type lastWriteOfLog(const std::filesystem::path& folder)
    {
        std::filesystem::file_time_type time;
        anyFile(folder, [&time](const std::filesystem::path& file) {
            std::error_code ignored;
            if (file.filename() == "project.db-wal") time = std::filesystem::last_write_time(file, ignored);
            return false;
        });
        return time;
    }
    static bool checkpoint(const std::filesystem::path& folder)
    {
        return anyFile(folder, [](const std::filesystem::path& file) {
            return file.filename() == "model.safetensors" && file.string().find("checkpoint") != std::string::npos;
        });
    }
    template <typename Test>
    static bool anyFile(const std::filesystem::path& folder, Test&& test)
    {
        std::error_code ignored;
        for (auto entry = std::filesystem::recursive_directory_iterator(folder, ignored);
             entry != std::filesystem::recursive_directory_iterator(); entry.increment(ignored))
            if (test(entry->path())) return true;
        return false;
    }
};

QTEST_GUILESS_MAIN(WindowSignalsTest)
#include "window_signals_test.moc"
