// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of the open project: the queue that computes them, the list of them, what can be done to them.
#pragma once

#include "core/base/error.h"
#include "core/project/project.h"
#include "core/runs/backend.h"
#include "core/runs/run_queue.h"
#include "core/runs/run_store.h"
#include "ui/models/app/compute_job.h"
#include "ui/models/runs/run_controller.h"

#include <QHash>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QThreadPool>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace preflab {

class RunsModel;

/// One run of the list.
struct RunEntry {
    RunRecord record;
    RunSummary summary;
};

/// Owns the queue. Nothing here blocks: verbs return at once and end in a signal. UI thread; the backend outlives it.
class RunCenter : public QObject {
    Q_OBJECT

public:
    RunCenter(std::shared_ptr<Project> project, Backend& backend, QObject* parent = nullptr);
    /// Cancels what computes and waits for it to let go.
    ~RunCenter() override;
    Q_DISABLE_COPY_MOVE(RunCenter)

    Project& project() const { return *m_project; }
    Backend& backend() const { return m_backend; }
    /// Methods with parameters and metrics, as the backend describes them.
    const std::vector<ComponentDescription>& components() const { return m_components; }
    /// The description of a method; null for an unknown one.
    const ComponentDescription* method(const std::string& id) const;

    /// In order of creation. `isLoaded` is false until the list was read for the first time.
    const std::vector<RunEntry>& runs() const { return m_runs; }
    bool isLoaded() const { return m_isLoaded; }
    const RunEntry* find(const QString& run) const;
    RunsModel& model() const { return *m_model; }
    /// A run's colour and dash: the same everywhere, by order of creation.
    int seriesIndexOf(const QString& run) const;
    /// How many threads compute where an order leaves it open (0); 0: all cores.
    void setUsualThreads(int threads) { m_usualThreads = threads; }
    /// Reads the list again; ends in `listChanged`.
    void refresh();

    /// Queues runs, one after the other; ends in `started` with their ids, or in `failed`.
    void start(std::vector<RunSpec> specs);
    /// Follows a run, live or reopened; shared by everybody who looks at it. Null for an unknown run.
    std::shared_ptr<RunController> controller(const QString& run);
    /// The same, only if the run waits or computes.
    std::shared_ptr<RunController> live(const QString& run) const;
    /// The run that computes (or pauses); null when there is none.
    std::shared_ptr<RunController> active() const;
    /// Runs that wait or compute, in their order.
    std::vector<std::shared_ptr<RunController>> unfinished() const;
    /// Ends all of them: the computing one saves, waiting ones never begin. `ended` comes for each.
    void stopAndSaveAll();

    void rename(const QString& run, const QString& name);
    void setNote(const QString& run, const QString& note);
    /// Takes runs out of the list; `restore` puts them back.
    void remove(const QStringList& runs);
    void restore(const QStringList& runs);

    /// A text, token by token; between two steps of a run that computes.
    std::unique_ptr<ComputeJob> generate(const GenerateRequest& request);
    /// Pairs under a model; between two steps of a run that computes.
    std::unique_ptr<ComputeJob> score(const ScoreRequest& wanted);
    /// Memory and time of a run, from one timed step, which takes as much memory as the run would.
    std::unique_ptr<ComputeJob> estimate(const RunSpec& wanted);

Q_SIGNALS:
    void listChanged();
    void started(const QStringList& runs);
    /// A run is over; its controller says how.
    void ended(const QString& run);
    /// Another run computes, or none, or it pauses.
    void activeChanged();
    /// The run that computes has come further.
    void activeMoved();
    /// Something that was asked for could not be done.
    void failed(const preflab::Error& error);

private:
    struct Started {
        RunRecord record;
        std::shared_ptr<Run> run;
    };
    RunSpec withUsualThreads(RunSpec spec) const;
    RunSummary summaryOf(const RunRecord& record);  ///< on the thread of m_storePool
    void inStore(std::function<Result<>(RunStore&)> work, std::function<void()> then);
    void takeStarted(const std::vector<Started>& runs);
    void loadLog(const std::shared_ptr<RunController>& controller);
    void noteEnd(const QString& run);
    std::unique_ptr<ComputeJob> startJob(std::function<Result<>(const ComputeJobWorker&)> work);

    std::shared_ptr<Project> m_project;
    Backend& m_backend;
    std::vector<ComponentDescription> m_components;
    std::unique_ptr<RunQueue> m_queue;
    RunsModel* m_model;
    std::vector<RunEntry> m_runs;
    bool m_isLoaded = false;
    int m_usualThreads = 0;
    quint64 m_generation = 0;                            ///< of the list
    std::vector<std::shared_ptr<RunController>> m_live;  ///< waiting or computing, in their order
    QHash<QString, std::weak_ptr<RunController>> m_controllers;
    std::vector<std::weak_ptr<ComputeJob::Mailbox>> m_jobs;
    /// By number, of runs that are over: their logs, which may be long, are read once. Belongs to m_storePool's thread.
    std::map<std::int64_t, RunSummary> m_summaries;
    QThreadPool m_storePool;  ///< one thread: the order stays
    QThreadPool m_jobPool;
};

}  // namespace preflab
