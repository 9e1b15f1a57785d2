// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that leave by themselves.
#include "ui/widgets/toast.h"

#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QVBoxLayout>

namespace preflab {
namespace {

constexpr int kMostToasts = 3;

/// One message. Its timer waits while somebody is at it.
class Toast : public QFrame {
public:
    Toast(const QString& text, ToastArea::Kind kind, int stay) : m_kind(kind)
    {
        const Theme& theme = currentTheme();
        setProperty("role", QStringLiteral("raised"));
        setFixedWidth(theme.px(320));
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(theme.px(12), theme.px(8), theme.px(8), theme.px(8));
        layout->setSpacing(theme.px(8));
        const bool isFailure = kind == ToastArea::Kind::Failure;
        layout->addWidget(new IconLabel(isFailure ? QStringLiteral("error") : QStringLiteral("check"),
                                        isFailure ? QStringLiteral("danger") : QStringLiteral("ok")),
                          0, Qt::AlignTop);
        QLabel* label = makeLabel(text);
        label->setWordWrap(true);
        layout->addWidget(label, 1);
        m_timer.setInterval(stay);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            if (!underMouse() && !hasFocusInside()) deleteLater();
        });
        if (!isFailure) m_timer.start();
    }

    void addButton(Button* button)
    {
        button->setDense();
        layout()->addWidget(button);
        connect(button, &Button::clicked, this, &QObject::deleteLater);
    }

private:
    bool hasFocusInside() const
    {
        return focusWidget() != nullptr && focusWidget()->hasFocus();
    }

    ToastArea::Kind m_kind;
    QTimer m_timer;
};

}  // namespace

ToastArea::ToastArea(QWidget* window) : QWidget(window), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(currentTheme().px(8));
    hide();
}

void ToastArea::show(const QString& text, Kind kind, const QString& actionText, std::function<void()> action)
{
    auto* toast = new Toast(text, kind, m_stay);
    if (action) {
        auto* button = new Button(actionText, Button::Kind::Bare);
        connect(button, &Button::clicked, this, [action = std::move(action)] { action(); });
        toast->addButton(button);
    }
    auto* close = new Button({}, QStringLiteral("close"), Button::Kind::Bare);
    close->setAccessibleName(tr("Close this message"));
    toast->addButton(close);
    while (m_layout->count() >= kMostToasts) {
        QLayoutItem* oldest = m_layout->takeAt(0);
        delete oldest->widget();
        delete oldest;
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
    setVisible(m_layout->count() > 0);
    if (m_layout->count() == 0) return;
    const Theme& theme = currentTheme();
    const QWidget* window = parentWidget();
    const int width = theme.px(320);
    const int height = m_layout->hasHeightForWidth() ? m_layout->heightForWidth(width) : m_layout->sizeHint().height();
    setGeometry(window->width() - width - theme.px(16), window->height() - height - theme.px(26 + 12), width, height);
    raise();
}

}  // namespace preflab
