// SPDX-License-Identifier: GPL-3.0-or-later
// Recoloured SVG, cached.
#include "ui/theme/icons.h"

#include "ui/theme/theme.h"

#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace preflab {
namespace {

/// Strokes are 1.5 at 20 pixels and 1.8 when drawn smaller, so that they keep their weight.
QByteArray recoloured(QByteArray svg, const QColor& color, int size)
{
    svg.replace("currentColor", color.name().toLatin1());
    if (size < 20) svg.replace("stroke-width=\"1.5\"", "stroke-width=\"1.8\"");
    return svg;
}

}  // namespace

QPixmap iconPixmap(const QString& name, int size, const QColor& color, qreal pixelRatio)
{
    const QString key = QStringLiteral("icon/%1/%2/%3/%4").arg(name).arg(size).arg(color.name()).arg(pixelRatio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) return pixmap;
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) return {};
    QSvgRenderer renderer(recoloured(file.readAll(), color, size));
    pixmap = QPixmap(QSize(size, size) * pixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.end();
    pixmap.setDevicePixelRatio(pixelRatio);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QIcon icon(const QString& name, const QString& token)
{
    const Theme& theme = currentTheme();
    QIcon result;
    for (const int size : {12, 14, 16, 20}) {
        const int scaled = theme.px(size);
        for (const qreal ratio : {1.0, qGuiApp->devicePixelRatio()}) {
            result.addPixmap(iconPixmap(name, scaled, theme.color(token), ratio));
            result.addPixmap(iconPixmap(name, scaled, theme.textDisabled, ratio), QIcon::Disabled);
        }
    }
    return result;
}

QStringList iconNames()
{
    QStringList names;
    const QStringList files =
        QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")}, QDir::Files, QDir::Name);
    for (const QString& file : files) names.push_back(file.chopped(4));
    return names;
}

}  // namespace preflab
