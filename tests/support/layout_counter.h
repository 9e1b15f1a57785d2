// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a change lays a window out anew.
#pragma once

#include <QCoreApplication>
#include <QEvent>
#include <QWidget>

#include <utility>

namespace preflab::test {

/// Counts how often a widget is asked to lay itself out.
class LayoutCounter : public QObject {
public:
    explicit LayoutCounter(QWidget& widget) { widget.installEventFilter(this); }

    /// Since the last call, with what has been asked for until now.
    int take()
    {
        QCoreApplication::sendPostedEvents();
        return std::exchange(m_layouts, 0);
    }

    bool eventFilter(QObject*, QEvent* event) override
    {
        m_layouts += event->type() == QEvent::LayoutRequest ? 1 : 0;
        return false;
    }

private:
    int m_layouts = 0;
};

}  // namespace preflab::test
