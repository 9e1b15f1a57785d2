// SPDX-License-Identifier: GPL-3.0-or-later
// Placeholders of the style sheet's template.
#include "ui/theme/style_sheet.h"

#include <QFile>
#include <QRegularExpression>

namespace preflab {
namespace {

const QFont* fontNamed(const Theme& theme, QStringView name)
{
    if (name == QLatin1String("title")) return &theme.title;
    if (name == QLatin1String("heading")) return &theme.heading;
    if (name == QLatin1String("strong")) return &theme.strong;
    if (name == QLatin1String("body")) return &theme.body;
    if (name == QLatin1String("reading")) return &theme.reading;
    if (name == QLatin1String("small")) return &theme.small;
    if (name == QLatin1String("tiny")) return &theme.tiny;
    if (name == QLatin1String("mono")) return &theme.mono;
    return nullptr;
}

/// A placeholder's value, or nothing for an unknown one.
QString valueOf(const QString& placeholder, const Theme& theme)
{
    static const QRegularExpression call(QStringLiteral("^(px|font)\\(([a-z0-9.]+)\\)(-[0-9]+)?$"));
    if (const auto match = call.match(placeholder); match.hasMatch()) {
        const QString argument = match.captured(2);
        if (match.captured(1) == QLatin1String("px")) {
            bool isNumber = false;
            const double length = argument.toDouble(&isNumber);
            return isNumber ? QStringLiteral("%1px").arg(theme.px(length) + match.captured(3).toInt()) : QString();
        }
        if (const QFont* font = fontNamed(theme, argument)) {
            return QStringLiteral("font-family: \"%1\"; font-size: %2px; font-weight: %3")
                .arg(font->family())
                .arg(font->pixelSize())
                .arg(font->weight());
        }
        return {};
    }
    const QColor color = theme.color(placeholder);
    return color.isValid() ? color.name() : QString();
}

}  // namespace

QString filledTemplate(const QString& text, const Theme& theme)
{
    static const QRegularExpression placeholder(QStringLiteral("@([A-Za-z0-9.()-]+)@"));
    QString filled;
    qsizetype end = 0;
    for (auto matches = placeholder.globalMatch(text); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        filled += text.mid(end, match.capturedStart() - end);
        const QString value = valueOf(match.captured(1), theme);
        filled += value.isEmpty() ? match.captured(0) : value;
        end = match.capturedEnd();
    }
    return filled + text.mid(end);
}

QString styleSheetOf(const Theme& theme)
{
    QFile file(QStringLiteral(":/style/preflab.qss"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    return filledTemplate(QString::fromUtf8(file.readAll()), theme);
}

}  // namespace preflab
