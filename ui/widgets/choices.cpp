// SPDX-License-Identifier: GPL-3.0-or-later
// Painting and keys of segments, chips, switches and combo boxes.
#include "ui/widgets/choices.h"

#include "ui/theme/focus_ring.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/paint.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

namespace preflab {
namespace {

/// One segment; only the chosen one takes the keyboard, as in a group of radio buttons.
class SegmentButton : public QToolButton {
public:
    explicit SegmentButton(const QString& text, QWidget* parent) : QToolButton(parent)
    {
        setText(text);
        setCheckable(true);
        setCursor(Qt::PointingHandCursor);
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    }

    QSize sizeHint() const override
    {
        const Theme& theme = currentTheme();
        return {QFontMetrics(chosenFont()).horizontalAdvance(text()) + theme.px(22), theme.px(24)};
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (isChecked()) {
            painter.setPen(theme.borderStrong);
            painter.setBrush(theme.kind == ThemeKind::Dark ? theme.bgPressed : theme.bgPanel);
            painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        }
        painter.setFont(isChecked() ? chosenFont() : theme.small);
        painter.setPen(!isEnabled() ? theme.textDisabled
                                    : (isChecked() || underMouse() ? theme.textPrimary : theme.textSecondary));
        painter.drawText(rect(), Qt::AlignCenter, text());
        if (hasKeyboardFocus(*this)) drawFocusRing(painter, QRectF(rect()).adjusted(1, 1, -1, -1), 4);
    }

private:
    static QFont chosenFont()
    {
        QFont font = currentTheme().small;
        font.setWeight(QFont::DemiBold);
        return font;
    }
};

}  // namespace

Segmented::Segmented(QWidget* parent) : QFrame(parent)
{
    m_group.setExclusive(true);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(2, 2, 2, 2);
    layout->setSpacing(0);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    keepMetrics(*this, [this] { setFixedHeight(currentTheme().px(m_isTall ? 32 : 28)); });
    connect(&m_group, &QButtonGroup::buttonClicked, this,
            [this](QAbstractButton* button) { Q_EMIT chosen(button->objectName()); });
}

void Segmented::addSegment(const QString& id, const QString& text)
{
    auto* segment = new SegmentButton(text, this);
    segment->setObjectName(id);
    m_group.addButton(segment);
    layout()->addWidget(segment);
    if (m_group.buttons().size() == 1) segment->setChecked(true);
    segment->setFocusPolicy(Qt::StrongFocus);
}

void Segmented::setTall()
{
    m_isTall = true;
    setFixedHeight(currentTheme().px(32));
}

QAbstractButton* Segmented::segment(const QString& id) const
{
    const QList<QAbstractButton*> buttons = m_group.buttons();
    for (QAbstractButton* button : buttons)
        if (button->objectName() == id) return button;
    return nullptr;
}

void Segmented::setCurrent(const QString& id)
{
    if (QAbstractButton* button = segment(id)) button->setChecked(true);
}

QString Segmented::current() const
{
    const QAbstractButton* button = m_group.checkedButton();
    return button != nullptr ? button->objectName() : QString();
}

void Segmented::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.borderStrong);
    painter.setBrush(theme.bgInset);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

void Segmented::keyPressEvent(QKeyEvent* event)
{
    const QList<QAbstractButton*> buttons = m_group.buttons();
    const qsizetype now = buttons.indexOf(m_group.checkedButton());
    qsizetype next = now;
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Up)
        next = now - 1;
    else if (event->key() == Qt::Key_Right || event->key() == Qt::Key_Down)
        next = now + 1;
    else {
        QFrame::keyPressEvent(event);
        return;
    }
    while (next >= 0 && next < buttons.size() && !buttons[next]->isEnabled()) next += next > now ? 1 : -1;
    if (next < 0 || next >= buttons.size()) return;
    buttons[next]->setFocus(Qt::TabFocusReason);
    buttons[next]->click();
}

Chip::Chip(const QString& text, QWidget* parent) : QToolButton(parent)
{
    setText(text);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    keepMetrics(*this, [this] { setProperty(kRingRadius, currentTheme().px(12)); });
}

void Chip::setRemovable()
{
    m_isRemovable = true;
    setToolTip(tr("Del removes it"));
    updateGeometry();
}

void Chip::setIconName(const QString& name)
{
    m_iconName = name;
    updateGeometry();
}

void Chip::setKey(const QString& portableKey)
{
    m_key = portableKey;
    makeButtonKey(*this, portableKey);
    updateGeometry();
}

int Chip::keyWidth() const
{
    return m_key.isEmpty() || !Button::areKeysShown() ? 0 : keyCapWidth(keyText(m_key)) + currentTheme().px(5);
}

