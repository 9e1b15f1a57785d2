// SPDX-License-Identifier: GPL-3.0-or-later
// The window's command line by QCommandLineParser.
#include "ui/window/window_options.h"

#include <QCommandLineParser>
#include <QCoreApplication>

namespace preflab {

WindowOptions readWindowOptions(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate(
        "options", "Read preference pairs, train DPO and ORPO on them, and see what each pair became."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption demo(QStringLiteral("demo"),
                                  QCoreApplication::translate("options", "Run the demo experiment at once."));
    QCommandLineOption components(QStringLiteral("components"),
                                  QCoreApplication::translate("options", "Show the sheet of controls."));
    components.setFlags(QCommandLineOption::HiddenFromHelp);
    parser.addOptions({demo, components});
    parser.addPositionalArgument(
        QStringLiteral("paths"),
        QCoreApplication::translate("options", "A project folder, a model folder, or a file of pairs; or several."),
        QStringLiteral("[path...]"));
    parser.process(arguments);

    WindowOptions options;
    options.isDemoWanted = parser.isSet(demo);
    options.areComponentsShown = parser.isSet(components);
    const QStringList named = parser.positionalArguments();
    for (const QString& path : named) options.paths.push_back(std::filesystem::absolute(path.toStdString()));
    return options;
}

}  // namespace preflab
