// SPDX-License-Identifier: GPL-3.0-or-later
// One recent project as a line to click.
#pragma once

#include <QAbstractButton>
#include <QPersistentModelIndex>

class QLabel;

namespace preflab {

class Badge;

/// Name, running job, contents, when. Grey when the project is gone.
class RecentRow : public QAbstractButton {
    Q_OBJECT

public:
    explicit RecentRow(const QModelIndex& index, QWidget* parent = nullptr);

    /// Takes what the model says now.
    void refresh();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void findWanted();
    void removeWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void elideName();

    QPersistentModelIndex m_index;
    QLabel* m_name;
    Badge* m_job;
    QLabel* m_contents;
    QLabel* m_when;
    QWidget* m_remedies;
    bool m_isGone = false;
};

}  // namespace preflab
