// SPDX-License-Identifier: GPL-3.0-or-later
// One run as the window sees it, whether it computes now or ended long ago.
#pragma once

#include "core/base/error.h"
#include "core/runs/run.h"
#include "core/runs/run_store.h"
#include "core/runs/sample_answers.h"
#include "ui/models/runs/metrics_store.h"

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// What a run is doing, or how it ended. Loading: an old run's log is still being read.
enum class RunState {
    Loading,
    Waiting,
    Running,
    Paused,
    Stopping,
    Finished,
    Cancelled,
    Failed,
    Interrupted,
    Unreadable
};

/// True for a run that waits, computes or pauses.
bool isActive(RunState state);

/// Why a run failed.
struct RunFailure {
    std::int64_t step = 0;  ///< the last one that was taken
    QString sentence;       ///< what happened, why, what to do
    QString details;        ///< technical text; may be empty
};

/// A checkpoint that can be used.
struct RunCheckpoint {
    std::int64_t step = 0;
    std::string folder;  ///< below the run's folder
};

/// What an old run's log held, read in one go. Made on any thread.
struct RunReplay {
    std::shared_ptr<const RunLog> log;
    MetricsStore metrics;
    std::vector<RunEvent> events;
};
/// Reads all that is visible of a log.
RunReplay replayOf(std::shared_ptr<const RunLog> log);

/// Follows a run's log with its own cursor: every 50 ms while somebody looks, every 500 ms otherwise, with one
/// `metricsArrived` for whatever came. Everything that views show of a run is here; they compute nothing. UI thread.
class RunController : public QObject {
    Q_OBJECT

public:
    /// Of a run that waits or computes.
    RunController(RunRecord record, std::shared_ptr<Run> run, QObject* parent = nullptr);
    /// Of a run that is over: Loading until `adopt` or `setUnreadable`.
    explicit RunController(RunRecord record, QObject* parent = nullptr);
    ~RunController() override;
    Q_DISABLE_COPY_MOVE(RunController)

    /// Gives an old run what it logged.
    void adopt(RunReplay replay);
    /// The old run's log cannot be read.
    void setUnreadable(const Error& error);
    /// Name and note as they are now.
    void setRecord(const RunRecord& record);

    const RunRecord& record() const { return m_record; }
    QString id() const { return QString::fromStdString(m_record.id); }
    QString name() const { return QString::fromStdString(m_record.name); }
    RunState state() const { return m_state; }
    bool isActive() const { return preflab::isActive(m_state); }
    /// The state as a word: "training", "paused", "finished".
    QString stateText() const;
    const std::optional<RunFailure>& failure() const { return m_failure; }
    /// Why the log of an old run cannot be read, or why news could not be stored (they are kept and tried again).
    const std::optional<Error>& trouble() const { return m_trouble; }
    /// Why the run waits with weights that it cannot save (a full disk); empty while nothing is in its way.
    QString hindrance() const;

    /// The log itself; null while it is read.
    std::shared_ptr<const RunLog> log() const { return m_log; }
    const MetricsStore& metrics() const { return m_metrics; }
    const std::vector<RunEvent>& events() const { return m_events; }
    const std::vector<SampleAnswer>& samples() const { return m_samples; }
    const std::vector<RunCheckpoint>& checkpoints() const { return m_checkpoints; }

    /// What it does now, with how far it is.
    const RunProgress& progress() const { return m_progress; }
    std::int64_t step() const { return m_step; }
    /// All steps of the run; 0 while unknown.
    std::int64_t totalSteps() const { return m_totalSteps; }
    /// Steps taken of all, 0 to 1.
    double share() const;
    double epoch() const { return m_metrics.last("epoch"); }  ///< NaN: unknown
    double elapsedSeconds() const;                            ///< pauses left out
    double secondsLeft() const { return m_secondsLeft; }      ///< -1: unknown
    double tokensPerSecond() const { return m_metrics.recentMean("pair_tokens_per_second", 10); }
    std::uint64_t memoryBytes() const { return m_memoryBytes; }  ///< the program's peak; 0: unknown
    double learningRate() const { return m_metrics.last("learning_rate"); }
    double gradientNorm() const { return m_metrics.last("grad_norm"); }

    void pause();
    void resume();
    /// Saves a checkpoint after the current step and goes on.
    void saveNow();
    /// Finishes the step, saves a checkpoint and ends.
    void stopAndSave();
    /// Ends as soon as possible without saving.
    void cancel();

    /// A view is looking: news come every 50 ms until as many `unwatch`.
    void watch();
    void unwatch();
    /// Reads what there is now.
    void drain();

Q_SIGNALS:
    void metricsArrived();
    void eventsArrived();
    void progressChanged();
    void stateChanged();
    /// Name or note.
    void recordChanged();
    /// The run that was active is over.
    void ended();

private:
    void updateTimer();
    void takeEvents(std::vector<RunEvent> events);
    void takeProgress();
    void takeEnd();
    RunState liveState() const;
    void setState(RunState state);

    RunRecord m_record;
    std::shared_ptr<Run> m_run;  ///< null once it is over
    std::shared_ptr<const RunLog> m_log;
    RunCursor m_cursor;
    RunState m_state = RunState::Loading;
    std::optional<RunFailure> m_failure;
    std::optional<Error> m_trouble;
    MetricsStore m_metrics;
    std::vector<RunEvent> m_events;
    std::vector<SampleAnswer> m_samples;
    std::vector<RunCheckpoint> m_checkpoints;
    RunProgress m_progress;
    std::int64_t m_step = 0, m_totalSteps = 0;
    double m_secondsLeft = -1.0;
    std::uint64_t m_memoryBytes = 0;
    QElapsedTimer m_sinceMetrics, m_sinceMemory, m_sinceProgress;
    QTimer m_timer;
    int m_watchers = 0;
    bool m_hasStarted = false;
};

/// Looks at a controller as long as it lives.
class RunWatch {
public:
    explicit RunWatch(std::shared_ptr<RunController> controller) : m_controller(std::move(controller))
    {
        m_controller->watch();
    }
    ~RunWatch() { m_controller->unwatch(); }
    Q_DISABLE_COPY_MOVE(RunWatch)

private:
    std::shared_ptr<RunController> m_controller;
};

}  // namespace preflab
