// SPDX-License-Identifier: GPL-3.0-or-later
// The design's icons, drawn in a theme's colour.
#pragma once

#include <QIcon>
#include <QPixmap>
#include <QString>

namespace preflab {

/// An icon of resources/icons by its file's name ("home") in a colour token ("text.secondary"); disabled in
/// "text.disabled". Made anew after a theme change, so ask again on QEvent::PaletteChange.
QIcon icon(const QString& name, const QString& token = QStringLiteral("text.secondary"));

/// One picture of that size in device-independent pixels; cached per name, size, colour and pixel ratio. Null for an
/// unknown name.
QPixmap iconPixmap(const QString& name, int size, const QColor& color, qreal pixelRatio);

/// Every icon's name.
QStringList iconNames();

}  // namespace preflab
