// SPDX-License-Identifier: GPL-3.0-or-later
// The bar above a page: name, context (which data, which model), tabs, actions.
#pragma once

#include <QFrame>
#include <QStringList>

class QHBoxLayout;
class QLabel;
class QTabBar;

namespace preflab {

/// 52 pixels high. Tabs are text only, reached by Ctrl+Tab too.
class PageHeader : public QFrame {
    Q_OBJECT

public:
    explicit PageHeader(const QString& title, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    /// A widget between title and tabs (a selector, a badge); the header owns it. Replaces the one before.
    void setContext(QWidget* context);
    /// Puts a widget into the middle of what is left between tabs and actions; once.
    void setMiddle(QWidget* middle);
    /// Adds a tab; `id` names it for destinations.
    void addTab(const QString& id, const QString& text);
    void setCurrentTab(const QString& id);
    QString currentTab() const;
    /// Adds a widget at the right end; the header owns it. At most one is a primary button.
    void addAction(QWidget* action);

Q_SIGNALS:
    void tabChanged(const QString& id);

private:
    QHBoxLayout* m_layout;
    QLabel* m_title;
    QHBoxLayout* m_context;
    QTabBar* m_tabs;
    QHBoxLayout* m_actions;
    QStringList m_tabIds;
};

}  // namespace preflab
