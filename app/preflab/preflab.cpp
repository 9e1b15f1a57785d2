// SPDX-License-Identifier: GPL-3.0-or-later
// preflab: the window on the engine. The only unit of the program with a window that names an engine.
#include "core/base/printable.h"
#include "core/base/standard_streams.h"
#include "core/train/backend/torch_backend.h"
#include "ui/theme/translations.h"
#include "ui/window/main_window.h"
#include "ui/window/session_end.h"
#include "ui/window/window_options.h"

#include <QApplication>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <unistd.h>

namespace {

/// Why Qt found no display, in its own words.
std::string displayProblem;

/// Qt ends the program with abort() where it finds no display. This says what to do about it, and ends it orderly.
void explainMissingDisplay(QtMsgType type, const QMessageLogContext&, const QString& message)
{
    std::string reason = preflab::printable(message.simplified().toStdString());
    const bool isAboutDisplay = message.contains(QLatin1String("display")) || message.contains(QLatin1String("plugin"));
    if (type != QtFatalMsg) {
        if (displayProblem.empty() && isAboutDisplay) displayProblem = reason;
        return;
    }
    if (!displayProblem.empty()) reason = displayProblem;
    while (reason.ends_with('.')) reason.pop_back();
    std::fprintf(
        stderr,
        "The window has no display (%s); set DISPLAY or WAYLAND_DISPLAY, or QT_QPA_PLATFORM to a platform that is "
        "there, or use the command line, preflab-cli.\n",
        reason.c_str());
    ::_exit(1);
}

/// True for what needs no display: help and version.
bool isOnlyAsking(int argc, char** argv)
{
    return std::any_of(argv + (argc > 0 ? 1 : 0), argv + argc, [](const char* word) {
        for (const std::string_view asking : {"-h", "--help", "--help-all", "-v", "--version"})
            if (word == asking) return true;
        return false;
    });
}

void nameApplication()
{
    QCoreApplication::setApplicationName(QStringLiteral("preflab"));
    QCoreApplication::setApplicationVersion(QStringLiteral(PREFLAB_VERSION));
}

}  // namespace

int main(int argc, char** argv)
{
    using namespace preflab;
    reserveStandardStreams();
    nameApplication();
    if (isOnlyAsking(argc, argv)) {
        QCoreApplication application(argc, argv);
        installTranslations(application);
        readWindowOptions(QCoreApplication::arguments());  // prints, and ends the program
    }
    const QtMessageHandler usual = qInstallMessageHandler(&explainMissingDisplay);
    QApplication application(argc, argv);
    qInstallMessageHandler(usual);
    QApplication::setApplicationDisplayName(QStringLiteral("PrefLab"));
    QApplication::setDesktopFileName(QStringLiteral("org.preflab.PrefLab"));
    installTranslations(application);
    const WindowOptions options = readWindowOptions(QApplication::arguments());

    TorchBackend backend;
    AppSettings settings;
    Workspace workspace(backend, settings);
    MainWindow window(workspace);
    const SessionEnd sessionEnd(window, workspace);
    window.restoreLayout();
    window.show();
    window.follow(options);
    return QApplication::exec();
}
