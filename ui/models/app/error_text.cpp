// SPDX-License-Identifier: GPL-3.0-or-later
// Templates of core/base/error.cpp, translated and filled.
#include "ui/models/app/error_text.h"

#include <QCoreApplication>

#include <string>

namespace preflab {

QString errorText(const Error& error)
{
    const std::string original(sentenceTemplate(error.code));
    const QString translated = QCoreApplication::translate("errors", original.c_str());
    if (translated == QString::fromStdString(original)) return QString::fromStdString(sentence(error));
    // The words are the translator's, the arguments (with what must be escaped in them) those of the sentence.
    QString filled = translated;
    for (const auto& [name, value] : error.arguments) {
        filled.replace(QLatin1Char('{') + QString::fromStdString(name) + QLatin1Char('}'),
                       QString::fromStdString(value).remove(QChar::Null));
    }
    return filled;
}

QString errorDetails(const Error& error)
{
    if (error.detail.empty()) return {};
    const std::string_view id = errorId(error.code);
    return QString::fromUtf8(id.data(), static_cast<qsizetype>(id.size())) + QStringLiteral("\n") +
           QString::fromStdString(error.detail);
}

}  // namespace preflab
