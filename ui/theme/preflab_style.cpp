// SPDX-License-Identifier: GPL-3.0-or-later
// Painting over Fusion.
#include "ui/theme/preflab_style.h"

#include "ui/theme/focus_ring.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QFocusFrame>
#include <QPainter>
#include <QStyleOption>

namespace preflab {
namespace {

/// The ring of a mark inside a widget: a pixel outside of the mark.
void drawMarkRing(QPainter& painter, const QRectF& mark, qreal radius)
{
    drawFocusRing(painter, mark.adjusted(-1, -1, 1, 1), radius + 1);
}

bool isRinged(const QStyleOption& option)
{
    return option.state.testFlag(QStyle::State_HasFocus) && FocusRing::isByKeyboard();
}

/// The application's ring, around what asked for it; its radius grows with the distance to the widget.
void drawFocusFrame(QPainter& painter, const QStyleOption& option, const QWidget* frame)
{
    const auto* ring = qobject_cast<const QFocusFrame*>(frame);
    if (ring == nullptr || ring->widget() == nullptr) return;
    drawFocusRing(painter, QRectF(option.rect).adjusted(1, 1, -1, -1),
                  ring->widget()->property(kRingRadius).toReal() + 3);
}

void drawCheck(QPainter& painter, const QStyleOption& option)
{
    const Theme& theme = currentTheme();
    const bool isOn = option.state.testFlag(QStyle::State_On);
    const bool isPartly = option.state.testFlag(QStyle::State_NoChange);
    const bool isEnabled = option.state.testFlag(QStyle::State_Enabled);
    const QRectF box = QRectF(option.rect).adjusted(2.5, 2.5, -2.5, -2.5);
    painter.setPen(isOn || isPartly ? theme.accentFill : (isEnabled ? theme.borderControl : theme.borderSubtle));
    painter.setBrush(isOn || isPartly ? theme.accentFill : theme.bgPanel);
    painter.drawRoundedRect(box, 4, 4);
    if (isOn) {
        const int size = static_cast<int>(box.width()) - 3;
        const QPixmap mark =
            iconPixmap(QStringLiteral("check"), size, theme.accentOnFill, painter.device()->devicePixelRatioF());
        painter.drawPixmap(QPointF(box.center().x() - size / 2.0, box.center().y() - size / 2.0), mark);
    }
    if (isPartly)
        painter.fillRect(QRectF(box.left() + 3, box.center().y() - 1, box.width() - 6, 2), theme.accentOnFill);
    if (isRinged(option)) drawMarkRing(painter, box, 4);
}

void drawRadio(QPainter& painter, const QStyleOption& option)
{
    const Theme& theme = currentTheme();
    const bool isOn = option.state.testFlag(QStyle::State_On);
    const QRectF circle = QRectF(option.rect).adjusted(2.5, 2.5, -2.5, -2.5);
    painter.setPen(isOn ? theme.accentFill : theme.borderControl);
    painter.setBrush(isOn ? theme.accentFill : theme.bgPanel);
    painter.drawEllipse(circle);
    if (isOn) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.accentOnFill);
        painter.drawEllipse(circle.center(), circle.width() / 5, circle.width() / 5);
    }
    if (isRinged(option)) drawMarkRing(painter, circle, circle.width() / 2);
}

}  // namespace

PrefLabStyle::PrefLabStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

void PrefLabStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                 const QWidget* widget) const
{
    if (element == PE_FrameFocusRect) return;
    if (element != PE_IndicatorCheckBox && element != PE_IndicatorRadioButton) {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        return;
    }
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (element == PE_IndicatorCheckBox)
        drawCheck(*painter, *option);
    else
        drawRadio(*painter, *option);
    painter->restore();
}

void PrefLabStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const
{
    if (element == CE_FocusFrame)
        drawFocusFrame(*painter, *option, widget);
    else
        QProxyStyle::drawControl(element, option, painter, widget);
}

int PrefLabStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return currentTheme().px(16) + 4;  // the ring needs room
    case PM_FocusFrameHMargin:
    case PM_FocusFrameVMargin:
        return 4;  // two pixels free, two of ring
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
        return currentTheme().px(16);
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int PrefLabStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                            QStyleHintReturn* data) const
{
    if (hint == SH_ToolTip_WakeUpDelay) return 500;
    if (hint == SH_ComboBox_Popup) return 0;
    if (hint == SH_FocusFrame_AboveWidget) return 1;
    return QProxyStyle::styleHint(hint, option, widget, data);
}

}  // namespace preflab
