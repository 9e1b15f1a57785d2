// SPDX-License-Identifier: GPL-3.0-or-later
// The recent projects of the first page, one line each.
#pragma once

#include <QFrame>
#include <QString>

class QVBoxLayout;

namespace preflab {

class RecentProjectsModel;

/// A card of rows, at most five until the user wants all; one sentence when there are none.
class RecentList : public QFrame {
    Q_OBJECT

public:
    explicit RecentList(RecentProjectsModel& model, QWidget* parent = nullptr);

    /// Shows the ones beyond the fifth, too.
    void showAll();

Q_SIGNALS:
    void openWanted(int row);
    /// A project that is gone: the user knows where it is.
    void findWanted(int row);
    void removeWanted(int row);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void rebuild();
    void refresh();
    QWidget* makeRow(int row);

    RecentProjectsModel& m_model;
    QVBoxLayout* m_layout;
    bool m_isShowingAll = false;
};

}  // namespace preflab
