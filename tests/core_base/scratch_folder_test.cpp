// SPDX-License-Identifier: GPL-3.0-or-later
// Folders for temporary files: gone when they are let go, and one sentence where none can be made.
#include "core/base/scratch_folder.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::problemOf;

class ScratchFolderTest : public QObject {
    Q_OBJECT

    const QByteArray m_before = qgetenv("TMPDIR");

private slots:
    void cleanup() { m_before.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", m_before); }

    void goesWithItsOwner()
    {
        std::filesystem::path path;
        {
            const auto folder = ScratchFolder::create();
            QCOMPARE(problemOf(folder), QString());
            path = folder->path();
            test::writeFile(path / "a" / "b", "c");
        }
        QVERIFY(!path.empty() && !std::filesystem::exists(path));
    }

    // The system offers such a place by a variable, which the user may not know.
    void theVariableIsNamed()
    {
        const test::ScratchFolder folder;
        for (const std::filesystem::path& place : {folder / "missing", std::filesystem::path("/proc")}) {
            qputenv("TMPDIR", place.c_str());
            const auto made = ScratchFolder::create();
            QVERIFY(!made);
            QVERIFY2(problemOf(made).startsWith(QString::fromStdString(place.string()) + " could not be written: "),
                     qPrintable(problemOf(made)));
            QVERIFY2(problemOf(made).contains("TMPDIR"), qPrintable(problemOf(made)));
        }
    }
};

QTEST_GUILESS_MAIN(ScratchFolderTest)
#include "scratch_folder_test.moc"
