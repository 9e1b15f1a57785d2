// SPDX-License-Identifier: GPL-3.0-or-later
// The real program where the system gives it little: no threads, few descriptors, little address space, no standard
// streams, a disk that cannot be written. It ends in one sentence, or does its work.
#include "support/cli_data.h"
#include "support/cli_process.h"
#include "support/files.h"
#include "support/sanitizers.h"

#include <QtTest>

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <functional>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace preflab;

namespace {

constexpr int kFailed = 1;
constexpr int kNoLoader = 127;  // the dynamic loader found no room for a library
constexpr int kNotHere = 77;    // what the test needs is not permitted

/// From here on, and in the program that this process becomes, no thread can be started. The limit on processes does not
/// bind an administrator, so the system call itself is refused, as that limit refuses it.
void refuseThreads()
{
    constexpr std::uint32_t kRefused = SECCOMP_RET_ERRNO | EAGAIN;
    constexpr std::uint32_t kUnknown =
        SECCOMP_RET_ERRNO | ENOSYS;  // then the C library takes clone, whose flags are seen
    std::array<sock_filter, 8> program{{
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 3, 0, SYS_clone3},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, SYS_clone},
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, args)},
        {BPF_JMP | BPF_JSET | BPF_K, 2, 1, CLONE_THREAD},
        {BPF_RET | BPF_K, 0, 0, kUnknown},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
        {BPF_RET | BPF_K, 0, 0, kRefused},
    }};
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
        ::_exit(kNotHere);
}

void limit(__rlimit_resource resource, rlim_t most)
{
    const rlimit both{most, most};
    if (::setrlimit(resource, &both) != 0) ::_exit(kNotHere);
}

/// This process becomes another user's, who may have `most` threads and processes, and keeps the right to read and write
/// everywhere. An administrator would not be limited.
void limitThreads(rlim_t most)
{
    constexpr std::uint32_t kRights = (1U << CAP_DAC_OVERRIDE) | (1U << CAP_DAC_READ_SEARCH);
    const auto somebody = static_cast<uid_t>(100'000 + ::getpid());  // of whom nothing else runs
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> rights{};
    rights[0] = {kRights, kRights, kRights};
    const bool isSomebody =
        ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && ::setresgid(somebody, somebody, somebody) == 0 &&
        ::setresuid(somebody, somebody, somebody) == 0 && ::syscall(SYS_capset, &header, rights.data()) == 0 &&
        ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0) == 0 &&
        ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0) == 0;
    if (!isSomebody) ::_exit(kNotHere);
    limit(RLIMIT_NPROC, most);
}

QByteArray lastLineOf(const QByteArray& text)
{
    return text.mid(text.trimmed().lastIndexOf('\n') + 1);
}

void closeStandardStreams()
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) ::close(stream);
}

/// The folder as it is on a medium that cannot be written; only this process sees it so.
void makeReadOnly(const std::string& folder)
{
    const bool isMounted = ::unshare(CLONE_NEWNS) == 0 &&
                           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                           ::mount(folder.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) == 0 &&
                           ::mount("none", folder.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0;
    if (!isMounted) ::_exit(kNotHere);
}

/// A small disk of this process's own.
void mountSmallDisk(const std::string& folder)
{
    const bool isMounted = ::unshare(CLONE_NEWNS) == 0 &&
                           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                           ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=64k") == 0;
    if (!isMounted) ::_exit(kNotHere);
}

}  // namespace

class NarrowSystemTest : public QObject {
    Q_OBJECT

    test::ScratchFolder m_folder;
    QString m_data = test::textOf(test::writeFile(m_folder / "pairs.jsonl", test::pairLines(16)));
    QString m_project = test::textOf(m_folder / "project");

