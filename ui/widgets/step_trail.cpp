// SPDX-License-Identifier: GPL-3.0-or-later
// Painting and clicking the trail.
#include "ui/widgets/step_trail.h"

#include "ui/theme/focus_ring.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/paint.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace preflab {

StepTrail::StepTrail(const QStringList& steps, QWidget* parent) : QWidget(parent), m_steps(steps)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    describe();
}

void StepTrail::describe()
{
    setAccessibleName(tr("Step %1 of %2: %3").arg(m_current + 1).arg(m_steps.size()).arg(m_steps.value(m_current)));
}

void StepTrail::setCurrent(int step)
{
    m_current = step;
    m_reached = std::max(m_reached, step);
    describe();
    update();
}

void StepTrail::setReached(int step)
{
    m_reached = step;
    update();
}

int StepTrail::widthOf(int step) const
{
    const Theme& theme = currentTheme();
    return theme.px(22 + 8) + QFontMetrics(theme.strong).horizontalAdvance(m_steps[step]) +
           (step + 1 < m_steps.size() ? theme.px(58) : 0);
}

QSize StepTrail::sizeHint() const
{
    int width = 0;
    for (int step = 0; step < m_steps.size(); ++step) width += widthOf(step);
    return {width + 4, currentTheme().px(32)};
}

void StepTrail::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    qreal x = 2;
    const qreal circle = theme.px(22);
    for (int step = 0; step < m_steps.size(); ++step) {
        const QRectF spot(x, (height() - circle) / 2, circle, circle);
        const bool isCurrent = step == m_current;
        const bool isDone = step < m_current || (step <= m_reached && !isCurrent);
        painter.setPen(QPen(isCurrent || isDone ? theme.accent : theme.borderControl, 1.2));
        painter.setBrush(isCurrent ? theme.accentFill : QColor(Qt::transparent));
        painter.drawEllipse(spot.adjusted(0.6, 0.6, -0.6, -0.6));
        if (isDone) {
            const int size = theme.px(12);
            painter.drawPixmap(QPointF(spot.center().x() - size / 2.0, spot.center().y() - size / 2.0),
                               iconPixmap(QStringLiteral("check"), size, theme.accent, devicePixelRatioF()));
        } else {
            painter.setFont(theme.tiny);
            painter.setPen(isCurrent ? theme.accentOnFill : theme.textMuted);
            painter.drawText(spot, Qt::AlignCenter, QString::number(step + 1));
        }
        painter.setFont(isCurrent ? theme.strong : theme.body);
        painter.setPen(isCurrent ? theme.textPrimary : (isDone ? theme.textSecondary : theme.textMuted));
        const qreal textX = x + circle + theme.px(8);
        const qreal textWidth = QFontMetrics(theme.strong).horizontalAdvance(m_steps[step]);
        painter.drawText(QRectF(textX, 0, textWidth + 2, height()), Qt::AlignVCenter | Qt::AlignLeft, m_steps[step]);
        if (step + 1 < m_steps.size()) {
            painter.setPen(theme.borderStrong);
            const qreal lineX = textX + textWidth + theme.px(10);
            painter.drawLine(QPointF(lineX, height() / 2.0), QPointF(lineX + theme.px(36), height() / 2.0));
        }
        x += widthOf(step);
    }
    if (hasKeyboardFocus(*this)) drawFocusRing(painter, QRectF(rect()).adjusted(1, 1, -1, -1), 6);
}

void StepTrail::mouseReleaseEvent(QMouseEvent* event)
{
    qreal x = 2;
    for (int step = 0; step < m_steps.size(); ++step) {
        if (event->position().x() >= x && event->position().x() < x + widthOf(step) && step <= m_reached) {
            Q_EMIT clicked(step);
            return;
        }
        x += widthOf(step);
    }
}

void StepTrail::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Left && m_current > 0)
        Q_EMIT clicked(m_current - 1);
    else if (event->key() == Qt::Key_Right && m_current < m_reached)
        Q_EMIT clicked(m_current + 1);
    else
        QWidget::keyPressEvent(event);
}

}  // namespace preflab
