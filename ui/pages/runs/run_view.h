// SPDX-License-Identifier: GPL-3.0-or-later
// One run: header with what can be done to it, progress, curves, answers, settings, log.
#pragma once

#include "ui/models/app/destination.h"
#include "ui/models/runs/run_center.h"

#include <QFrame>

#include <functional>
#include <memory>

class QLabel;
class QStackedWidget;

namespace preflab {

class Badge;
class Button;
class LiveCurves;
class Note;
class PageHeader;
class StateView;

/// Made anew for each run that is shown.
class RunView : public QFrame {
    Q_OBJECT

public:
    RunView(RunCenter& center, std::shared_ptr<RunController> run, QWidget* parent = nullptr);
    ~RunView() override;

    RunController& run() const { return *m_run; }
    /// "curves", "answers", "settings", "log".
    void showTab(const QString& id);
    QString currentTab() const;
    LiveCurves& curves() const { return *m_curves; }
    /// It fills its page (see Page).
    bool hasHeightForWidth() const override { return false; }

Q_SIGNALS:
    void backWanted();
    void wentTo(const preflab::Destination& destination);
    void toastWanted(const QString& text, const QString& actionText, std::function<void()> action);
    void failed(const preflab::Error& error);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void makeHeader();
    QWidget* makeContext();
    void makeActions();
    void makeTabs(const ComponentDescription& method);
    void updateState();
    void updateNote();
    QString interruptedText() const;
    QString alarmText() const;
    QString outcomeText() const;

    RunCenter& m_center;
    std::shared_ptr<RunController> m_run;
    std::unique_ptr<RunWatch> m_watch;  ///< while it is visible
    PageHeader* m_header;
    QLabel* m_name = nullptr;
    Badge* m_badge = nullptr;
    Button *m_pause = nullptr, *m_save = nullptr, *m_stop = nullptr, *m_again = nullptr, *m_compare = nullptr;
    Note* m_note;
    StateView* m_state = nullptr;
    QStackedWidget* m_tabs;
    LiveCurves* m_curves = nullptr;
};

}  // namespace preflab
