// SPDX-License-Identifier: GPL-3.0-or-later
// What a style sheet cannot say: check and radio marks, animation, focus.
#pragma once

#include <QProxyStyle>

namespace preflab {

/// Fusion, with the design's check boxes and radio buttons and one focus ring, outside of what has the keyboard.
class PrefLabStyle : public QProxyStyle {
    Q_OBJECT

public:
    PrefLabStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* data) const override;
};

}  // namespace preflab
