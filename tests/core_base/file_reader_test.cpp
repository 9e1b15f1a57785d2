// SPDX-License-Identifier: GPL-3.0-or-later
// Untrusted files: what may be opened, what is read, what counts as changed; and their hashes.
#include "core/base/file_reader.h"
#include "core/base/hash.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <sys/stat.h>

using namespace preflab;
using test::codeOf;
using test::problemOf;

class FileReaderTest : public QObject {
    Q_OBJECT

private slots:
    void readsParts()
    {
        const test::ScratchFolder folder;
        const auto file = FileReader::open(test::writeFile(folder / "a", "0123456789"));
        QCOMPARE(problemOf(file), QString());
        QCOMPARE(file->size(), std::uint64_t{10});
        std::array<std::byte, 4> bytes{};
        QCOMPARE(problemOf(file->read(3, bytes)), QString());
        QCOMPARE(bytes[0], std::byte{'3'});
        QCOMPARE(file->readSome(8, bytes).value(), std::size_t{2});
        QCOMPARE(file->readSome(10, bytes).value(), std::size_t{0});
        const auto beyond = file->read(8, bytes);
        QCOMPARE(codeOf(beyond), QString("file-unreadable"));
        QVERIFY(problemOf(beyond).contains("it ends at byte 10"));
    }

    void opensOnlyOrdinaryFiles()
    {
        const test::ScratchFolder folder;
        QCOMPARE(codeOf(FileReader::open(folder / "none")), QString("file-not-found"));
        QCOMPARE(codeOf(FileReader::open(folder.path())), QString("not-a-regular-file"));
        QCOMPARE(codeOf(FileReader::open("/dev/zero")), QString("not-a-regular-file"));
        const auto pipe = folder / "pipe";
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        QCOMPARE(codeOf(FileReader::open(pipe)), QString("not-a-regular-file"));
        std::filesystem::create_symlink("loop", folder / "loop");
        QCOMPARE(codeOf(FileReader::open(folder / "loop")), QString("file-unreadable"));
        test::writeFile(folder / "file", "x");
        QCOMPARE(codeOf(FileReader::open(folder / "file/below")), QString("file-not-found"));
    }

    void noticesChanges()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeFile(folder / "a", "0123456789");
        const auto file = FileReader::open(path);
        QCOMPARE(problemOf(file->checkUnchanged()), QString());
        std::filesystem::resize_file(path, 4);
        QCOMPARE(codeOf(file->checkUnchanged()), QString("file-changed"));
        std::array<std::byte, 4> bytes{};
        QCOMPARE(codeOf(file->read(4, bytes)), QString("file-unreadable"));

        const auto other = FileReader::open(path);
        test::writeFile(folder / "b", "0123");
        std::filesystem::rename(folder / "b", path);
        QCOMPARE(codeOf(other->checkUnchanged()), QString("file-changed"));
        std::filesystem::remove(path);
        QCOMPARE(codeOf(other->checkUnchanged()), QString("file-changed"));
    }

    void movesKeepTheFile()
    {
        const test::ScratchFolder folder;
        auto first = FileReader::open(test::writeFile(folder / "a", "first")).value();
        auto second = FileReader::open(test::writeFile(folder / "b", "second!")).value();
        first = std::move(second);
        const FileReader third(std::move(first));
        QCOMPARE(third.size(), std::uint64_t{7});
        std::array<std::byte, 7> bytes{};
        QCOMPARE(problemOf(third.read(0, bytes)), QString());
        QCOMPARE(bytes[6], std::byte{'!'});
    }

    void readsTextUpToALimit()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeFile(folder / "a", "0123456789");
        QCOMPARE(readTextFile(path, 10).value(), std::string("0123456789"));
        const auto tooLong = readTextFile(path, 9);
        QCOMPARE(codeOf(tooLong), QString("file-unreadable"));
        QVERIFY(problemOf(tooLong).contains("it is 10 bytes long"));
        QCOMPARE(readTextFile(test::writeFile(folder / "empty", ""), 0).value(), std::string());
    }

    void hashesAreXxh3()
    {
        // XXH3 128 bit, seed 0; the empty input is a published test value.
        QCOMPARE(ContentHash().hex(), std::string("99aa06d3014798d86001c324468d497f"));
        const test::ScratchFolder folder;
        const std::string content(3'000'001, 'x');
        const auto path = test::writeFile(folder / "a", content);
        ContentHash hash;
        for (std::size_t at = 0; at < content.size(); at += 777) hash.add(std::string_view(content).substr(at, 777));
        QCOMPARE(hashFile(path).value(), hash.hex());
        QCOMPARE(hash.hex(), hash.hex());
        const std::string before = hash.hex();
        hash.add("y");
        QVERIFY(hash.hex() != before);
        QCOMPARE(codeOf(hashFile(folder / "none")), QString("file-not-found"));
    }
};

QTEST_GUILESS_MAIN(FileReaderTest)
#include "file_reader_test.moc"
