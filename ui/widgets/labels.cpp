// SPDX-License-Identifier: GPL-3.0-or-later
// Labels, badges, key caps, icons.
#include "ui/widgets/labels.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/paint.h"

#include <QEvent>
#include <QPainter>
#include <QStyle>
#include <QVariant>

namespace preflab {

namespace {

void dress(QLabel& label, const char* role, const char* tone)
{
    label.setTextFormat(Qt::PlainText);
    if (*role != '\0') label.setProperty("role", QString::fromLatin1(role));
    if (*tone != '\0') label.setProperty("tone", QString::fromLatin1(tone));
}

}  // namespace

QLabel* makeLabel(const QString& text, const char* role, const char* tone, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    dress(*label, role, tone);
    return label;
}

void setLook(QWidget& widget, const char* property, const QVariant& value)
{
    if (widget.property(property) == value) return;
    widget.setProperty(property, value);
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
    widget.update();
}

QFrame* makeLine(QWidget* parent)
{
    auto* line = new QFrame(parent);
    line->setProperty("role", QStringLiteral("line"));
    return line;
}

FigureLabel::FigureLabel(const char* role, const char* tone, QWidget* parent) : QLabel(parent)
{
    dress(*this, role, tone);
}

void FigureLabel::setFigure(const QString& text)
{
    if (text == this->text()) return;
    ensurePolished();  // in the style sheet's font
    if (fontMetrics().horizontalAdvance(text) > m_room) keepRoomFor(text);
    setText(text);
}

void FigureLabel::keepRoomFor(const QString& text)
{
    m_room = fontMetrics().horizontalAdvance(text + QLatin1Char('0'));
    setFixedSize(m_room, fontMetrics().height());
}

void FigureLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    const bool isSize = event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange;
    if (isSize && m_room > 0) keepRoomFor(text());
}

Badge::Badge(const QString& text, const QString& tone, QWidget* parent) : QWidget(parent), m_text(text), m_tone(tone)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(text);
}

void Badge::setText(const QString& text)
{
    if (text == m_text) return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void Badge::setTone(const QString& tone)
{
    if (tone == m_tone) return;
    m_tone = tone;
    update();
}

void Badge::setIconName(const QString& name)
{
    m_icon = name;
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    return {badgeWidth(m_text, !m_icon.isEmpty()), capHeight()};
}

void Badge::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    drawBadge(painter, rect(), m_text, m_tone, m_icon);
}

KeyCap::KeyCap(const QString& portableKey, QWidget* parent) : QWidget(parent), m_key(keyText(portableKey))
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(m_key);
}

QSize KeyCap::sizeHint() const
{
    return {keyCapWidth(m_key), capHeight()};
}

void KeyCap::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    drawKeyCap(painter, rect(), m_key);
}

IconLabel::IconLabel(const QString& name, const QString& token, int size, QWidget* parent)
    : QWidget(parent), m_name(name), m_token(token), m_size(size)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void IconLabel::setIcon(const QString& name, const QString& token)
{
    m_name = name;
    m_token = token;
    update();
}

QSize IconLabel::sizeHint() const
{
    return QSize(1, 1) * currentTheme().px(m_size);
}

void IconLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const int size = currentTheme().px(m_size);
    painter.drawPixmap((width() - size) / 2, (height() - size) / 2,
                       iconPixmap(m_name, size, currentTheme().color(m_token), devicePixelRatioF()));
}

}  // namespace preflab
