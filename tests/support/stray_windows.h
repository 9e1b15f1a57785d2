// SPDX-License-Identifier: GPL-3.0-or-later
// Notices widgets that are shown before they have a parent: they flash as windows of their own and take the keyboard.
#pragma once

#include "support/accessibility_walk.h"

#include <QApplication>
#include <QDialog>
#include <QEvent>
#include <QLabel>
#include <QMenu>
#include <QStringList>
#include <QWidget>

namespace preflab::test {

/// Watches the whole application while it lives.
class StrayWindows : public QObject {
public:
    StrayWindows() { qApp->installEventFilter(this); }

    /// What was shown as a window though it is none.
    const QStringList& found() const { return m_found; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Show && watched->isWidgetType()) note(*static_cast<QWidget*>(watched));
        return false;
    }

private:
    void note(const QWidget& widget)
    {
        const bool isWindow = widget.inherits("preflab::MainWindow") || widget.inherits("QComboBoxPrivateContainer");
        if (!widget.isWindow() || widget.parentWidget() != nullptr || isWindow) return;
        if (qobject_cast<const QMenu*>(&widget) != nullptr || qobject_cast<const QDialog*>(&widget) != nullptr) return;
        const auto* label = qobject_cast<const QLabel*>(&widget);
        m_found.push_back(placeOf(widget) +
                          (label != nullptr ? QStringLiteral(" \"%1\"").arg(label->text()) : QString()));
    }

    QStringList m_found;
};

}  // namespace preflab::test
