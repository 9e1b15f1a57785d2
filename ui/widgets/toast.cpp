// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that leave by themselves.
#include "ui/widgets/toast.h"

#include "ui/theme/focus_ring.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QVBoxLayout>

#include <memory>

namespace preflab {
namespace {

constexpr int kMostToasts = 3;

}  // namespace

Toast::Toast(const QString& text, Kind kind, int stay, const QString& actionText, std::function<void()> action,
             QWidget* parent)
    : QFrame(parent)
{
    const Theme& theme = currentTheme();
    const bool isFailure = kind == Kind::Failure;
    setProperty("role", QStringLiteral("raised"));
    setAccessibleName(text);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(12), theme.px(6), theme.px(6), theme.px(6));
    layout->setSpacing(0);
    layout->addWidget(new IconLabel(isFailure ? QStringLiteral("error") : QStringLiteral("check"),
                                    isFailure ? QStringLiteral("danger") : QStringLiteral("ok")));
    layout->addSpacing(theme.px(10));
    QLabel* label = makeLabel(text);
    label->setWordWrap(true);
    layout->addWidget(label, 1);
    if (action) {
        auto* button = new Button(actionText, Button::Kind::Link);
        connect(button, &Button::clicked, this, [action = std::move(action)] { action(); });
        addButton(button);
    }
    auto* close = new Button({}, QStringLiteral("close"), Button::Kind::Bare);
    close->setAccessibleName(tr("Close this message"));
    close->setToolTip(tr("Close"));
    addButton(close);
    if (isFailure || stay == kStays) return;
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, [this] {
        if (!isInUse()) deleteLater();
    });
    timer->start(stay);
}

void Toast::addButton(Button* button)
{
    button->setDense();
    layout()->addWidget(button);
    connect(button, &Button::clicked, this, &QObject::deleteLater);
}

bool Toast::isInUse() const
{
    // A window that comes up may give the focus to whatever is first: that is nobody's interest in this message.
    const QWidget* focus = QApplication::focusWidget();
    return underMouse() || (focus != nullptr && isAncestorOf(focus) && FocusRing::isByKeyboard());
}

ToastArea::ToastArea(QWidget* window) : QWidget(window), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(currentTheme().px(8));
    hide();
}

void ToastArea::show(const QString& text, Kind kind, const QString& actionText, std::function<void()> action)
{
    auto* toast = new Toast(text, kind, m_stay, actionText, std::move(action));
    while (m_layout->count() >= kMostToasts) {
        // Later: its own button may be what asked for the new message.
        const std::unique_ptr<QLayoutItem> oldest(m_layout->takeAt(0));
        oldest->widget()->hide();
        oldest->widget()->deleteLater();
    }
    m_layout->addWidget(toast);
    connect(toast, &QObject::destroyed, this, [this] { QTimer::singleShot(0, this, [this] { place(); }); });
    place();
}

int ToastArea::shown() const
{
    return m_layout->count();
}

void ToastArea::place()
{
    if (m_layout->count() == 0) return hide();
    const Theme& theme = currentTheme();
    const QWidget* window = parentWidget();
    const int width = theme.px(320);
    const int height = m_layout->hasHeightForWidth() ? m_layout->heightForWidth(width) : m_layout->sizeHint().height();
    setGeometry(window->width() - width - theme.px(16), window->height() - height - theme.px(26 + 12), width, height);
    raise();
    // Shown where it stays: a pointer that it passed over would count as somebody's interest.
    setVisible(true);
}

}  // namespace preflab
