// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of widgets as the screen would show them, at any size, theme and scale.
#pragma once

#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QEvent>
#include <QImage>
#include <QTest>
#include <QWidget>

namespace preflab::test {

/// How a picture is to look.
struct Look {
    QSize size{1280, 800};
    ThemeKind kind = ThemeKind::Light;
    qreal textScale = 1.0;   ///< the user's text size
    qreal pixelRatio = 1.0;  ///< the screen's scale: 1.5 draws one and a half pixels for each
};

/// Switches the application to a theme at run time, as the settings page does.
inline void wear(ThemeKind kind, qreal textScale = 1.0)
{
    applyTheme(*qobject_cast<QApplication*>(QApplication::instance()), makeTheme(kind, textScale));
}

/// Layouts settle in turns: texts that wrap ask for their height only when they know their width.
inline void settleLayouts()
{
    for (int turn = 0; turn < 3; ++turn) {
        QApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
        QApplication::processEvents();
    }
}

/// The widget as it is now. Everything that is waiting to be laid out or drawn is done first.
inline QImage grabbed(QWidget& widget, qreal pixelRatio = 1.0)
{
    if (!widget.isVisible()) widget.show();
    settleLayouts();
    QImage image(widget.size() * pixelRatio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(pixelRatio);
    image.fill(currentTheme().bgPage);
    widget.render(&image);
    return image;
}

/// The widget resized and dressed as `look` says. The theme stays as it is afterwards.
inline QImage grabbed(QWidget& widget, const Look& look)
{
    wear(look.kind, look.textScale);
    settleLayouts();  // a larger text asked for more room than this one does
    widget.resize(look.size);
    return grabbed(widget, look.pixelRatio);
}

/// Where pictures of tests go: $PREFLAB_SHOTS, or "shots" in the build folder.
inline QString shotsFolder()
{
    const QString asked = qEnvironmentVariable("PREFLAB_SHOTS");
    return asked.isEmpty() ? QStringLiteral(PREFLAB_BINARY_FOLDER "/shots") : asked;
}

/// "data-1280x800-dark-150", "data-1280x800-dark-text150": how a picture of that look is named.
inline QString shotName(const QString& name, const Look& look)
{
    const bool isText = look.textScale != 1.0;
    return QStringLiteral("%1-%2x%3-%4-%5%6")
        .arg(name)
        .arg(look.size.width())
        .arg(look.size.height())
        .arg(look.kind == ThemeKind::Dark ? QStringLiteral("dark") : QStringLiteral("light"))
        .arg(isText ? QStringLiteral("text") : QString())
        .arg(qRound(look.textScale * look.pixelRatio * 100));
}

/// Writes the widget's picture as a PNG and returns its path; empty if that failed.
inline QString saveShot(QWidget& widget, const QString& name, const Look& look = {})
{
    const QString path = QDir(shotsFolder()).filePath(shotName(name, look) + QStringLiteral(".png"));
    if (!QDir().mkpath(shotsFolder()) || !grabbed(widget, look).save(path)) return {};
    return path;
}

}  // namespace preflab::test
