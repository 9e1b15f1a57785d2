// SPDX-License-Identifier: GPL-3.0-or-later
// Following the focus through the program.
#include "ui/theme/focus_ring.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QFocusEvent>
#include <QPainter>

namespace preflab {
namespace {

bool byKeyboard = false;

void noteReason(Qt::FocusReason reason)
{
    if (reason == Qt::MouseFocusReason) byKeyboard = false;
    if (reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason || reason == Qt::ShortcutFocusReason)
        byKeyboard = true;
    // All else (a window coming up, focus given by code) goes on as the user went before.
}

}  // namespace

void FocusRing::install(QApplication& application)
{
    static const QPointer<FocusRing> ring = [&application] {
        auto* made = new FocusRing(&application);
        application.installEventFilter(made);
        return made;
    }();
}

bool FocusRing::isByKeyboard()
{
    return byKeyboard;
}

bool FocusRing::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn && watched->isWidgetType()) {
        noteReason(static_cast<QFocusEvent*>(event)->reason());
        moveTo(static_cast<QWidget*>(watched));
    } else if (event->type() == QEvent::FocusOut && m_frame != nullptr && m_frame->widget() == watched) {
        m_frame->setWidget(nullptr);
    }
    return false;
}

void FocusRing::moveTo(QWidget* widget)
{
    const bool isWanted = byKeyboard && widget->property(kRingRadius).isValid() && !widget->isWindow();
    if (!isWanted) {
        if (m_frame != nullptr) m_frame->setWidget(nullptr);
        return;
    }
    if (m_frame == nullptr) m_frame = new QFocusFrame;
    m_frame->setWidget(widget);
}

bool hasKeyboardFocus(const QWidget& widget)
{
    return byKeyboard && widget.hasFocus();
}

void drawFocusRing(QPainter& painter, const QRectF& rect, qreal radius)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(currentTheme().focus, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(rect, radius, radius);
    painter.restore();
}

}  // namespace preflab
