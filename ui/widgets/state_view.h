// SPDX-License-Identifier: GPL-3.0-or-later
// Empty, Loading and Error, the same on every page.
#pragma once

#include "core/base/error.h"

#include <QStackedWidget>
#include <QTimer>

#include <functional>

class QLabel;
class QVBoxLayout;

namespace preflab {

class Button;

/// Shows its content, or one of the three states in its place. Loading appears after 150 ms, so that what is quick does
/// not flicker.
class StateView : public QStackedWidget {
    Q_OBJECT

public:
    explicit StateView(QWidget* content, QWidget* parent = nullptr);

    /// A button of a state.
    struct Action {
        QString text;
        std::function<void()> run;
    };

    void showContent();
    void showEmpty(const QString& icon, const QString& title, const QString& sentence, const Action& action = {});
    /// `text` says what and how far ("Reading rows: 214 000 of 1 000 000"); with `cancel` there is a button for it.
    void showLoading(const QString& text, std::function<void()> cancel = {});
    void showError(const QString& title, const Error& error, const Action& wayOut = {});
    /// The same for a failure that already has its sentence; `details` may be empty.
    void showError(const QString& title, const QString& sentence, const QString& details, const Action& wayOut = {});
    bool isShowingContent() const { return currentIndex() == 0; }
    /// "content", "empty", "loading", "error".
    QString state() const { return m_state; }

private:
    QWidget* makePanel(const QString& icon, const QString& token, const QString& title, const QString& sentence,
                       const QList<Action>& actions, const QString& details);
    void replaceState(QWidget* panel, const QString& state);

    QWidget* m_panel = nullptr;
    QLabel* m_loadingText = nullptr;
    QString m_state = QStringLiteral("content");
    QTimer m_delay;
    std::function<void()> m_cancel;
};

}  // namespace preflab
