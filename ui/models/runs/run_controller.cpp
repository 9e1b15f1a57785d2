// SPDX-License-Identifier: GPL-3.0-or-later
// From a run's log to what views show of it.
#include "ui/models/runs/run_controller.h"

#include "core/base/system.h"
#include "core/runs/run_phases.h"
#include "ui/models/app/error_text.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace preflab {
namespace {

using namespace std::chrono_literals;

constexpr auto kWatched = 50ms;  ///< between two looks at the log while a view shows the run
constexpr auto kUnwatched = 500ms;
constexpr qint64 kMemoryEvery = 1000;   ///< milliseconds
constexpr qint64 kProgressEvery = 500;  ///< milliseconds

RunState stateOf(const std::string& outcome)
{
    if (outcome == "finished") return RunState::Finished;
    if (outcome == "cancelled") return RunState::Cancelled;
    if (outcome == "failed") return RunState::Failed;
    return RunState::Interrupted;
}

/// The steps that were ordered, where the order names them.
std::int64_t orderedSteps(const RunSpec& spec)
{
    const auto found = spec.params.find("max_steps");
    const auto* steps = found == spec.params.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
    return steps == nullptr ? 0 : std::max<std::int64_t>(*steps, 0);
}

/// How many steps the run was to have, by the event that says what it trains on; runs of older versions do not say it.
std::optional<std::int64_t> plannedSteps(const RunEvent& event)
{
    if (event.kind != RunEvent::Kind::Note || !event.data.is_object()) return std::nullopt;
    const auto found = event.data.find("steps");
    if (found == event.data.end() || !found->is_number_integer()) return std::nullopt;
    return found->get<std::int64_t>();
}

}  // namespace

bool isActive(RunState state)
{
    return state == RunState::Waiting || state == RunState::Running || state == RunState::Paused ||
           state == RunState::Stopping;
}

RunReplay replayOf(std::shared_ptr<const RunLog> log)
{
    RunReplay replay;
    RunCursor cursor;
    RunNews news = log->news(cursor);
    replay.metrics.append(news.metrics, log->metricNames());
    replay.events = std::move(news.events);
    replay.log = std::move(log);
    return replay;
}

RunController::RunController(RunRecord record, std::shared_ptr<Run> run, QObject* parent)
    : QObject(parent), m_record(std::move(record)), m_run(std::move(run)), m_log(m_run, &m_run->log()),
      m_state(RunState::Waiting), m_totalSteps(orderedSteps(m_record.spec))
{
    connect(&m_timer, &QTimer::timeout, this, &RunController::drain);
    m_sinceMemory.start();
    updateTimer();
}

RunController::RunController(RunRecord record, QObject* parent)
    : QObject(parent), m_record(std::move(record)), m_step(m_record.steps), m_totalSteps(orderedSteps(m_record.spec))
{
}

RunController::~RunController() = default;

void RunController::adopt(RunReplay replay)
{
    m_log = std::move(replay.log);
    m_metrics = std::move(replay.metrics);
    takeEvents(std::move(replay.events));
    m_step = m_metrics.lastStep();
    const RunState state = stateOf(m_record.outcome);
    if (state == RunState::Failed) m_failure = RunFailure{m_step, QString::fromStdString(m_record.reason), {}};
    if (state == RunState::Finished) m_totalSteps = m_step;
    Q_EMIT metricsArrived();
    Q_EMIT eventsArrived();
    Q_EMIT progressChanged();
    setState(state);
}

void RunController::setUnreadable(const Error& error)
{
    m_trouble = error;
    setState(RunState::Unreadable);
}

void RunController::setRecord(const RunRecord& record)
{
    const bool isRenamed = record.name != m_record.name || record.note != m_record.note;
    m_record = record;
    if (isRenamed) Q_EMIT recordChanged();
}

QString RunController::stateText() const
{
    switch (m_state) {
    case RunState::Loading:
        return tr("loading");
    case RunState::Waiting:
        return tr("waiting");
    case RunState::Running:
        return m_progress.phase == "Training" || m_step > 0 ? tr("training") : tr("preparing");
    case RunState::Paused:
        return tr("paused");
    case RunState::Stopping:
        return tr("finishing the step");
    case RunState::Finished:
        return tr("finished");
    case RunState::Cancelled:
        return tr("stopped");
    case RunState::Failed:
        return tr("failed");
    case RunState::Interrupted:
        return tr("interrupted");
    case RunState::Unreadable:
        return tr("unreadable");
    }
    return {};
}

QString RunController::hindrance() const
{
    if (!m_run || m_progress.phase != kWaitingToSave) return {};
    const auto said = std::find_if(m_events.rbegin(), m_events.rend(),
                                   [](const RunEvent& event) { return event.kind == RunEvent::Kind::Warning; });
    return said == m_events.rend() ? QString() : QString::fromStdString(said->text);
}

