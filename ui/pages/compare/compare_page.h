// SPDX-License-Identifier: GPL-3.0-or-later
// Runs side by side: what they did better on held-out pairs, how they were set, how they moved, what they answer.
#pragma once

#include "ui/models/compare/comparison_set.h"
#include "ui/widgets/page.h"

class QHBoxLayout;
class QStackedWidget;

namespace preflab {

class Badge;
class Button;
class CompareAnswers;
class CompareCurves;
class CompareOverview;
class ComboBox;
class StateView;
class Workspace;

/// Without a choice it takes the project's latest two finished runs of different methods, or its latest two.
class ComparePage : public Page {
    Q_OBJECT

public:
    explicit ComparePage(Workspace& workspace, QWidget* parent = nullptr);
    ~ComparePage() override;
    /// `run` may name several runs, separated by commas.
    void arrive(const Destination& destination) override;
    ComparisonSet& set() { return m_set; }

private:
    QWidget* makeBar();
    void followProject();
    void chooseRuns();
    bool isFinished(const QStringList& runs) const;
    void showRuns();
    void showComparison();
    void showTrouble(const RunController& run);

    Workspace& m_workspace;
    ComparisonSet m_set;
    StateView* m_state;
    QStackedWidget* m_tabs;
    CompareOverview* m_overview;
    CompareCurves* m_curves;
    CompareAnswers* m_answers;
    QHBoxLayout* m_chips = nullptr;
    ComboBox* m_add = nullptr;
    Badge* m_matched = nullptr;
    Button* m_report = nullptr;
    bool m_isChosen = false;  ///< by the user or a link, not by default
};

}  // namespace preflab
