// SPDX-License-Identifier: GPL-3.0-or-later
// Folders, memory and texts for people.
#include "core/base/system.h"
#include "support/files.h"

#include <QtTest>

using namespace preflab;

class SystemTest : public QObject {
    Q_OBJECT

private slots:
    void foldersFollowXdg()
    {
        qputenv("XDG_CACHE_HOME", "/somewhere/cache");
        QCOMPARE(cacheFolder().string(), std::string("/somewhere/cache/preflab"));
        qputenv("XDG_DATA_HOME", "relative");
        qputenv("HOME", "/home/of-a-test");
        QCOMPARE(dataFolder().string(), std::string("/home/of-a-test/.local/share/preflab"));
        qunsetenv("XDG_CACHE_HOME");
        QCOMPARE(cacheFolder().string(), std::string("/home/of-a-test/.cache/preflab"));
        qunsetenv("HOME");
        QVERIFY(cacheFolder().is_absolute());
    }

    void memoryOfThisMachine()
    {
        QVERIFY(availableMemory() > 0);
        std::string block(50'000'000, 'x');
        QVERIFY(block[block.size() / 2] == 'x');
        QVERIFY(peakResidentMemory() > 50'000'000);
    }

    void memoryIsWhatTheGroupLeaves_data()
    {
        QTest::addColumn<QString>("limit");
        QTest::addColumn<quint64>("free");
        QTest::newRow("unlimited") << "max\n" << quint64{8'000'000} * 1024;
        QTest::newRow("limited") << "1000000\n" << quint64{500'000};
        QTest::newRow("used up") << "400000\n" << quint64{0};
        QTest::newRow("above the machine") << "9000000000000\n" << quint64{8'000'000} * 1024;
    }

    void memoryIsWhatTheGroupLeaves()
    {
        QFETCH(QString, limit);
        QFETCH(quint64, free);
        const test::ScratchFolder root;
        test::writeFile(root / "proc/meminfo", "MemTotal:  16000000 kB\nMemAvailable:    8000000 kB\n");
        test::writeFile(root / "proc/self/cgroup", "0::/user.slice/session\n");
        test::writeFile(root / "sys/fs/cgroup/user.slice/memory.max", limit.toStdString());
        test::writeFile(root / "sys/fs/cgroup/user.slice/memory.current", "600000\n");
        test::writeFile(root / "sys/fs/cgroup/user.slice/memory.stat", "anon 5\ninactive_file 100000\n");
        test::writeFile(root / "sys/fs/cgroup/user.slice/session/memory.max", "max\n");
        test::writeFile(root / "sys/fs/cgroup/user.slice/session/memory.current", "7\n");
        QCOMPARE(availableMemory(root.path()), static_cast<std::uint64_t>(free));
    }

    void memoryOfTheFirstGroupVersion()
    {
        const test::ScratchFolder root;
        test::writeFile(root / "proc/meminfo", "MemAvailable:    8000000 kB\n");
        test::writeFile(root / "proc/self/cgroup", "4:cpu,memory:/../x\n1:name=systemd:/\n");
        test::writeFile(root / "sys/fs/cgroup/memory/memory.limit_in_bytes", "1000\n");
        test::writeFile(root / "sys/fs/cgroup/memory/memory.usage_in_bytes", "900\n");
        QCOMPARE(availableMemory(root.path()), std::uint64_t{100});
        // Nothing is known, as when no file may be opened: that is not nothing free.
        QVERIFY(availableMemory(root / "empty") >= residentMemory());
    }

    void timestamps()
    {
        const QRegularExpression pattern("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$");
        const auto text = QString::fromStdString(timestampUtc());
        QVERIFY2(pattern.match(text).hasMatch(), qPrintable(text));
        const auto seconds = QDateTime::fromString(text, Qt::ISODateWithMs).secsTo(QDateTime::currentDateTimeUtc());
        QVERIFY(seconds >= 0 && seconds < 60);
    }

    void texts()
    {
        QCOMPARE(byteText(0), std::string("0 bytes"));
        QCOMPARE(byteText(999), std::string("999 bytes"));
        QCOMPARE(byteText(1234), std::string("1.2 kB"));
        QCOMPARE(byteText(340'400'000), std::string("340 MB"));
        QCOMPARE(byteText(999'700), std::string("1.0 MB"));
        QCOMPARE(byteText(9'960'000), std::string("10 MB"));
        QCOMPARE(byteText(1'230'000'000), std::string("1.2 GB"));
        QCOMPARE(byteText(UINT64_MAX), std::string("18 EB"));
        QCOMPARE(durationText(0), std::string("0.0 s"));
        QCOMPARE(durationText(1.24), std::string("1.2 s"));
        QCOMPARE(durationText(12.2), std::string("12 s"));
        QCOMPARE(durationText(59.6), std::string("1 min 00 s"));
        QCOMPARE(durationText(190), std::string("3 min 10 s"));
        QCOMPARE(durationText(3599.9), std::string("1 h 00 min"));
        QCOMPARE(durationText(3720), std::string("1 h 02 min"));
        QCOMPARE(durationText(-1), std::string("unknown"));
        QCOMPARE(durationText(qQNaN()), std::string("unknown"));
        QCOMPARE(countText(7), std::string("7"));
        QCOMPARE(countText(999), std::string("999"));
        QCOMPARE(countText(1000), std::string("1,000"));
        QCOMPARE(countText(1234567), std::string("1,234,567"));
    }
};

QTEST_GUILESS_MAIN(SystemTest)
#include "system_test.moc"