double RunController::share() const
{
    if (m_totalSteps <= 0) return 0.0;
    return std::clamp(static_cast<double>(m_step) / static_cast<double>(m_totalSteps), 0.0, 1.0);
}

double RunController::elapsedSeconds() const
{
    const double known = m_metrics.lastSeconds();
    if (m_state != RunState::Running || !m_sinceMetrics.isValid()) return known;
    return known + static_cast<double>(m_sinceMetrics.elapsed()) / 1000.0;
}

void RunController::pause()
{
    if (!m_run) return;
    m_run->control().pause();
    setState(liveState());
}

void RunController::resume()
{
    if (!m_run) return;
    m_run->control().resume();
    m_sinceMetrics.start();
    setState(liveState());
}

void RunController::saveNow()
{
    if (m_run) m_run->control().saveNow();
}

void RunController::stopAndSave()
{
    if (!m_run) return;
    m_run->control().stopAndSave();
    setState(liveState());
}

void RunController::cancel()
{
    if (!m_run) return;
    m_run->control().cancel();
    setState(liveState());
}

void RunController::watch()
{
    ++m_watchers;
    updateTimer();
    if (m_run) drain();
}

void RunController::unwatch()
{
    --m_watchers;
    updateTimer();
}

void RunController::updateTimer()
{
    if (!m_run) return m_timer.stop();
    m_timer.start(m_watchers > 0 ? kWatched : kUnwatched);
}

void RunController::drain()
{
    if (!m_log) return;
    // Asked before reading: whatever an ended run had to say is then in the log.
    const bool isOver = m_run && m_run->isOver();
    RunNews news = m_log->news(m_cursor);
    const bool hasMetrics = !news.metrics.empty(), hasEvents = !news.events.empty();
    m_hasStarted = m_hasStarted || hasMetrics || hasEvents;
    if (hasMetrics) {
        m_metrics.append(news.metrics, m_log->metricNames());
        m_step = m_metrics.lastStep();
        m_sinceMetrics.start();
    }
    takeEvents(std::move(news.events));
    takeProgress();
    if (hasMetrics) Q_EMIT metricsArrived();
    if (hasEvents) Q_EMIT eventsArrived();
    if (isOver) return takeEnd();
    if (m_run) setState(liveState());
}

void RunController::takeEvents(std::vector<RunEvent> events)
{
    for (RunEvent& event : events) {
        if (auto sample = sampleOf(event)) m_samples.push_back(*std::move(sample));
        if (const auto steps = plannedSteps(event)) m_totalSteps = *steps;
        if (event.kind == RunEvent::Kind::Checkpoint) m_checkpoints.push_back({event.step, event.text});
        m_events.push_back(std::move(event));
    }
}

void RunController::takeProgress()
{
    const RunProgress now = m_log->progress();
    const bool isTraining = now.phase == "Training";
    const bool isSame = now.phase == m_progress.phase && now.done == m_progress.done && now.total == m_progress.total;
    const bool isMemoryDue = m_run && (m_memoryBytes == 0 || m_sinceMemory.elapsed() >= kMemoryEvery);
    if (isMemoryDue) {
        m_memoryBytes = peakResidentMemory();
        m_sinceMemory.start();
    }
    m_trouble = m_log->storeError();
    if (isSame && !isMemoryDue) return;
    // Many views follow, and nobody reads faster; what is left for later is different then, too.
    const bool isSoon = m_sinceProgress.isValid() && m_sinceProgress.elapsed() < kProgressEvery;
    if (now.phase == m_progress.phase && isSoon) return;
    m_sinceProgress.start();
    m_hasStarted = m_hasStarted || !now.phase.empty();
    if (isTraining && now.total > 0) m_totalSteps = now.total;
    if (isTraining || m_step == 0) m_secondsLeft = now.secondsLeft;
    m_progress = now;
    Q_EMIT progressChanged();
}

RunState RunController::liveState() const
{
    if (m_run->control().isStopRequested()) return RunState::Stopping;
    if (!m_hasStarted) return RunState::Waiting;
    return m_run->control().isPaused() ? RunState::Paused : RunState::Running;
}

void RunController::takeEnd()
{
    const Outcome outcome = m_run->wait();  // is over: returns at once
    m_run.reset();
    m_secondsLeft = -1.0;
    m_record.steps = m_step;
    m_record.outcome = std::string(outcomeId(outcome));
    if (const auto* failed = std::get_if<Failed>(&outcome)) {
        m_failure = RunFailure{m_step, errorText(failed->error), errorDetails(failed->error)};
        m_record.reason = sentence(failed->error);
    }
    updateTimer();
    Q_EMIT progressChanged();
    setState(stateOf(m_record.outcome));
    Q_EMIT ended();
}

void RunController::setState(RunState state)
{
    if (state == m_state) return;
    m_state = state;
    Q_EMIT stateChanged();
}

}  // namespace preflab
