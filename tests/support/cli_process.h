// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli as a child process, as a user starts it.
#pragma once

#include "core/base/json.h"

#include <QByteArray>
#include <QDir>
#include <QElapsedTimer>
#include <QList>
#include <QProcess>
#include <QStringList>

#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace preflab::test {

/// A running or ended preflab-cli.
class CliProcess {
public:
    /// Called in the child before it becomes preflab-cli.
    std::function<void()> beforeStart;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();

    void start(const QStringList& arguments)
    {
        if (beforeStart) m_process.setChildProcessModifier(beforeStart);
        m_process.setProcessEnvironment(environment);
        m_process.start(QStringLiteral(PREFLAB_BINARY_FOLDER "/preflab-cli"), arguments);
        m_process.waitForStarted();
    }
    /// Starts and waits for the end.
    CliProcess& run(const QStringList& arguments)
    {
        start(arguments);
        m_process.closeWriteChannel();
        waitForEnd();
        return *this;
    }
    /// The next line of standard output, without its end; empty at the end of the output.
    QByteArray readLine()
    {
        while (!m_process.canReadLine() && m_process.waitForReadyRead(kTimeout)) {}
        const QByteArray line = m_process.readLine();
        m_read += line;
        return line.trimmed();
    }
    /// Reads until a line has `text`; false if there is none.
    bool waitForLine(const QByteArray& text)
    {
        for (QByteArray line = readLine(); !line.isEmpty() || m_process.state() == QProcess::Running; line = readLine())
            if (line.contains(text)) return true;
        return false;
    }
    qint64 processId() const { return m_process.processId(); }
    /// Nothing once it has ended: signalling process 0 would hit the test itself.
    void signal(int number)
    {
        const auto process = static_cast<pid_t>(m_process.processId());
        if (process > 0) ::kill(process, number);
    }
    bool waitForEnd()
    {
        const bool hasEnded = m_process.state() == QProcess::NotRunning || m_process.waitForFinished(kTimeout);
        m_read += m_process.readAllStandardOutput();
        m_error += m_process.readAllStandardError();
        return hasEnded;
    }

    /// Exit code; -1 when a signal ended it.
    int code() const { return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1; }
    /// Everything on standard output and standard error so far.
    const QByteArray& out() const { return m_read; }
    const QByteArray& error() const { return m_error; }
    /// Standard output as JSON objects, one a line; an unreadable line becomes null.
    std::vector<Json> objects() const
    {
        std::vector<Json> objects;
        for (const QByteArray& line : m_read.split('\n')) {
            if (line.isEmpty()) continue;
            const auto json = parseJson(line.toStdString());
            objects.push_back(json ? *json : Json());
        }
        return objects;
    }

private:
    static constexpr int kTimeout = 120'000;
    QProcess m_process;
    QByteArray m_read;
    QByteArray m_error;
};

/// One finished call.
struct CliResult {
    int code = -1;
    QByteArray out;
    QByteArray error;
    std::vector<Json> objects;
};

inline CliResult runCli(const QStringList& arguments)
{
    CliProcess process;
    process.run(arguments);
    return {process.code(), process.out(), process.error(), process.objects()};
}

/// True for one line that ends in a full stop.
inline bool isOneSentence(const QByteArray& text)
{
    return text.endsWith(".\n") && text.count('\n') == 1 && text.size() > 20;
}

inline QString textOf(const std::filesystem::path& path)
{
    return QString::fromStdString(path.string());
}

}  // namespace preflab::test
