// SPDX-License-Identifier: GPL-3.0-or-later
// preflab: the window on the engine. The only unit of the program with a window that names an engine.
#include "core/train/backend/torch_backend.h"
#include "ui/theme/translations.h"
#include "ui/window/main_window.h"
#include "ui/window/session_end.h"
#include "ui/window/window_options.h"

#include <QApplication>

int main(int argc, char** argv)
{
    using namespace preflab;
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("preflab"));
    QApplication::setApplicationDisplayName(QStringLiteral("PrefLab"));
    QApplication::setApplicationVersion(QStringLiteral(PREFLAB_VERSION));
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
