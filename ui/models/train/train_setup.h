// SPDX-License-Identifier: GPL-3.0-or-later
// Composing a run in an open project: the draft with everything around it that has to be opened, counted, estimated.
#pragma once

#include "core/data/view/row_use.h"
#include "ui/models/train/draft_checks.h"
#include "ui/models/train/loss_preview_model.h"
#include "ui/models/train/run_draft.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace preflab {

class ComputeJob;
class DatasetSession;
class Workspace;

/// Time and memory of all runs of a draft.
struct DraftEstimate {
    std::vector<Estimate> runs;  ///< one for each method
    double seconds() const;
    /// Of the run that needs most.
    const Estimate& largest() const;
};

/// Shared by Train page and wizard, so that what is set in one stands in the other, and kept with the project. UI
/// thread.
class TrainSetup : public QObject {
    Q_OBJECT

public:
    explicit TrainSetup(Workspace& workspace, QObject* parent = nullptr);
    ~TrainSetup() override;
    Q_DISABLE_COPY_MOVE(TrainSetup)

    Workspace& workspace() const { return m_workspace; }
    RunDraft& draft() { return m_draft; }
    const RunDraft& draft() const { return m_draft; }
    LossPreviewModel& preview() { return m_preview; }

    const std::vector<DraftFinding>& findings() const { return m_findings; }
    /// The first problem; none when training can start.
    const DraftFinding* problem() const;
    /// What a maximum length of the draft costs; nothing until tokens are counted.
    std::optional<TruncationSummary> truncation() const;

    /// Of these settings; nothing until a step was timed, or when they changed since.
    const std::optional<DraftEstimate>& estimate() const { return m_estimate; }
    bool isEstimating() const { return m_job != nullptr; }
    /// What the estimate is doing now.
    const QString& estimatePhase() const { return m_estimatePhase; }
    const std::optional<Error>& estimateError() const { return m_estimateError; }
    /// Why no step can be tried now; empty when one can.
    QString estimateObstacle() const;
    /// Times one step of each run.
    void tryOneStep();
    void cancelEstimate();

    /// Makes the draft like a run of the project, with its model and its pairs.
    void takeRun(const QString& run);
    /// Queues the runs, unless there is a problem. Ends in `started`, or in the project's own failed().
    void start();
    bool isStarting() const { return m_isStarting; }

Q_SIGNALS:
    void findingsChanged();
    void estimateChanged();  ///< there, outdated, begun, ended
    void startingChanged();
    void started(const QStringList& runs);

private:
    void takeProject();
    void takeModel();
    void takeDataset();
    void takeData();
    void countUse();
    void countTokens();
    void noteChange();
    void saveDraft();
    void updateFindings();
    void estimateNext();
    void takeEstimate();
    void estimateWhenIdle();
    QString estimateKey() const;

    Workspace& m_workspace;
    RunDraft m_draft;
    LossPreviewModel m_preview;
    QPointer<DatasetSession> m_dataset;
    std::vector<DraftFinding> m_findings;
    QTimer m_checkSoon;  ///< several changes, one check
    QTimer m_saveSoon;
    QTimer m_estimateSoon;  ///< a person goes on typing for a while
    QTimer m_countSoon;     ///< many rows, one count
    RowUse m_use;           ///< of m_dataset
    quint64 m_useGeneration = 0;
    std::unique_ptr<ComputeJob> m_job;
    std::vector<RunSpec> m_toEstimate;
    DraftEstimate m_estimating;
    QString m_estimatingKey;
    QString m_estimatePhase;
    std::optional<DraftEstimate> m_estimate;
    QString m_estimateKey;
    std::optional<Error> m_estimateError;
    QString m_countedKey;
    bool m_isStarting = false;
    bool m_isRestoring = false;
};

}  // namespace preflab