    QStringList train() const
    {
        return {"train",     "--method", "dpo",         "--model", test::textOf(test::storiesModel()), "--data", m_data,
                "--project", m_project,  "--max-steps", "2"};
    }
    /// What the project lists, without what it warns of.
    std::vector<Json> runs() const
    {
        std::vector<Json> runs = test::runCli({"runs", "list", "--json", "--project", m_project}).objects;
        std::erase_if(runs, [](const Json& object) { return !object.contains("outcome"); });
        return runs;
    }

private slots:
    void initTestCase()
    {
        if (test::isSanitized()) QSKIP("Sanitizers need threads, descriptors and address space of their own.");
        if (test::storiesModel().empty()) QSKIP("The reference model is not beside the project.");
    }

    void withoutThreads()
    {
        test::CliProcess process;
        process.beforeStart = &refuseThreads;
        process.run(train());
        QVERIFY2(process.code() == kFailed, process.error().constData());
        QVERIFY2(test::isOneSentence(process.error()), process.error().constData());
        QVERIFY2(process.error().contains("no more threads"), process.error().constData());
        QVERIFY(!QDir(m_project).exists());
    }

    // However many threads there are, the program says that there are too few, or does its work.
    void withFewThreads_data()
    {
        QTest::addColumn<QStringList>("words");
        const QString model = test::textOf(test::storiesModel());
        QTest::newRow("train") << train() + QStringList{"--threads", "4"};
        QTest::newRow("score") << QStringList{"score", "--data", m_data, "--model", model, "--threads", "4"};
        QTest::newRow("generate") << QStringList{"generate", "--model",          model, "--prompt", "Once", "--threads",
                                                 "4",        "--max-new-tokens", "4"};
    }
    void withFewThreads()
    {
        QFETCH(QStringList, words);
        const QString last = words.contains("--project") ? m_project : QString();
        int code = kFailed;
        for (rlim_t most = 1; code != 0; ++most) {
            QVERIFY(most < 30);
            if (!last.isEmpty()) words[words.indexOf("--project") + 1] = last + QString::number(most);
            test::CliProcess process;
            process.beforeStart = [most] { limitThreads(most); };
            process.run(words);
            code = process.code();
            if (code == kNotHere) QSKIP("Few threads need the right to become another user.");
            if (code == 0) break;
            QVERIFY2(code == kFailed, process.error().constData());
            QVERIFY2(test::isOneSentence(process.error()), process.error().constData());
            QVERIFY2(process.error().contains("no more threads"), process.error().constData());
        }
    }

    // At any number of descriptors the program ends by itself, and what it began stands in the project.
    void withFewDescriptors_data()
    {
        QTest::addColumn<int>("most");
        QTest::addColumn<QStringList>("words");
        const QString model = test::textOf(test::storiesModel());
        for (const int most : {6, 8, 12}) {
            QTest::addRow("train, %d", most) << most << train() + QStringList{"--json"};
            QTest::addRow("score, %d", most) << most << QStringList{"score", "--data", m_data, "--model", model};
            QTest::addRow("generate, %d", most)
                << most << QStringList{"generate", "--model", model, "--prompt", "Once"};
        }
    }
    void withFewDescriptors()
    {
        QFETCH(int, most);
        QFETCH(QStringList, words);
        const std::size_t before = QDir(m_project).exists() ? runs().size() : 0;
        test::CliProcess process;
        process.beforeStart = [most] { limit(RLIMIT_NOFILE, static_cast<rlim_t>(most)); };
        process.run(words);
        if (process.code() == 0 && words.first() != "train") return;  // needs no more
        QVERIFY2(process.code() == kFailed, process.error().constData());
        const QByteArray last = lastLineOf(process.error());  // a library may complain before
        QVERIFY2(test::isOneSentence(last) && last.contains("ulimit -n"), process.error().constData());
        if (!QDir(m_project).exists()) return;
        const std::vector<Json> stored = runs();
        QVERIFY(stored.size() <= before + 1);
        for (const Json& run : stored) QCOMPARE(run["outcome"].get<std::string>(), std::string("failed"));
    }

