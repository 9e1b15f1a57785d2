// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing runs and comparing them off the UI thread.
#include "ui/models/compare/comparison_set.h"

#include "core/base/atomic_file.h"
#include "core/base/system.h"
#include "core/report/report.h"
#include "ui/models/app/background.h"

#include <QtConcurrent>

#include <algorithm>
#include <set>

namespace preflab {

namespace {

constexpr int kRecomputeDelay = 2000;

}  // namespace

ComparisonSet::ComparisonSet(QObject* parent) : QObject(parent)
{
    m_recomputeSoon.setSingleShot(true);
    m_recomputeSoon.setInterval(kRecomputeDelay);
    connect(&m_recomputeSoon, &QTimer::timeout, this, &ComparisonSet::recomputeIfMeasured);
}

void ComparisonSet::setCenter(RunCenter* center)
{
    m_center = center;
    m_controllers.clear();
    m_comparison.reset();
    m_recomputeSoon.stop();
    m_isComparing = false;
    ++m_generation;
    Q_EMIT runsChanged();
    Q_EMIT comparisonChanged();
}

void ComparisonSet::setRuns(const QStringList& runs)
{
    if (!m_center) return;
    std::vector<std::shared_ptr<RunController>> chosen;
    for (const QString& run : runs) {
        if (auto controller = m_center->controller(run)) chosen.push_back(std::move(controller));
    }
    for (const auto& controller : m_controllers) controller->disconnect(this);
    m_controllers = std::move(chosen);
    for (const auto& controller : m_controllers) {
        connect(controller.get(), &RunController::stateChanged, this, &ComparisonSet::recompute);
        connect(controller.get(), &RunController::eventsArrived, this, &ComparisonSet::recompute);
        connect(controller.get(), &RunController::metricsArrived, this, &ComparisonSet::noteMetrics);
        connect(controller.get(), &RunController::recordChanged, this, &ComparisonSet::runsRenamed);
        connect(controller.get(), &RunController::recordChanged, this, &ComparisonSet::runsChanged);
    }
    // The result of other runs has other columns.
    m_comparison.reset();
    Q_EMIT runsChanged();
    Q_EMIT comparisonChanged();
    recompute();
}

QStringList ComparisonSet::runs() const
{
    QStringList ids;
    for (const auto& controller : m_controllers) ids.push_back(controller->id());
    return ids;
}

void ComparisonSet::add(const QString& run)
{
    QStringList ids = runs();
    if (!ids.contains(run)) setRuns(ids << run);
}

void ComparisonSet::remove(const QString& run)
{
    QStringList ids = runs();
    if (ids.removeOne(run)) setRuns(ids);
}

bool ComparisonSet::isMixed() const
{
    return std::ranges::any_of(
        m_controllers, [&](const auto& run) { return run->record().method != m_controllers.front()->record().method; });
}

std::vector<std::string> ComparisonSet::metricNames() const
{
    std::set<std::string> names;
    for (const auto& controller : m_controllers)
        for (const std::string& name : controller->metrics().names()) names.insert(name);
    return {names.begin(), names.end()};
}

const RunController* ComparisonSet::unreadable() const
{
    const auto found =
        std::ranges::find(m_controllers, RunState::Unreadable, [](const auto& run) { return run->state(); });
    return found == m_controllers.end() ? nullptr : found->get();
}

std::vector<ComparedRun> ComparisonSet::comparedRuns() const
{
    std::vector<ComparedRun> runs;
    for (const auto& controller : m_controllers) {
        if (!controller->log()) continue;
        runs.push_back({controller->record(), controller->log(),
                        methodOrUnknown(m_center->backend(), controller->record().method)});
    }
    return runs;
}

void ComparisonSet::recompute()
{
    const quint64 generation = ++m_generation;
    m_isComparing = false;
    if (!m_center) return;
    m_compared = measured();
    const std::vector<ComparedRun> runs = comparedRuns();
    if (runs.size() != m_controllers.size() || runs.size() < 2) {
        m_comparison.reset();
        Q_EMIT comparisonChanged();
        return;
    }
    m_isComparing = true;
    whenDone(QtConcurrent::run([runs] { return compareRuns(runs); }), this,
             [this, generation](const Comparison& comparison) {
                 if (generation != m_generation) return;
                 m_isComparing = false;
                 m_comparison = comparison;
                 Q_EMIT comparisonChanged();
             });
}

void ComparisonSet::noteMetrics()
{
    Q_EMIT metricsArrived();
    if (!m_recomputeSoon.isActive()) m_recomputeSoon.start();
}

void ComparisonSet::recomputeIfMeasured()
{
    // A comparison that takes longer than the delay has to come to its end.
    if (m_isComparing)
        m_recomputeSoon.start();
    else if (measured() != m_compared)
        recompute();
}

/// Grows with every held-out value and with every new metric, but not with every step: evaluations are rows of the log, no
/// events.
std::size_t ComparisonSet::measured() const
{
    std::size_t count = 0;
    for (const auto& controller : m_controllers) {
        for (const std::string& name : controller->metrics().names())
            count += 1 + (isHeldOutMetric(name) ? controller->metrics().find(name)->size() : 0);
    }
    return count;
}

void ComparisonSet::writeReport(const QString& program)
{
    if (!m_center) return;
    ReportInput input;
    input.title = tr("Comparison of runs").toStdString();
    input.created = timestampUtc();
    input.program = program.toStdString();
    QString name = QStringLiteral("report");
    for (ComparedRun& run : comparedRuns()) {
        name += QLatin1Char('-') + QString::fromStdString(run.record.id);
        input.runs.push_back({run.record, run.log, run.method});
    }
    const std::filesystem::path target = m_center->project().exportsFolder() / (name.toStdString() + ".html");
    whenDone(QtConcurrent::run([input, target]() -> Result<> {
                 TRY(const std::string page, renderReport(input));
                 return writeFileAtomically(target, page);
             }),
             this, [this, target](const Result<>& written) {
                 if (written)
                     Q_EMIT reportWritten(QString::fromStdString(target.string()));
                 else
                     Q_EMIT failed(written.error());
             });
}

}  // namespace preflab
