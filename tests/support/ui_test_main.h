// SPDX-License-Identifier: GPL-3.0-or-later
// The main() of tests with widgets: the window's own looks, numbers as in C, nobody's real settings.
#pragma once

#include "ui/theme/theme.h"

#include <QApplication>
#include <QLocale>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

namespace preflab::test {

/// Runs a test class as the program would run: theme, fonts and style sheet are on, settings go to a place of their
/// own. Without a display, start it with QT_QPA_PLATFORM=offscreen (ctest does).
template <typename TestClass>
int runUiTest(int argc, char** argv)
{
    // The dispatcher that says when a turn of the event loop begins and ends.
    qputenv("QT_NO_GLIB", "1");
    QStandardPaths::setTestModeEnabled(true);
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QLocale::setDefault(QLocale::c());
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("preflab-tests"));
    applyTheme(application, makeTheme(ThemeKind::Light));
    TestClass test;
    return QTest::qExec(&test, argc, argv);
}

}  // namespace preflab::test

/// In place of QTEST_MAIN; after it, include the file's .moc as usual.
#define PREFLAB_UI_TEST_MAIN(TestClass)                                                                                \
    int main(int argc, char** argv)                                                                                    \
    {                                                                                                                  \
        return preflab::test::runUiTest<TestClass>(argc, argv);                                                        \
    }
