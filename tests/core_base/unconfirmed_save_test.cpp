// SPDX-License-Identifier: GPL-3.0-or-later
// Saves whose folder the disk does not confirm: what is said is so, and the old content is kept. And saves through linked
// folders, which were once taken for such.
#include "core/base/atomic_file.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <cerrno>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace preflab;
using test::codeOf;
using test::problemOf;

namespace fs = std::filesystem;

namespace {

ino_t brokenFolder = 0;  // does not sync; 0: none

}  // namespace

/// In the place of the C library's: fails for the folder that is broken.
extern "C" int fsync(int descriptor)
{
    struct stat status {};
    if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode) && status.st_ino == brokenFolder) {
        errno = EIO;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace {

/// The disk does not confirm what happens in a folder while this lives.
class BrokenDisk {
public:
    explicit BrokenDisk(const test::ScratchFolder& folder)
    {
        struct stat status {};
        if (::stat(folder.path().c_str(), &status) == 0) brokenFolder = status.st_ino;
    }
    ~BrokenDisk() { brokenFolder = 0; }
    BrokenDisk(const BrokenDisk&) = delete;
    BrokenDisk& operator=(const BrokenDisk&) = delete;
};

Result<> saveFolder(const fs::path& target, const char* content)
{
    TRY(StagedFolder staged, StagedFolder::create(target));
    test::writeFile(staged.path() / "weights", content);
    return staged.commit();
}

}  // namespace

class UnconfirmedSaveTest : public QObject {
    Q_OBJECT

private slots:
    void aFileIsReplacedAndThatIsSaid()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeFile(folder / "a.txt", "old");
        const BrokenDisk broken(folder);
        const auto result = writeFileAtomically(path, "new");
        QCOMPARE(codeOf(result), QString("write-uncertain"));
        QVERIFY(!problemOf(result).contains("unchanged"));
        QCOMPARE(test::readFile(path), std::string("new"));
        const auto other = test::writeFile(folder / "b.tmp", "newer");
        QCOMPARE(codeOf(commitFile(other, path)), QString("write-uncertain"));
        QCOMPARE(test::readFile(path), std::string("newer"));
    }

    void theFolderThatWasReplacedIsKept()
    {
        const test::ScratchFolder folder;
        QCOMPARE(problemOf(saveFolder(folder / "model", "first")), QString());
        {
            const BrokenDisk broken(folder);
            QCOMPARE(codeOf(saveFolder(folder / "model", "second")), QString("write-uncertain"));
        }
        QCOMPARE(test::readFile(folder / "model" / "weights"), std::string("second"));
        QCOMPARE(test::readFile(folder / "model.preflab-old" / "weights"), std::string("first"));
        fs::remove_all(folder / "model");  // what a power cut may do
        {
            const auto staged = StagedFolder::create(folder / "model");
            QCOMPARE(test::readFile(folder / "model" / "weights"), std::string("first"));
        }
        QCOMPARE(problemOf(saveFolder(folder / "model", "third")), QString());
        QCOMPARE(test::readFile(folder / "model" / "weights"), std::string("third"));
        QCOMPARE(test::entriesIn(folder.path()), 1);
    }

    void aNewFolderIsThereAndThatIsSaid()
    {
        const test::ScratchFolder folder;
        const BrokenDisk broken(folder);
        QCOMPARE(codeOf(saveFolder(folder / "model", "first")), QString("write-uncertain"));
        QCOMPARE(test::readFile(folder / "model" / "weights"), std::string("first"));
        QCOMPARE(test::entriesIn(folder.path()), 1);
    }

    void linkedFoldersAreFollowed()
    {
        const test::ScratchFolder folder;
        fs::create_directory(folder / "disk");
        fs::create_directory_symlink(folder / "disk", folder / "link");
        QCOMPARE(problemOf(writeFileAtomically(folder / "link" / "a.txt", "new")), QString());
        QCOMPARE(test::readFile(folder / "disk" / "a.txt"), std::string("new"));
        QCOMPARE(problemOf(saveFolder(folder / "link" / "model", "weights")), QString());
        QCOMPARE(problemOf(saveFolder(folder / "link" / "model", "again")), QString());
        QCOMPARE(test::readFile(folder / "disk" / "model" / "weights"), std::string("again"));
        const auto temporary = test::writeFile(folder / "link" / "b.tmp", "exported");
        QCOMPARE(problemOf(commitFile(temporary, folder / "link" / "b.csv")), QString());
        QCOMPARE(test::entriesIn(folder / "disk"), 3);
        QVERIFY(fs::is_symlink(folder / "link"));
    }
};

QTEST_GUILESS_MAIN(UnconfirmedSaveTest)
#include "unconfirmed_save_test.moc"
