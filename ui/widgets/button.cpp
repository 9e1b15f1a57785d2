// SPDX-License-Identifier: GPL-3.0-or-later
// Painting and keys of buttons.
#include "ui/widgets/button.h"

#include "ui/theme/focus_ring.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/paint.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QShortcut>
#include <QTextEdit>

namespace preflab {
namespace {

bool isShowingKeys = true;

/// Letters, digits and Space would be typed where a field has the keyboard.
bool isPlainKey(const QString& key)
{
    return key.size() == 1 || key == QLatin1String("Space") || key == QLatin1String("Backspace");
}

}  // namespace

bool isTyping()
{
    const QWidget* focus = QApplication::focusWidget();
    if (const auto* line = qobject_cast<const QLineEdit*>(focus)) return !line->isReadOnly();
    if (const auto* text = qobject_cast<const QPlainTextEdit*>(focus)) return !text->isReadOnly();
    if (const auto* text = qobject_cast<const QTextEdit*>(focus)) return !text->isReadOnly();
    if (const auto* combo = qobject_cast<const QComboBox*>(focus)) return combo->isEditable();
    return qobject_cast<const QAbstractSpinBox*>(focus) != nullptr;
}

QShortcut* makeButtonKey(QAbstractButton& button, const QString& portableKey)
{
    auto* shortcut = new QShortcut(QKeySequence(portableKey, QKeySequence::PortableText), &button);
    shortcut->setAutoRepeat(false);
    const bool isPlain = isPlainKey(portableKey);
    if (isPlain) {
        // A shortcut that is on takes its key from text fields, so it is off while one of them has the keyboard.
        QObject::connect(qApp, &QApplication::focusChanged, shortcut,
                         [shortcut] { shortcut->setEnabled(!isTyping()); });
    }
    QObject::connect(shortcut, &QShortcut::activated, &button, [&button, isPlain] {
        if (button.isEnabled() && button.isVisible() && !(isPlain && isTyping())) button.click();
    });
    return shortcut;
}

Button::Button(const QString& text, Kind kind, QWidget* parent) : QPushButton(text, parent), m_kind(kind)
{
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    setProperty(kRingRadius, 6);
}

Button::Button(const QString& text, const QString& iconName, Kind kind, QWidget* parent) : Button(text, kind, parent)
{
    m_iconName = iconName;
}

void Button::setKind(Kind kind)
{
    m_kind = kind;
    updateGeometry();
    update();
}

void Button::setIconName(const QString& name)
{
    m_iconName = name;
    updateGeometry();
    update();
}

void Button::setDense()
{
    m_isDense = true;
    updateGeometry();
}

void Button::setPrintedKey(const QString& portableKey)
{
    m_key = portableKey;
    updateGeometry();
    update();
}

void Button::setKey(const QString& portableKey)
{
    setPrintedKey(portableKey);
    delete m_shortcut;
    m_shortcut = makeButtonKey(*this, portableKey);
}

void Button::showKeys(bool shown)
{
    isShowingKeys = shown;
    for (QWidget* widget : QApplication::allWidgets())
        if (qobject_cast<Button*>(widget) != nullptr) widget->updateGeometry();
}

bool Button::areKeysShown()
{
    return isShowingKeys;
}

QFont Button::textFont() const
{
    return m_kind == Kind::Primary ? currentTheme().strong : currentTheme().body;
}

int Button::contentWidth() const
{
    const Theme& theme = currentTheme();
    const QString shown = QString(text()).remove(QLatin1Char('&'));
    int width = QFontMetrics(textFont()).horizontalAdvance(shown);
    if (!m_iconName.isEmpty()) width += theme.px(16) + (shown.isEmpty() ? 0 : theme.px(6));
    if (!m_key.isEmpty() && isShowingKeys) width += keyCapWidth(keyText(m_key)) + (width > 0 ? theme.px(6) : 0);
    return width;
}

QSize Button::sizeHint() const
{
    const Theme& theme = currentTheme();
    const int height = theme.px(m_isDense ? 28 : 32);
    if (text().isEmpty() && (m_key.isEmpty() || !isShowingKeys)) return {height, height};
    return {contentWidth() + 2 * theme.px(m_isDense ? 10 : 12) + 2, height};
}

QColor Button::textColor() const
{
    const Theme& theme = currentTheme();
    if (!isEnabled()) return theme.textDisabled;
    if (m_kind == Kind::Primary) return theme.accentOnFill;
    if (m_kind == Kind::Danger) return theme.danger;
    if (m_kind == Kind::Link) return theme.accent;
    return m_kind == Kind::Bare && !isChecked() ? theme.textSecondary : theme.textPrimary;
}

void Button::drawFrame(QPainter& painter) const
{
    const Theme& theme = currentTheme();
    const bool isHovered = isEnabled() && underMouse();
    const bool isFrameless = m_kind == Kind::Bare || m_kind == Kind::Link;
    QColor fill = isFrameless ? QColor(Qt::transparent) : theme.bgPanel;
    QColor line = isFrameless ? QColor(Qt::transparent) : theme.borderStrong;
    if (isHovered || isChecked()) fill = theme.bgHover;
    if (isDown()) fill = theme.bgPressed;
    if (m_kind == Kind::Primary) {
        fill = isHovered || isDown() ? theme.accentFillHover : theme.accentFill;
        line = fill;
    }
    if (!isEnabled()) {
        fill = isFrameless ? QColor(Qt::transparent) : theme.bgPanel;
        line = isFrameless ? QColor(Qt::transparent) : theme.borderSubtle;
    }
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(line);
    painter.setBrush(fill);
    painter.drawRoundedRect(frame, 6, 6);
}

void Button::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    drawFrame(painter);
    const QString shown = QString(text()).remove(QLatin1Char('&'));
    int x = std::max(theme.px(4), (width() - contentWidth()) / 2);
    if (!m_iconName.isEmpty()) {
        const int size = theme.px(16);
        painter.drawPixmap(x, (height() - size) / 2, iconPixmap(m_iconName, size, textColor(), devicePixelRatioF()));
        x += size + theme.px(6);
    }
    painter.setFont(textFont());
    painter.setPen(textColor());
    const QFontMetrics metrics(textFont());
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter | Qt::AlignLeft, shown);
    if (m_key.isEmpty() || !isShowingKeys) return;
    x += metrics.horizontalAdvance(shown) + (shown.isEmpty() ? 0 : theme.px(6));
    drawKeyCap(painter, QRect(x, 0, width() - x, height()), keyText(m_key),
               !isEnabled()              ? KeyCapLook::Disabled
               : m_kind == Kind::Primary ? KeyCapLook::OnFill
                                         : KeyCapLook::Plain);
}

}  // namespace preflab
