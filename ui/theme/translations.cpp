// SPDX-License-Identifier: GPL-3.0-or-later
// Translations travel in the program's resources.
#include "ui/theme/translations.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTranslator>

namespace preflab {

void installTranslations(QCoreApplication& application)
{
    auto* english = new QTranslator(&application);
    if (english->load(QStringLiteral(":/translations/preflab_en.qm"))) QCoreApplication::installTranslator(english);
    auto* local = new QTranslator(&application);
    if (local->load(QLocale(), QStringLiteral("preflab"), QStringLiteral("_"), QStringLiteral(":/translations")))
        QCoreApplication::installTranslator(local);
}

}  // namespace preflab
