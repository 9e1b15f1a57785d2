// SPDX-License-Identifier: GPL-3.0-or-later
// Few descriptors, no further thread, little address space, closed standard streams: one sentence, or done all the same.
#include "core/base/file_reader.h"
#include "core/base/parallel.h"
#include "core/base/standard_streams.h"
#include "core/base/system.h"
#include "core/base/system_limits.h"
#include "support/child_process.h"
#include "support/files.h"
#include "support/results.h"
#include "support/sanitizers.h"

#include <QtTest>

#include <grp.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <new>
#include <stdexcept>
#include <sys/resource.h>
#include <unistd.h>

using namespace preflab;
using test::codeOf;
using test::problemOf;

namespace {

constexpr uid_t kNobody = 65532;
constexpr rlim_t kAddressSpace = 600u << 20;

template <class T>
void say(const Result<T>& result)
{
    std::puts(result ? "done" : sentence(result.error()).c_str());
}

/// From here on this process can start no thread.
bool forbidThreads()
{
    const rlimit none{0, 0};
    return ::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
           ::setrlimit(RLIMIT_NPROC, &none) == 0 && ::setresuid(kNobody, kNobody, kNobody) == 0;
}

int child(std::string_view task)
{
    if (task == "files") {
        const rlimit three{3, 3};
        if (::setrlimit(RLIMIT_NOFILE, &three) != 0) return 1;
        say(FileReader::open("/proc/self/status"));
    } else if (task == "memory") {
        const rlimit limit{kAddressSpace, kAddressSpace};
        if (::setrlimit(RLIMIT_AS, &limit) != 0) return 1;
        std::puts(availableMemory() < kAddressSpace ? "within the limit" : "beyond the limit");
    } else if (task == "thread") {
        if (!forbidThreads()) return 1;
        say(startThread([] {}));
        say(tryThreads(3));
    } else if (task == "loop") {
        if (!forbidThreads()) return 1;
        std::atomic<std::size_t> sum = 0;
        const auto done = forEachBlock(100, 7, {}, [&](std::size_t begin, std::size_t end) -> Result<> {
            for (std::size_t i = begin; i < end; ++i) sum += i;
            return {};
        });
        std::printf("%s %zu\n", codeOf(done).toStdString().c_str(), sum.load());
    } else {
        const int output = ::dup(STDOUT_FILENO);
        for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::close(stream);
        reserveStandardStreams();
        const int next = ::dup(output);
        const bool isRefused = ::write(STDOUT_FILENO, "x", 1) < 0;
        ::dprintf(output, "%s\n", next > output && isRefused ? "kept free" : "taken");
    }
    std::fflush(stdout);
    return 0;
}

std::string saidBy(const char* task, int line = 1)
{
    test::ChildProcess process(task, {});
    std::string said;
    for (int i = 0; i < line; ++i) said = process.readLine();
    return said;
}

std::ptrdiff_t threadsOfThisProcess()
{
    const std::filesystem::directory_iterator threads("/proc/self/task");
    return std::distance(begin(threads), end(threads));
}

}  // namespace

class SystemLimitsTest : public QObject {
    Q_OBJECT

private slots:
    void fewDescriptors()
    {
        const auto said = saidBy("files");
        QVERIFY2(said.starts_with("The system allows PrefLab no more open files: "), said.c_str());
    }

    void noThread()
    {
        if (::geteuid() != 0) QSKIP("needs the right to become another user");
        const auto said = saidBy("thread");
        QVERIFY2(said.starts_with("The system allows PrefLab no more threads: "), said.c_str());
        QCOMPARE(saidBy("thread", 2), said);
        QCOMPARE(saidBy("loop"), std::string(" 4950"));
    }

    // Whoever starts as many next must not be refused for those.
    void threadsThatWereTriedAreGone()
    {
        const auto before = threadsOfThisProcess();
        for (int i = 0; i < 20; ++i) {
            QCOMPARE(problemOf(tryThreads(7)), QString());
            QCOMPARE(threadsOfThisProcess(), before);
        }
        QCOMPARE(problemOf(tryThreads(0)), QString());
    }

    void littleAddressSpace()
    {
        if (test::isSanitized()) QSKIP("Sanitizers need more address space than there is to limit.");
        QCOMPARE(saidBy("memory"), std::string("within the limit"));
    }

    void closedStandardStreams() { QCOMPARE(saidBy("streams"), std::string("kept free")); }

    void exceptionsInLoopsAreErrors()
    {
        const auto thrown = [](std::size_t begin, auto exception) -> Result<> {
            if (begin == 40) throw exception;
            return {};
        };
        QCOMPARE(codeOf(forEachBlock(100, 1, {}, [&](auto begin, auto) { return thrown(begin, std::bad_alloc()); })),
                 QString("out-of-memory"));
        const auto other = forEachBlock(
            100, 1, {}, [&](auto begin, auto) { return thrown(begin, std::runtime_error("a library's")); });
        QCOMPARE(codeOf(other), QString("internal"));
        QVERIFY(problemOf(other).contains("a library's"));
    }
};

int main(int argc, char** argv)
{
    if (const auto task = test::childTask(argc, argv); !task.empty()) return child(task);
    QCoreApplication application(argc, argv);
    SystemLimitsTest systemLimitsTest;
    return QTest::qExec(&systemLimitsTest, argc, argv);
}

#include "system_limits_test.moc"
