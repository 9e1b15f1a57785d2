// SPDX-License-Identifier: GPL-3.0-or-later
// Reading, writing and sliding numbers. Numbers are shown as in files and on the command line, whatever the locale.
#include "ui/widgets/number_field.h"

#include "core/base/typed_number.h"
#include "ui/theme/focus_ring.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/paint.h"

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace preflab {
namespace {

constexpr int kSteps = 1000;

}  // namespace

NumberField::NumberField(QWidget* parent) : QLineEdit(parent)
{
    setProperty("number", true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(this, &QLineEdit::editingFinished, this, [this] { Q_EMIT committed(text()); });
    connect(this, &QLineEdit::textEdited, this, &NumberField::edited);
}

QSize NumberField::sizeHint() const
{
    return {currentTheme().px(72), QLineEdit::sizeHint().height()};
}

QString NumberField::textOf(double value)
{
    if (value == 0.0) return QStringLiteral("0");
    const double size = std::abs(value);
    QString text = QLocale::c().toString(value, size >= 1e-3 && size < 1e9 ? 'f' : 'e', QLocale::FloatingPointShortest);
    text.replace(QLatin1String("e-0"), QLatin1String("e-")).replace(QLatin1String("e+0"), QLatin1String("e"));
    return text;
}

void NumberField::setValue(double value)
{
    const std::optional<double> shown = this->value();
    if (!shown || *shown != value) setText(textOf(value));
}

std::optional<double> NumberField::value() const
{
    const auto value = typedNumber({}, text().toStdString());
    return value && std::isfinite(*value) ? std::optional(*value) : std::nullopt;
}

void NumberField::setInvalid(bool isInvalid)
{
    setLook(*this, "tone", isInvalid ? QVariant(QStringLiteral("danger")) : QVariant());
}

ScaledSlider::ScaledSlider(QWidget* parent) : QSlider(Qt::Horizontal, parent)
{
    setRange(0, kSteps);
    setSingleStep(kSteps / 100);
    setPageStep(kSteps / 10);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    connect(this, &QSlider::actionTriggered, this, [this] {
        setValue(sliderPosition());
        Q_EMIT numberChanged(number());
    });
}

void ScaledSlider::setScale(double lowest, double highest, Scale scale)
{
    m_lowest = lowest;
    m_highest = highest;
    m_scale = scale;
}

void ScaledSlider::setTicks(const QList<double>& ticks)
{
    m_ticks = ticks;
    updateGeometry();
}

double ScaledSlider::shareOf(double value) const
{
    if (m_scale == Scale::Linear) return std::clamp((value - m_lowest) / (m_highest - m_lowest), 0.0, 1.0);
    return std::clamp(std::log(std::max(value, 1e-300) / m_lowest) / std::log(m_highest / m_lowest), 0.0, 1.0);
}

void ScaledSlider::setNumber(double value)
{
    const int position = static_cast<int>(std::lround(shareOf(value) * kSteps));
    if (position != this->value()) setValue(position);
}

double ScaledSlider::number() const
{
    const double share = static_cast<double>(value()) / kSteps;
    const double raw = m_scale == Scale::Linear ? m_lowest + share * (m_highest - m_lowest)
                                                : m_lowest * std::pow(m_highest / m_lowest, share);
    // Two digits are what a slider can mean; the field beside it takes exact values.
    if (raw == 0.0) return 0.0;
    const double unit = std::pow(10.0, std::floor(std::log10(std::abs(raw))) - 1);
    return std::round(raw / unit) * unit;
}

QSize ScaledSlider::sizeHint() const
{
    const Theme& theme = currentTheme();
    return {theme.px(200), theme.px(m_ticks.isEmpty() ? 28 : 44)};
}

QSize ScaledSlider::minimumSizeHint() const
{
    return {currentTheme().px(100), sizeHint().height()};
}

qreal ScaledSlider::xOf(double share) const
{
    const qreal inset = currentTheme().px(9);
    return inset + share * (width() - 2 * inset);
}

void ScaledSlider::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal y = theme.px(14);  // the middle of a dense field beside it
    const qreal x = xOf(static_cast<double>(value()) / kSteps);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.bgPressed);
    painter.drawRoundedRect(QRectF(0, y - 2, width(), 4), 2, 2);
    painter.setBrush(isEnabled() ? theme.accent : theme.textDisabled);
    painter.drawRoundedRect(QRectF(0, y - 2, x, 4), 2, 2);
    painter.setPen(QPen(isEnabled() ? theme.accent : theme.textDisabled, 2));
    painter.setBrush(theme.bgPanel);
    const qreal radius = theme.px(16) / 2.0 - 1;
    painter.drawEllipse(QPointF(x, y), radius, radius);
    if (hasKeyboardFocus(*this))
        drawFocusRing(painter, QRectF(x - radius - 3, y - radius - 3, 2 * radius + 6, 2 * radius + 6), radius + 3);
    painter.setFont(theme.tiny);
    painter.setPen(theme.textMuted);
    for (const double tick : m_ticks) {
        const QString text = NumberField::textOf(tick);
        const int textWidth = QFontMetrics(theme.tiny).horizontalAdvance(text);
        const double share = shareOf(tick);
        const qreal rest = width() - textWidth;
        // The ends of the scale stand at the ends of the track.
        const qreal left = share <= 0.0   ? 0.0
                           : share >= 1.0 ? rest
                                          : std::clamp(xOf(share) - textWidth / 2.0, 0.0, rest);
        painter.drawText(QPointF(left, theme.px(41)), text);
    }
}

void ScaledSlider::setByMouse(qreal x)
{
    const double share = std::clamp((x - xOf(0)) / (xOf(1) - xOf(0)), 0.0, 1.0);
    setValue(static_cast<int>(std::lround(share * kSteps)));
    Q_EMIT numberChanged(number());
}

void ScaledSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) setByMouse(event->position().x());
}

void ScaledSlider::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons().testFlag(Qt::LeftButton)) setByMouse(event->position().x());
}

void ScaledSlider::wheelEvent(QWheelEvent* event)
{
    if (hasFocus())
        QSlider::wheelEvent(event);
    else
        event->ignore();
}

}  // namespace preflab