    // Either there is room, or one sentence says that there is none. How much the libraries take differs.
    void withLittleAddressSpace()
    {
        constexpr rlim_t kMegabyte = rlim_t{1} << 20;
        test::CliResult result;
        result.code = kNoLoader;
        for (rlim_t most = 600 * kMegabyte; result.code == kNoLoader && most < 4000 * kMegabyte;
             most += 100 * kMegabyte) {
            test::CliProcess process;
            process.beforeStart = [most] { limit(RLIMIT_AS, most); };
            process.run(train());
            result = {process.code(), process.out(), process.error(), {}};
        }
        if (result.code == 0) return;
        QVERIFY2(result.code == kFailed, result.error.constData());
        const QByteArray last = lastLineOf(result.error);
        QVERIFY2(test::isOneSentence(last) && last.contains("memory"), result.error.constData());
        QVERIFY2(!last.contains("unexpected"), last.constData());
    }

    void withoutStandardStreams()
    {
        test::CliProcess process;
        process.beforeStart = &closeStandardStreams;
        process.run(train() + QStringList{"--name", "in silence"});
        QCOMPARE(process.code(), kFailed);  // the run is whole, but nobody was told
        const std::vector<Json> stored = runs();
        QVERIFY(!stored.empty());
        QCOMPARE(stored.back()["name"].get<std::string>(), std::string("in silence"));
        QCOMPARE(stored.back()["outcome"].get<std::string>(), std::string("finished"));
        QCOMPARE(stored.back()["steps"].get<int>(), 2);
    }

    // What needs no path from there works, and a path from there is told from one that was mistyped.
    void whereNoPathLeads_data()
    {
        QTest::addColumn<int>("depth");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("deleted") << 0 << QByteArray("the current folder, in which it is looked for, was deleted");
        QTest::newRow("too deep") << 42 << QByteArray("the path of the current folder, in which it is looked for, is");
    }
    void whereNoPathLeads()
    {
        QFETCH(int, depth);
        QFETCH(QByteArray, reason);
        const auto here = [&](const QStringList& words) {
            test::CliProcess process;
            process.beforeStart = [depth, folder = (m_folder / "nowhere").string(), part = std::string(100, 'd')] {
                bool isDone = (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) && ::chdir(folder.c_str()) == 0;
                for (int i = 0; i < depth && isDone; ++i)
                    isDone = (::mkdir(part.c_str(), 0700) == 0 || errno == EEXIST) && ::chdir(part.c_str()) == 0;
                if (!isDone || (depth == 0 && ::rmdir(folder.c_str()) != 0)) ::_exit(kNotHere);
            };
            process.run(words);
            return test::CliResult{process.code(), process.out(), process.error(), {}};
        };
        QCOMPARE(here({"--version"}).code, 0);
        QCOMPARE(here({"inspect", m_data}).code, 0);
        const test::CliResult trained = here(train());
        QVERIFY2(trained.code == 0, trained.error.constData());
        for (const QStringList& words :
             {QStringList{"inspect", "pairs.jsonl"}, QStringList{"runs", "list", "--project", "project"}}) {
            const test::CliResult refused = here(words);
            QCOMPARE(refused.code, 2);
            QVERIFY2(test::isOneSentence(refused.error) && refused.error.contains(reason), refused.error.constData());
        }
        std::error_code ignored;
        std::filesystem::remove_all(m_folder / "nowhere", ignored);  // too deep for QTemporaryDir
    }

