// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of a file that could not be read or written helps against the cause.
#include "core/base/atomic_file.h"
#include "core/base/file_error.h"
#include "core/base/file_reader.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <cerrno>
#include <string>

using namespace preflab;
using test::problemOf;

class FileErrorTest : public QObject {
    Q_OBJECT

private slots:
    void theRemedyFollowsTheCause_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<QString>("toWrite");
        QTest::newRow("no space") << ENOSPC << "make room";
        QTest::newRow("a quota") << EDQUOT << "make room";
        QTest::newRow("no permission") << EACCES << "permit writing";
        QTest::newRow("a read-only disk") << EROFS << "a disk that may be written";
        QTest::newRow("a long name") << ENAMETOOLONG << "a shorter name";
        QTest::newRow("no folder") << ENOENT << "the folder it should be in";
        QTest::newRow("too large") << EFBIG << "files of this size";
        QTest::newRow("a broken disk") << EIO << "check its disk";
    }
    void theRemedyFollowsTheCause()
    {
        QFETCH(int, number);
        QFETCH(QString, toWrite);
        const Error error = writeError("a", number);
        QCOMPARE(error.code, ErrorCode::WriteFailed);
        const QString said = QString::fromStdString(sentence(error));
        QVERIFY2(said.contains(toWrite), qPrintable(said));
        QCOMPARE(said.contains("make room"), number == ENOSPC || number == EDQUOT);
        QCOMPARE(readError("a", number).code, ErrorCode::FileUnreadable);
        QVERIFY(sentence(readError("a", number)).find('{') == std::string::npos);
    }

    void tooManyOpenFilesAreNoFaultOfTheFile()
    {
        QCOMPARE(writeError("a", EMFILE).code, ErrorCode::SystemLimit);
        QCOMPARE(readError("a", EMFILE).code, ErrorCode::SystemLimit);
    }

    void aLongNameIsSaidToBeOne()
    {
        const test::ScratchFolder folder;
        const std::string name(300, 'n');
        const QString written = problemOf(writeFileAtomically(folder / name, "x"));
        QVERIFY2(written.contains("choose a shorter name"), qPrintable(written));
        const QString read = problemOf(FileReader::open(folder / name));
        QVERIFY2(read.contains("check the spelling"), qPrintable(read));
    }
};

QTEST_GUILESS_MAIN(FileErrorTest)
#include "file_error_test.moc"
