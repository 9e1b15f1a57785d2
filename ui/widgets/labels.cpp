// SPDX-License-Identifier: GPL-3.0-or-later
// Labels, badges, key caps, icons.
#include "ui/widgets/labels.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/paint.h"

#include <QPainter>
#include <QStyle>
#include <QVariant>

namespace preflab {

QLabel* makeLabel(const QString& text, const char* role, const char* tone, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    if (*role != '\0') label->setProperty("role", QString::fromLatin1(role));
    if (*tone != '\0') label->setProperty("tone", QString::fromLatin1(tone));
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

Badge::Badge(const QString& text, const QString& tone, QWidget* parent) : QWidget(parent), m_text(text), m_tone(tone)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(text);
}

void Badge::setText(const QString& text)
{
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void Badge::setTone(const QString& tone)
{
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
