// SPDX-License-Identifier: GPL-3.0-or-later
// Where the keyboard is: a ring around it, but only for those who use the keyboard.
#pragma once

#include <QFocusFrame>
#include <QObject>
#include <QPointer>

class QApplication;
class QPainter;
class QRectF;
class QWidget;

namespace preflab {

/// Name of the dynamic property by which a widget asks for the ring outside of its border; its value is the radius of
/// that border in pixels. Widgets with marks inside (segments, sliders) draw their own, asking hasKeyboardFocus.
inline constexpr const char* kRingRadius = "ringRadius";

/// One ring for the whole program. Tab, arrows and keys that move the focus show it, a click hides it.
class FocusRing : public QObject {
    Q_OBJECT

public:
    /// Watches the application from now on; once.
    static void install(QApplication& application);
    static bool isByKeyboard();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    explicit FocusRing(QObject* parent) : QObject(parent) {}
    void moveTo(QWidget* widget);

    QPointer<QFocusFrame> m_frame;  ///< belongs to the window it is in
};

/// True if the widget has the keyboard and got it by the keyboard.
bool hasKeyboardFocus(const QWidget& widget);
/// Draws the ring: a line of 2 pixels along `rect`.
void drawFocusRing(QPainter& painter, const QRectF& rect, qreal radius);

}  // namespace preflab
