// SPDX-License-Identifier: GPL-3.0-or-later
// The window's edges: navigation rail at the left, status bar below.
#pragma once

#include "ui/models/app/destination.h"

#include <QFrame>
#include <QHash>

class QAbstractButton;
class QButtonGroup;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace preflab {

class IconLabel;

/// 72 wide; Ctrl+1..6 and Ctrl+, choose.
class NavigationRail : public QFrame {
    Q_OBJECT

public:
    explicit NavigationRail(QWidget* parent = nullptr);
    void setCurrent(PageId page);
    /// The dot at Runs while something trains.
    void setRunning(bool isRunning);

Q_SIGNALS:
    void chosen(preflab::PageId page);

private:
    void addEntry(PageId page, const QString& icon, const QString& text, const QString& key, QVBoxLayout& layout);

    QButtonGroup* m_group;
    QHash<PageId, QToolButton*> m_entries;
};

/// 26 high: project, saved state, running job, device, commands.
class StatusBar : public QFrame {
    Q_OBJECT

public:
    explicit StatusBar(QWidget* parent = nullptr);
    void setProject(const QString& name);
    /// "Saved · journal 17"; with a failure: the sentence, in danger's colour.
    void setSaved(const QString& text, bool isFailure = false);
    /// Empty: "No run in progress".
    void setJob(const QString& text);
    void setDevice(const QString& text);

Q_SIGNALS:
    void jobClicked();
    void commandsWanted();

private:
    QLabel* m_project;
    IconLabel* m_savedIcon;
    QLabel* m_saved;
    QLabel* m_idle;
    QAbstractButton* m_job;
    QLabel* m_device;
};

}  // namespace preflab
