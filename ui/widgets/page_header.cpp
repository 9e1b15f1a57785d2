// SPDX-License-Identifier: GPL-3.0-or-later
// Title, context, tabs, actions in a row.
#include "ui/widgets/page_header.h"

#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QShortcut>
#include <QTabBar>

namespace preflab {
namespace {

/// Tabs keep the width of their bold text, so that choosing one moves nothing.
class HeaderTabs : public QTabBar {
public:
    using QTabBar::QTabBar;

protected:
    QSize tabSizeHint(int index) const override
    {
        const Theme& theme = currentTheme();
        return {QFontMetrics(theme.strong).horizontalAdvance(tabText(index)) + theme.px(26), theme.px(51)};
    }
};

}  // namespace

PageHeader::PageHeader(const QString& title, QWidget* parent)
    : QFrame(parent), m_layout(new QHBoxLayout(this)), m_title(makeLabel(title, "heading")), m_context(new QHBoxLayout),
      m_tabs(new HeaderTabs), m_actions(new QHBoxLayout)
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("header"));
    keepMetrics(*this, [this] { setFixedHeight(currentTheme().px(52)); });
    m_layout->setContentsMargins(theme.px(16), 0, theme.px(16), 0);
    m_layout->setSpacing(theme.px(12));
    if (title.isEmpty()) m_title->hide();  // not setVisible: it has no parent yet, and would be a window
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("Views of %1").arg(title));
    m_tabs->hide();
    m_actions->setSpacing(theme.px(12));
    m_layout->addWidget(m_title);
    m_layout->addLayout(m_context);
    m_layout->addWidget(m_tabs);
    m_layout->addStretch(1);
    m_layout->addLayout(m_actions);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (index >= 0 && index < m_tabIds.size()) Q_EMIT tabChanged(m_tabIds[index]);
    });
    for (const auto& [key, step] : {std::pair("Ctrl+Tab", 1), std::pair("Ctrl+Shift+Tab", -1)}) {
        auto* shortcut = new QShortcut(QKeySequence(QLatin1String(key)), this);
        connect(shortcut, &QShortcut::activated, this, [this, by = step] {
            const int count = m_tabs->count();
            if (count > 1 && isVisible()) m_tabs->setCurrentIndex((m_tabs->currentIndex() + by + count) % count);
        });
    }
}

void PageHeader::setTitle(const QString& title)
{
    m_title->setText(title);
}

void PageHeader::setContext(QWidget* context)
{
    while (QLayoutItem* item = m_context->takeAt(0)) {
        if (item->widget() != nullptr) item->widget()->deleteLater();
        delete item;
    }
    m_context->addWidget(context);
}

void PageHeader::setMiddle(QWidget* middle)
{
    const int actions = m_layout->indexOf(m_actions);
    m_layout->insertWidget(actions, middle);
    m_layout->insertStretch(actions + 1, 1);
}

void PageHeader::addTab(const QString& id, const QString& text)
{
    m_tabIds.push_back(id);
    m_tabs->addTab(text);
    m_tabs->show();
}

void PageHeader::setCurrentTab(const QString& id)
{
    const qsizetype index = m_tabIds.indexOf(id);
    if (index >= 0) m_tabs->setCurrentIndex(static_cast<int>(index));
}

QString PageHeader::currentTab() const
{
    const int index = m_tabs->currentIndex();
    return index >= 0 && index < m_tabIds.size() ? m_tabIds[index] : QString();
}

void PageHeader::addAction(QWidget* action)
{
    m_actions->addWidget(action);
}

}  // namespace preflab
