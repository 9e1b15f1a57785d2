// SPDX-License-Identifier: GPL-3.0-or-later
// A second process for tests that lock, fill disks and kill: the test's own executable, started with a task. Not
// QProcess, whose way of forking ThreadSanitizer of Clang 14 does not survive.
#pragma once

#include <spawn.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace preflab::test {

/// Parent's view of the child.
class ChildProcess {
public:
    /// Starts "<this executable> --child <task> <arguments...>"; its standard output comes here.
    ChildProcess(const std::string& task, const std::vector<std::string>& arguments)
    {
        std::array<int, 2> ends{-1, -1};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
        std::vector<std::string> texts{"/proc/self/exe", "--child", task};
        texts.insert(texts.end(), arguments.begin(), arguments.end());
        std::vector<char*> pointers;
        for (std::string& text : texts) pointers.push_back(text.data());
        pointers.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        if (::posix_spawn(&m_process, pointers[0], &actions, nullptr, pointers.data(), environ) != 0) m_process = -1;
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        m_output = ends[0];
    }
    ~ChildProcess()
    {
        kill();
        if (m_output >= 0) ::close(m_output);
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    bool isStarted() const { return m_process > 0; }
    pid_t processId() const { return m_process; }
    /// The next line it printed, without its end; what is left at the end of its output.
    std::string readLine()
    {
        while (m_unread.find('\n') == std::string::npos && readMore()) {}
        const std::string line = m_unread.substr(0, m_unread.find('\n'));
        m_unread.erase(0, line.size() + 1);
        return line;
    }
    /// Everything it printed and was not read yet, up to its end.
    std::string readRest()
    {
        while (readMore()) {}
        return std::exchange(m_unread, {});
    }
    /// SIGKILL, and waits for its end. What it printed stays readable.
    void kill()
    {
        if (m_process <= 0 || m_hasEnded) return;
        ::kill(m_process, SIGKILL);
        while (::waitpid(m_process, &m_status, 0) < 0 && errno == EINTR) {}
        m_hasEnded = true;
    }
    bool wasKilled() const { return m_hasEnded && WIFSIGNALED(m_status) && WTERMSIG(m_status) == SIGKILL; }

private:
    bool readMore()
    {
        std::array<char, 4096> bytes;
        ssize_t count = 0;
        do {
            count = ::read(m_output, bytes.data(), bytes.size());
        } while (count < 0 && errno == EINTR);
        if (count <= 0) return false;
        m_unread.append(bytes.data(), static_cast<std::size_t>(count));
        return true;
    }

    pid_t m_process = -1;
    int m_output = -1;
    int m_status = 0;
    bool m_hasEnded = false;
    std::string m_unread;
};

/// Child's side: the task, or an empty text when this is the test itself. A child ends with its parent.
inline std::string_view childTask(int argc, char** argv)
{
    if (argc < 3 || std::string_view(argv[1]) != "--child") return {};
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    return argv[2];
}

}  // namespace preflab::test