    // Output that reaches nobody is no success, whatever the command.
    void lostOutputIsAFailure_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("help") << QStringList{"--help"};
        QTest::newRow("inspect") << QStringList{"inspect", m_data};
        QTest::newRow("runs list") << QStringList{"runs", "list", "--project", m_project};
        QTest::newRow("runs export") << QStringList{"runs", "export", "1", "--project", m_project};
    }
    void lostOutputIsAFailure()
    {
        QFETCH(QStringList, words);
        if (!QDir(m_project).exists()) QCOMPARE(test::runCli(train()).code, 0);
        const std::vector<std::function<void()>> ways{
            [] { ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO); },
            [] { ::close(STDOUT_FILENO); },
        };
        for (const auto& way : ways) {
            test::CliProcess process;
            process.beforeStart = way;
            process.run(words);
            QVERIFY2(process.code() == kFailed, process.error().constData());
            QVERIFY2(test::isOneSentence(process.error()), process.error().constData());
            QVERIFY2(process.error().startsWith("The output could not be written"), process.error().constData());
        }
    }

    // The cause is said, not what followed from it, and what the user can change.
    void cacheAndTemporaryFilesOnAReadOnlyDisk()
    {
        const std::filesystem::path disk = m_folder / "disk";
        std::filesystem::create_directories(disk);
        test::CliProcess bench;
        bench.beforeStart = [folder = disk.string()] { makeReadOnly(folder); };
        bench.environment.insert("TMPDIR", test::textOf(disk));
        bench.run({"bench", "--model", test::textOf(test::storiesModel()), "--data", m_data});
        if (bench.code() == kNotHere) QSKIP("A read-only disk needs the right to mount one.");
        QVERIFY2(bench.code() == kFailed && test::isOneSentence(bench.error()), bench.error().constData());
        QVERIFY2(bench.error().contains("TMPDIR"), bench.error().constData());
        test::CliProcess process;
        process.beforeStart = bench.beforeStart;
        process.environment.insert("XDG_CACHE_HOME", test::textOf(disk / "cache"));
        process.run(train());
        QVERIFY2(process.code() == 0, process.error().constData());
        const QByteArray said = process.out() + process.error();
        QVERIFY2(said.contains("Read-only file system"), said.constData());
        QVERIFY2(!said.contains("No such file"), said.constData());
    }

    // Where the default output cannot lie, the sentence names the option that puts it elsewhere, and with it all works.
    void onAReadOnlyDisk_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("report") << QStringList{"report", "1"};
        QTest::newRow("export") << QStringList{"export", m_data};
        QTest::newRow("export as Parquet") << QStringList{"export", m_data, "--format", "parquet"};
    }
    void onAReadOnlyDisk()
    {
        QFETCH(QStringList, words);
        if (!QDir(m_project).exists()) QCOMPARE(test::runCli(train()).code, 0);
        words += QStringList{"--project", m_project};
        const auto here = [this](const QStringList& line) {
            test::CliProcess process;
            process.beforeStart = [folder = m_project.toStdString()] { makeReadOnly(folder); };
            process.run(line);
            return test::CliResult{process.code(), process.out(), process.error(), {}};
        };
        const test::CliResult refused = here(words);
        if (refused.code == kNotHere) QSKIP("A read-only disk needs the right to mount one.");
        QVERIFY2(refused.code == kFailed && test::isOneSentence(refused.error), refused.error.constData());
        QVERIFY2(refused.error.contains("--output"), refused.error.constData());
        const QString target = test::textOf(m_folder / QTest::currentDataTag());
        const test::CliResult written = here(words + QStringList{"--output", target + ".jsonl"});
        QVERIFY2(written.code == 0, written.error.constData());
        QVERIFY(QFileInfo(target + ".jsonl").size() > 10);
    }

    // What is to be written is small, and so is the room that it needs.
    void aSmallFileFitsOnASmallDisk()
    {
        const std::filesystem::path disk = m_folder / "small-disk";
        std::filesystem::create_directory(disk);
        QCOMPARE(test::runCli(train()).code, 0);
        for (const char* name : {"x.jsonl", "x.csv", "x.parquet"}) {
            test::CliProcess process;
            process.beforeStart = [folder = disk.string()] { mountSmallDisk(folder); };
            process.run({"export", m_data, "--project", m_project, "--output", test::textOf(disk / name)});
            if (process.code() == kNotHere) QSKIP("A full disk needs the right to mount one.");
            QVERIFY2(process.code() == 0, process.error().constData());
        }
    }
};

QTEST_GUILESS_MAIN(NarrowSystemTest)
#include "narrow_system_test.moc"
