// SPDX-License-Identifier: GPL-3.0-or-later
// A second process for tests that lock, fill disks and kill: the test's own executable, started with a task.
#pragma once

#include <QCoreApplication>
#include <QProcess>
#include <QStringList>

#include <csignal>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <vector>

namespace preflab::test {

/// Parent's view of the child.
class ChildProcess {
public:
    /// Starts "<this executable> --child <task> <arguments...>".
    ChildProcess(const std::string& task, const std::vector<std::string>& arguments)
    {
        QStringList list{"--child", QString::fromStdString(task)};
        for (const std::string& argument : arguments) list << QString::fromStdString(argument);
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QCoreApplication::applicationFilePath(), list);
        m_isStarted = m_process.waitForStarted();
    }
    ~ChildProcess() { kill(); }

    bool isStarted() const { return m_isStarted; }
    qint64 processId() const { return m_process.processId(); }
    /// The next line it printed, without its end; empty at the end of its output.
    std::string readLine()
    {
        while (!m_process.canReadLine() && m_process.waitForReadyRead()) {
        }
        return m_process.readLine().trimmed().toStdString();
    }
    /// Waits until it ends by itself; everything it printed, without the last end of line.
    std::string readAll()
    {
        m_process.waitForFinished();
        return QString::fromStdString(readRest()).trimmed().toStdString();
    }
    /// What it printed and was not read yet, as it is, after its end.
    std::string readRest() { return m_process.readAllStandardOutput().toStdString(); }
    /// SIGKILL, and waits for its end. What it printed stays readable.
    void kill()
    {
        if (m_process.state() == QProcess::NotRunning) return;
        m_process.kill();
        m_process.waitForFinished();
    }
    bool wasKilled() const { return m_process.exitStatus() == QProcess::CrashExit; }

private:
    QProcess m_process;
    bool m_isStarted = false;
};

/// Child's side: the task, or an empty text when this is the test itself. A child ends with its parent.
inline std::string_view childTask(int argc, char** argv)
{
    if (argc < 3 || std::string_view(argv[1]) != "--child") return {};
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    return argv[2];
}

}  // namespace preflab::test