QSize Chip::sizeHint() const
{
    const Theme& theme = currentTheme();
    const int pictures = (m_isRemovable ? 1 : 0) + (m_iconName.isEmpty() ? 0 : 1);
    return {QFontMetrics(theme.small).horizontalAdvance(text()) + theme.px(18) + pictures * theme.px(19) + keyWidth(),
            theme.px(24)};
}

void Chip::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor ink = isChecked() ? theme.accent : theme.textSecondary;
    painter.setPen(isChecked() ? theme.accent : theme.borderStrong);
    painter.setBrush(isChecked() ? theme.bgSelected : (underMouse() ? theme.bgHover : theme.bgPanel));
    painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2);
    const int size = theme.px(14);
    int x = theme.px(9);
    if (!m_iconName.isEmpty()) {
        painter.drawPixmap(x, (height() - size) / 2, iconPixmap(m_iconName, size, ink, devicePixelRatioF()));
        x += theme.px(19);
    }
    painter.setFont(theme.small);
    painter.setPen(ink);
    painter.drawText(rect().adjusted(x, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
    if (keyWidth() > 0) {
        const int left = width() - keyWidth() - theme.px(3);
        drawKeyCap(painter, QRect(left, 0, width() - left, height()), keyText(m_key));
    }
    if (m_isRemovable) {
        painter.drawPixmap(width() - size - theme.px(8), (height() - size) / 2,
                           iconPixmap(QStringLiteral("close"), size, ink, devicePixelRatioF()));
    }
}

void Chip::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_isRemovable || event->position().x() <= width() - currentTheme().px(24)) {
        QToolButton::mouseReleaseEvent(event);
        return;
    }
    setDown(false);
    Q_EMIT removed();
}

bool Chip::isRemoving(const QKeyEvent& event) const
{
    return m_isRemovable && (event.key() == Qt::Key_Delete || event.key() == Qt::Key_Backspace);
}

bool Chip::event(QEvent* event)
{
    // Pages have these keys for other things, which must not happen instead.
    const bool isAsked = event->type() == QEvent::ShortcutOverride && isRemoving(*static_cast<QKeyEvent*>(event));
    if (isAsked) event->accept();
    return isAsked || QToolButton::event(event);
}

void Chip::keyPressEvent(QKeyEvent* event)
{
    if (isRemoving(*event))
        Q_EMIT removed();
    else
        QToolButton::keyPressEvent(event);
}

Switch::Switch(const QString& text, QWidget* parent) : QAbstractButton(parent)
{
    setText(text);
    setCheckable(true);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize Switch::sizeHint() const
{
    const Theme& theme = currentTheme();
    const int label = text().isEmpty() ? 0 : QFontMetrics(theme.body).horizontalAdvance(text()) + theme.px(10);
    return {theme.px(34) + label, theme.px(24)};
}

void Switch::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF track(1.5, (height() - theme.px(18)) / 2 + 0.5, theme.px(32) - 1, theme.px(18) - 1);
    painter.setPen(isChecked() ? theme.accentFill : theme.borderControl);
    painter.setBrush(isChecked() ? theme.accentFill : theme.bgPanel);
    painter.drawRoundedRect(track, track.height() / 2, track.height() / 2);
    const qreal inset = isChecked() ? 1.5 : 2.5;
    const qreal knob = track.height() - 2 * inset;
    const qreal x = isChecked() ? track.right() - knob - inset : track.left() + inset;
    painter.setPen(Qt::NoPen);
    painter.setBrush(isChecked() ? theme.accentOnFill : theme.borderControl);
    painter.drawEllipse(QRectF(x, track.top() + inset, knob, knob));
    painter.setFont(theme.body);
    painter.setPen(isEnabled() ? theme.textPrimary : theme.textDisabled);
    painter.drawText(rect().adjusted(theme.px(42), 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
    if (hasKeyboardFocus(*this)) drawFocusRing(painter, track.adjusted(-0.5, -0.5, 0.5, 0.5), track.height() / 2);
}

ComboBox::ComboBox(QWidget* parent) : QComboBox(parent)
{
    setFocusPolicy(Qt::StrongFocus);
}

void ComboBox::paintEvent(QPaintEvent* event)
{
    QComboBox::paintEvent(event);
    const int size = currentTheme().px(16);
    QPainter painter(this);
    painter.drawPixmap(width() - size - currentTheme().px(8), (height() - size) / 2,
                       iconPixmap(QStringLiteral("down"), size,
                                  isEnabled() ? currentTheme().textSecondary : currentTheme().textDisabled,
                                  devicePixelRatioF()));
}

void ComboBox::wheelEvent(QWheelEvent* event)
{
    if (hasFocus())
        QComboBox::wheelEvent(event);
    else
        event->ignore();
}

}  // namespace preflab
