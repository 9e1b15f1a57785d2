// SPDX-License-Identifier: GPL-3.0-or-later
// The program with its window where there is no display: help and version work, the window says what to do.
#include <QProcess>
#include <QtTest>

class NoDisplayTest : public QObject {
    Q_OBJECT

    QProcess m_program;

    void run(const QStringList& arguments, const QByteArray& platform)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
            environment.remove(QLatin1String(name));
        if (!platform.isEmpty()) environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QString::fromUtf8(platform));
        m_program.setProcessEnvironment(environment);
        m_program.start(QStringLiteral(PREFLAB_BINARY_FOLDER "/preflab"), arguments);
        QVERIFY(m_program.waitForFinished(60'000));
        QCOMPARE(m_program.exitStatus(), QProcess::NormalExit);
    }
    void platforms()
    {
        QTest::addColumn<QByteArray>("platform");
        for (const char* platform : {"", "xcb", "wayland", "nonesuch"}) QTest::newRow(platform) << QByteArray(platform);
    }

private Q_SLOTS:
    void helpAndVersionNeedNone_data() { platforms(); }
    void helpAndVersionNeedNone()
    {
        QFETCH(QByteArray, platform);
        run({QStringLiteral("--version")}, platform);
        QCOMPARE(m_program.exitCode(), 0);
        QVERIFY(m_program.readAllStandardOutput().startsWith("preflab "));
        run({QStringLiteral("--help")}, platform);
        QCOMPARE(m_program.exitCode(), 0);
        QVERIFY(m_program.readAllStandardOutput().contains("--demo"));
    }

    void theWindowEndsInOneSentence_data() { platforms(); }
    void theWindowEndsInOneSentence()
    {
        QFETCH(QByteArray, platform);
        run({}, platform);
        const QByteArray error = m_program.readAllStandardError();
        QCOMPARE(m_program.exitCode(), 1);
        QVERIFY2(error.count('\n') == 1 && error.endsWith(".\n"), error.constData());
        QVERIFY2(error.contains("QT_QPA_PLATFORM") && error.contains("preflab-cli"), error.constData());
    }
};

QTEST_GUILESS_MAIN(NoDisplayTest)
#include "no_display_test.moc"
