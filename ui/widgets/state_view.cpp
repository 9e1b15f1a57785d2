// SPDX-License-Identifier: GPL-3.0-or-later
// The three states.
#include "ui/widgets/state_view.h"

#include "ui/models/app/error_text.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace preflab {
namespace {

/// Grey bars where rows will be.
class LoadingBars : public QWidget {
public:
    LoadingBars()
    {
        keepMetrics(*this, [this] { setFixedHeight(currentTheme().px(73)); });
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.bgHover);
        int y = 0;
        for (const double share : {0.86, 0.64, 0.78, 0.52}) {
            painter.drawRoundedRect(QRectF(0, y, width() * share, theme.px(10)), 3, 3);
            y += theme.px(21);
        }
    }
};

QLabel* wrapped(const QString& text, const char* role, const char* tone)
{
    QLabel* label = makeLabel(text, role, tone);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignHCenter);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

}  // namespace

StateView::StateView(QWidget* content, QWidget* parent) : QStackedWidget(parent)
{
    addWidget(content);
    m_delay.setSingleShot(true);
    m_delay.setInterval(150);
    connect(&m_delay, &QTimer::timeout, this, [this] { setCurrentIndex(count() - 1); });
}

void StateView::replaceState(QWidget* panel, const QString& state)
{
    m_delay.stop();
    if (m_panel != nullptr) {
        removeWidget(m_panel);
        m_panel->deleteLater();
    }
    m_loadingText = nullptr;
    m_panel = panel;
    m_state = state;
    if (panel != nullptr) addWidget(panel);
}

void StateView::showContent()
{
    if (m_state == QLatin1String("content")) return;
    replaceState(nullptr, QStringLiteral("content"));
    setCurrentIndex(0);
}

QWidget* StateView::makePanel(const QString& icon, const QString& token, const QString& title, const QString& sentence,
                              const QList<Action>& actions, const QString& details)
{
    const Theme& theme = currentTheme();
    auto* panel = new QWidget;
    auto* outer = new QHBoxLayout(panel);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* middle = new QWidget;
    middle->setMaximumWidth(theme.px(480));
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.px(6));
    outer->addStretch(1);
    outer->addWidget(middle, 1000);
    outer->addStretch(1);
    column->addStretch(1);
    column->addWidget(new IconLabel(icon, token), 0, Qt::AlignHCenter);
    column->addWidget(wrapped(title, "heading", ""));
    column->addWidget(wrapped(sentence, "small", ""));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, theme.px(6), 0, 0);
    row->setSpacing(theme.px(8));
    row->addStretch(1);
    for (const Action& action : actions) {
        if (action.text.isEmpty()) continue;
        auto* button = new Button(action.text);
        button->setDense();
        connect(button, &Button::clicked, this, [run = action.run] { run(); });
        row->addWidget(button);
    }
    QLabel* more = wrapped(details, "mono", "muted");
    more->setVisible(false);
    if (!details.isEmpty()) {
        auto* toggle = new Button(tr("Details"), Button::Kind::Bare);
        toggle->setDense();
        connect(toggle, &Button::clicked, more, [more] { more->setVisible(!more->isVisible()); });
        row->addWidget(toggle);
    }
    row->addStretch(1);
    column->addLayout(row);
    column->addWidget(more);
    column->addStretch(1);
    return panel;
}

void StateView::showEmpty(const QString& icon, const QString& title, const QString& sentence, const Action& action)
{
    replaceState(makePanel(icon, QStringLiteral("text.muted"), title, sentence, {action}, {}), QStringLiteral("empty"));
    setCurrentIndex(count() - 1);
}

void StateView::showError(const QString& title, const Error& error, const Action& wayOut)
{
    showError(title, errorText(error), errorDetails(error), wayOut);
}

void StateView::showError(const QString& title, const QString& sentence, const QString& details, const Action& wayOut)
{
    replaceState(makePanel(QStringLiteral("error"), QStringLiteral("danger"), title, sentence, {wayOut}, details),
                 QStringLiteral("error"));
    setCurrentIndex(count() - 1);
}

void StateView::showLoading(const QString& text, std::function<void()> cancel)
{
    m_cancel = std::move(cancel);
    if (m_state == QLatin1String("loading")) {
        m_loadingText->setText(text);
        return;
    }
    const Theme& theme = currentTheme();
    auto* panel = new QWidget;
    auto* column = new QVBoxLayout(panel);
    // A card has its margins already; a page has none.
    const int margin = qobject_cast<Card*>(parentWidget()) != nullptr ? 0 : theme.px(24);
    column->setContentsMargins(margin, margin, margin, margin);
    column->setSpacing(theme.px(15));
    column->addStretch(1);
    column->addWidget(new LoadingBars);
    auto* row = new QHBoxLayout;
    QLabel* label = makeLabel(text, "small");
    row->addWidget(label, 1);
    if (m_cancel) {
        auto* button = new Button(tr("Cancel"));
        button->setDense();
        button->setKey(QStringLiteral("Esc"));
        connect(button, &Button::clicked, this, [this] {
            if (m_cancel) m_cancel();
        });
        row->addWidget(button);
    }
    column->addLayout(row);
    column->addStretch(1);
    replaceState(panel, QStringLiteral("loading"));
    m_loadingText = label;
    m_delay.start();
}

}  // namespace preflab
