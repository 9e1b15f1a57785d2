// SPDX-License-Identifier: GPL-3.0-or-later
// Beside the curves: what they say, and what the model answers now.
#pragma once

#include "core/runs/backend.h"
#include "core/runs/run_findings.h"
#include "ui/models/runs/run_controller.h"

#include <QElapsedTimer>
#include <QFrame>
#include <QString>

#include <memory>
#include <vector>

class QLabel;
class QVBoxLayout;

namespace preflab {

class Badge;
class FindingRow;
class PairText;

/// Looks again at most every three seconds while metrics arrive.
class FindingsPanel : public QFrame {
    Q_OBJECT

public:
    FindingsPanel(std::shared_ptr<RunController> run, ComponentDescription method, QWidget* parent = nullptr);

    const std::vector<RunFinding>& findings() const { return m_findings; }

Q_SIGNALS:
    void findingsChanged();
    /// Show the stretch in the curves.
    void showWanted(const preflab::RunFinding& finding);
    void answersWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeHead(const QString& title, QWidget* end);
    void look();
    void rebuild();
    void showSample();
    void fitAnswer();

    std::shared_ptr<RunController> m_run;
    ComponentDescription m_method;
    std::vector<RunFinding> m_findings;
    std::vector<FindingRow*> m_rows;  ///< one for each of them
    QElapsedTimer m_sinceLook;
    Badge* m_count;
    QVBoxLayout* m_list;
    QLabel* m_nothing;
    QWidget* m_sampleHead;
    QLabel* m_sampleSteps;
    QLabel* m_prompt;
    PairText* m_answer;
    QWidget* m_sample;
};

}  // namespace preflab
