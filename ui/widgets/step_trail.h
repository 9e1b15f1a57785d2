// SPDX-License-Identifier: GPL-3.0-or-later
// The wizard's trail of numbered steps.
#pragma once

#include <QStringList>
#include <QWidget>

namespace preflab {

/// Steps done have a tick and can be clicked; the current one is filled; those to come are grey.
class StepTrail : public QWidget {
    Q_OBJECT

public:
    explicit StepTrail(const QStringList& steps, QWidget* parent = nullptr);
    void setCurrent(int step);
    int current() const { return m_current; }
    /// The furthest step that may be clicked.
    void setReached(int step);
    QSize sizeHint() const override;

Q_SIGNALS:
    void clicked(int step);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int widthOf(int step) const;
    void describe();

    QStringList m_steps;
    int m_current = 0;
    int m_reached = 0;
};

}  // namespace preflab
