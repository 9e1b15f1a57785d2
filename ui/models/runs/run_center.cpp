// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of runs behind signals: what blocks is done on threads of its own.
#include "ui/models/runs/run_center.h"

#include "core/base/system.h"
#include "ui/models/runs/runs_model.h"

#include <QMetaObject>

#include <algorithm>
#include <utility>

namespace preflab {

RunCenter::RunCenter(std::shared_ptr<Project> project, Backend& backend, QObject* parent)
    : QObject(parent), m_project(std::move(project)), m_backend(backend), m_components(backend.describeComponents()),
      m_queue(std::make_unique<RunQueue>(backend, *m_project)), m_model(new RunsModel(*this, this))
{
    m_storePool.setMaxThreadCount(1);
    m_jobPool.setMaxThreadCount(8);  // they wait for their turn most of the time
    refresh();
}

RunCenter::~RunCenter()
{
    for (const auto& job : m_jobs) {
        if (const auto mailbox = job.lock()) ComputeJobWorker(mailbox).requestStop();
    }
    for (const auto& run : m_live) {
        run->disconnect(this);
        run->cancel();
    }
    m_jobPool.waitForDone();
    m_storePool.waitForDone();
    m_queue.reset();
    // Whoever still looks at a run sees how it ended.
    for (const auto& run : std::exchange(m_live, {})) run->drain();
}

const ComponentDescription* RunCenter::method(const std::string& id) const
{
    const auto found = std::ranges::find_if(m_components, [&](const ComponentDescription& component) {
        return component.kind == ComponentDescription::Kind::Method && component.id == id;
    });
    return found == m_components.end() ? nullptr : &*found;
}

const RunEntry* RunCenter::find(const QString& run) const
{
    const std::string id = run.toStdString();
    const auto found = std::ranges::find_if(m_runs, [&](const RunEntry& entry) { return entry.record.id == id; });
    return found == m_runs.end() ? nullptr : &*found;
}

int RunCenter::seriesIndexOf(const QString& run) const
{
    const RunEntry* entry = find(run);
    return entry == nullptr ? 0 : static_cast<int>((entry->record.number + 7) % 8);
}

void RunCenter::refresh()
{
    const quint64 generation = ++m_generation;
    m_storePool.start([this, generation] {
        RunStore& store = m_queue->store();
        Result<std::vector<RunEntry>> runs = std::vector<RunEntry>();
        if (auto records = store.list()) {
            for (RunRecord& record : *records) {
                RunSummary summary = summaryOf(record);
                runs->push_back({std::move(record), std::move(summary)});
            }
        } else {
            runs = tl::unexpected(std::move(records).error());
        }
        QMetaObject::invokeMethod(
            this,
            [this, generation, runs = std::move(runs)]() mutable {
                if (generation != m_generation) return;
                m_isLoaded = true;
                if (runs)
                    m_model->replace(m_runs, *std::move(runs));
                else
                    Q_EMIT failed(runs.error());
                for (const RunEntry& entry : m_runs) {
                    const auto shown = m_controllers.value(QString::fromStdString(entry.record.id)).lock();
                    if (shown) shown->setRecord(entry.record);
                }
                Q_EMIT listChanged();
            },
            Qt::QueuedConnection);
    });
}

RunSummary RunCenter::summaryOf(const RunRecord& record)
{
    if (const auto known = m_summaries.find(record.number); known != m_summaries.end()) return known->second;
    auto summary = m_queue->store().summary(record.id);
    if (!summary) return {};
    const bool isOver = record.outcome != "waiting" && record.outcome != "running";
    if (isOver) m_summaries.emplace(record.number, *summary);
    return *std::move(summary);
}

void RunCenter::inStore(std::function<Result<>(RunStore&)> work, std::function<void()> then)
{
    m_storePool.start([this, work = std::move(work), then = std::move(then)] {
        const Result<> result = work(m_queue->store());
        QMetaObject::invokeMethod(
            this,
            [this, result, then] {
                if (!result) Q_EMIT failed(result.error());
                then();
            },
            Qt::QueuedConnection);
    });
}

RunSpec RunCenter::withUsualThreads(RunSpec spec) const
{
    const auto given = spec.params.find("threads");
    const bool isOpen = given == spec.params.end() || given->second == ParamValue(std::int64_t(0));
    if (isOpen && m_usualThreads > 0) spec.params["threads"] = std::int64_t(m_usualThreads);
    return spec;
}

void RunCenter::start(std::vector<RunSpec> specs)
{
    for (RunSpec& spec : specs) spec = withUsualThreads(std::move(spec));
    const auto queued = std::make_shared<std::vector<Started>>();
    inStore(
        [this, queued, specs = std::move(specs)](RunStore& store) -> Result<> {
            for (const RunSpec& spec : specs) {
                TRY(auto run, m_queue->start(spec));
                TRY(RunRecord record, store.find(run->id()));
                queued->push_back({std::move(record), std::move(run)});
            }
            return {};
        },
        [this, queued] { takeStarted(*queued); });
}

void RunCenter::takeStarted(const std::vector<Started>& runs)
{
    QStringList ids;
    for (const auto& [record, run] : runs) {
        const QString id = QString::fromStdString(record.id);
        const auto controller = std::make_shared<RunController>(record, run);
        connect(controller.get(), &RunController::ended, this, [this, id] { noteEnd(id); });
        connect(controller.get(), &RunController::stateChanged, this, &RunCenter::activeChanged);
        connect(controller.get(), &RunController::progressChanged, this, [this, id] {
            m_model->refreshRun(id);
            Q_EMIT activeMoved();
        });
        m_live.push_back(controller);
        m_controllers.insert(id, controller);
        m_model->append(m_runs, {record, {}});
        ids.push_back(id);
    }
    if (ids.isEmpty()) return;
    Q_EMIT listChanged();
    refresh();  // a list that is being read may lack them
    Q_EMIT started(ids);
    Q_EMIT activeChanged();
}

void RunCenter::noteEnd(const QString& run)
{
    const auto controller = live(run);
    std::erase(m_live, controller);
    refresh();
    Q_EMIT ended(run);
    Q_EMIT activeChanged();
    // It is the controller that tells of its end: it must not be gone before it has returned.
    QMetaObject::invokeMethod(
        this, [controller] {}, Qt::QueuedConnection);
}

std::shared_ptr<RunController> RunCenter::controller(const QString& run)
{
    if (const auto shown = m_controllers.value(run).lock()) return shown;
    const RunEntry* entry = find(run);
    if (entry == nullptr) return nullptr;
    const auto controller = std::make_shared<RunController>(entry->record);
    m_controllers.insert(run, controller);
    loadLog(controller);
    return controller;
}

void RunCenter::loadLog(const std::shared_ptr<RunController>& controller)
{
    m_storePool.start([this, id = controller->record().id, weak = std::weak_ptr(controller)] {
        auto log = m_queue->store().load(id);
        const auto replay = log ? std::make_shared<RunReplay>(replayOf(*std::move(log))) : nullptr;
        const std::optional<Error> error = replay ? std::nullopt : std::optional(log.error());
        QMetaObject::invokeMethod(
            this,
            [weak, replay, error] {
                const auto shown = weak.lock();
                if (!shown) return;
                if (error)
                    shown->setUnreadable(*error);
                else
                    shown->adopt(std::move(*replay));
            },
            Qt::QueuedConnection);
    });
}

std::shared_ptr<RunController> RunCenter::active() const
{
    for (const auto& run : m_live) {
        if (run->isActive() && run->state() != RunState::Waiting) return run;
    }
    return nullptr;
}

std::shared_ptr<RunController> RunCenter::live(const QString& run) const
{
    const auto found = std::ranges::find_if(m_live, [&](const auto& controller) { return controller->id() == run; });
    return found == m_live.end() ? nullptr : *found;
}

std::vector<std::shared_ptr<RunController>> RunCenter::unfinished() const
{
    return m_live;
}

void RunCenter::stopAndSaveAll()
{
    // Those that wait first: none of them shall begin.
    for (auto run = m_live.rbegin(); run != m_live.rend(); ++run) (*run)->stopAndSave();
}

void RunCenter::rename(const QString& run, const QString& name)
{
    inStore([run = run.toStdString(),
             name = name.trimmed().toStdString()](RunStore& store) { return store.rename(run, name); },
            [this] { refresh(); });
}

void RunCenter::setNote(const QString& run, const QString& note)
{
    inStore([run = run.toStdString(), note = note.toStdString()](RunStore& store) { return store.setNote(run, note); },
            [this] { refresh(); });
}

void RunCenter::remove(const QStringList& runs)
{
    inStore(
        [runs](RunStore& store) -> Result<> {
            for (const QString& run : runs) TRY_VOID(store.remove(run.toStdString()));
            return {};
        },
        [this] { refresh(); });
}

void RunCenter::restore(const QStringList& runs)
{
    inStore(
        [runs](RunStore& store) -> Result<> {
            for (const QString& run : runs) TRY_VOID(store.restore(run.toStdString()));
            return {};
        },
        [this] { refresh(); });
}

std::unique_ptr<ComputeJob> RunCenter::startJob(std::function<Result<>(const ComputeJobWorker&)> work)
{
    std::erase_if(m_jobs, [](const auto& job) { return job.expired(); });
    const auto mailbox = ComputeJobWorker::makeMailbox();
    auto job = std::make_unique<ComputeJob>(mailbox);
    m_jobs.push_back(mailbox);
    m_jobPool.start([mailbox, work = std::move(work)] {
        const ComputeJobWorker worker(mailbox);
        worker.end(work(worker));
    });
    return job;
}

std::unique_ptr<ComputeJob> RunCenter::generate(const GenerateRequest& request)
{
    return startJob([this, request](const ComputeJobWorker& worker) {
        return m_queue->generate(request, worker.generateSink(), worker.stopToken());
    });
}

std::unique_ptr<ComputeJob> RunCenter::score(const ScoreRequest& wanted)
{
    ScoreRequest request = wanted;
    if (request.threads == 0) request.threads = m_usualThreads;
    return startJob([this, request](const ComputeJobWorker& worker) {
        return m_queue->score(request, worker.scoreSink(), worker.progressSink(), worker.stopToken());
    });
}

std::unique_ptr<ComputeJob> RunCenter::estimate(const RunSpec& wanted)
{
    return startJob([this, spec = withUsualThreads(wanted)](const ComputeJobWorker& worker) -> Result<> {
        TRY(const Estimate estimate, m_backend.estimate(spec, foldersOf(*m_project, {}), {editsIn(*m_project)},
                                                        worker.progressSink(), worker.stopToken()));
        worker.setEstimate(estimate);
        return {};
    });
}

}  // namespace preflab
