// SPDX-License-Identifier: GPL-3.0-or-later
// The loss preview of a run being composed: follows every step of the slider, computed off the UI thread.
#pragma once

#include "ui/models/train/loss_curves.h"
#include "ui/models/train/run_draft.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QThreadPool>

#include <memory>
#include <optional>
#include <vector>

namespace preflab {

class ComputeJob;
class RunCenter;

/// Where margins come from.
struct MarginSource {
    QString id;  ///< empty: the model before training; otherwise a run
    QString title;
};

/// Draws the method of the draft; of a matched pair, the one that is shown. UI thread; the backend outlives it.
class LossPreviewModel : public QObject {
    Q_OBJECT

public:
    LossPreviewModel(const Backend& backend, RunDraft& draft, QObject* parent = nullptr);
    ~LossPreviewModel() override;
    Q_DISABLE_COPY_MOVE(LossPreviewModel)

    /// The project's runs, for margins of earlier ones; null without a project.
    void setRuns(RunCenter* runs);

    /// Nothing before the first curve was computed, and for methods without pairs.
    const std::optional<LossCurves>& preview() const { return m_preview; }
    /// The method drawn.
    const ComponentDescription* method() const;
    void showMethod(const std::string& id);
    /// Name of the parameter drawn: "Beta"; empty for methods without one.
    QString strengthLabel() const;
    /// What the horizontal axis is.
    QString marginLabel() const;
    /// What the curve means for the pairs, in one sentence.
    QString sentence() const;

    std::vector<MarginSource> sources() const;
    const QString& source() const { return m_source; }
    /// Takes margins of another source; scores pairs when they are not known yet and that source has to be asked.
    void setSource(const QString& id);
    /// The margins are computed by a model, and were not computed yet.
    bool needsScores() const;
    /// Scores up to 256 pairs; from then on they are remembered.
    void computeScores();
    void cancelScores();
    bool isScoring() const { return m_job != nullptr; }
    /// Scored pairs so far.
    int scoredPairs() const;
    const std::optional<Error>& scoreError() const { return m_scoreError; }

Q_SIGNALS:
    void previewChanged();
    void sourcesChanged();
    void scoringChanged();

private:
    struct Scores;
    const ParamSpec* strength() const;
    bool startsAtZero() const;
    QString scoreKey() const;
    std::shared_ptr<const Scores> scores() const;
    std::optional<ScoreRequest> scoreRequest() const;
    std::optional<LossCurvesInput> input() const;
    void update();
    void compute();
    void takeScores();
    void takeSources();

    const Backend& m_backend;
    RunDraft& m_draft;
    QPointer<RunCenter> m_runs;
    std::string m_method;
    QString m_source;
    std::optional<LossCurves> m_preview;
    QHash<QString, std::shared_ptr<const Scores>> m_scores;  ///< by model, data, run and recipe
    std::unique_ptr<ComputeJob> m_job;
    QString m_jobKey;
    std::optional<Error> m_scoreError;
    bool m_isComputing = false;
    bool m_isStale = false;  ///< something changed while it computed
    QThreadPool m_pool;      ///< last: its jobs end first
};

}  // namespace preflab
