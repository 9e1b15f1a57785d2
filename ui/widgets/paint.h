// SPDX-License-Identifier: GPL-3.0-or-later
// Small marks that widgets and table delegates draw alike: key caps and badges.
#pragma once

#include <QColor>
#include <QRect>
#include <QString>

class QPainter;

namespace preflab {

/// Colours of a tone: "neutral", "chosen", "rejected", "ok", "warning", "danger", "accent".
struct ToneColors {
    QColor text;
    QColor background;
};
/// Of the current theme; neutral for an unknown tone.
ToneColors toneColors(const QString& tone);

/// Width of a key cap with that text, and of a badge.
int keyCapWidth(const QString& text);
int badgeWidth(const QString& text, bool hasIcon = false);
/// Height of both.
int capHeight();

/// OnFill: on a filled button.
enum class KeyCapLook { Plain, OnFill, Disabled };
/// Draws a key cap at the left of `rect`, in the middle of its height.
void drawKeyCap(QPainter& painter, const QRect& rect, const QString& text, KeyCapLook look = KeyCapLook::Plain);
/// The same for a badge; returns its width.
int drawBadge(QPainter& painter, const QRect& rect, const QString& text, const QString& tone, const QString& icon = {});
/// "Ctrl+Enter" as caps show it: "Ctrl Enter".
QString keyText(const QString& portable);

}  // namespace preflab
