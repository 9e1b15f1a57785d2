// SPDX-License-Identifier: GPL-3.0-or-later
// Follows the workspace and the draft, and keeps checks, counts and estimates up to date.
#include "ui/models/train/train_setup.h"

#include "ui/models/app/background.h"
#include "ui/models/app/compute_job.h"
#include "ui/models/app/workspace.h"
#include "ui/models/data/dataset_session.h"
#include "ui/models/runs/run_center.h"

#include <QtConcurrent>

#include <algorithm>

namespace preflab {
namespace {

constexpr int kSaveDelay = 500;
constexpr int kEstimateDelay = 1500;
// A change of many rows comes as many signals, and labelling as one a second.
constexpr int kCountDelay = 100;
// An automatic estimate must not surprise: a step of a larger model takes a while and much memory.
constexpr std::int64_t kLargestAutomatic = 200'000'000;

}  // namespace

double DraftEstimate::seconds() const
{
    double sum = 0.0;
    for (const Estimate& run : runs) sum += run.totalSeconds;
    return sum;
}

const Estimate& DraftEstimate::largest() const
{
    return *std::max_element(runs.begin(), runs.end(), [](const Estimate& left, const Estimate& right) {
        return left.memoryBytes < right.memoryBytes;
    });
}

TrainSetup::TrainSetup(Workspace& workspace, QObject* parent)
    : QObject(parent), m_workspace(workspace), m_draft(workspace.backend().describeComponents()),
      m_preview(workspace.backend(), m_draft)
{
    const auto prepare = [this](QTimer& timer, int delay, void (TrainSetup::*slot)()) {
        timer.setSingleShot(true);
        timer.setInterval(delay);
        connect(&timer, &QTimer::timeout, this, slot);
    };
    prepare(m_checkSoon, 0, &TrainSetup::updateFindings);
    prepare(m_saveSoon, kSaveDelay, &TrainSetup::saveDraft);
    prepare(m_estimateSoon, kEstimateDelay, &TrainSetup::estimateWhenIdle);
    prepare(m_countSoon, kCountDelay, &TrainSetup::countUse);
    connect(&m_draft, &RunDraft::changed, this, &TrainSetup::noteChange);
    connect(&workspace, &Workspace::projectClosing, this, [this] {
        if (m_saveSoon.isActive()) saveDraft();
    });
    connect(&workspace, &Workspace::projectChanged, this, &TrainSetup::takeProject);
    connect(&workspace, &Workspace::modelChanged, this, &TrainSetup::takeModel);
    connect(&workspace, &Workspace::datasetChanged, this, &TrainSetup::takeDataset);
    takeProject();
    takeModel();
    takeDataset();
    updateFindings();
}

TrainSetup::~TrainSetup()
{
    if (m_saveSoon.isActive()) saveDraft();
}

void TrainSetup::takeProject()
{
    cancelEstimate();
    m_saveSoon.stop();
    m_isStarting = false;
    m_preview.setRuns(m_workspace.runs());
    m_isRestoring = true;
    m_draft.restore(m_workspace.state().draft);
    m_isRestoring = false;
    if (RunCenter* runs = m_workspace.runs()) {
        connect(runs, &RunCenter::activeChanged, this, [this] {
            Q_EMIT estimateChanged();
            m_estimateSoon.start();
        });
        connect(runs, &RunCenter::failed, this, [this] {
            if (!std::exchange(m_isStarting, false)) return;
            Q_EMIT startingChanged();
        });
        connect(runs, &RunCenter::started, this, [this](const QStringList& started) {
            if (!std::exchange(m_isStarting, false)) return;
            Q_EMIT startingChanged();
            Q_EMIT this->started(started);
        });
    }
    m_checkSoon.start();
}

void TrainSetup::takeModel()
{
    m_draft.setModel(m_workspace.modelPath(), m_workspace.model());
    countTokens();
}

void TrainSetup::takeDataset()
{
    m_dataset = m_workspace.dataset();
    m_countedKey.clear();
    m_use = {};
    ++m_useGeneration;
    if (m_dataset) {
        connect(m_dataset, &DatasetSession::opened, this, &TrainSetup::takeData);
        connect(m_dataset, &DatasetSession::failed, this, &TrainSetup::noteChange);
        connect(m_dataset, &DatasetSession::tokenCountsChanged, this, &TrainSetup::noteChange);
        connect(m_dataset, &DatasetSession::opened, this, &TrainSetup::countUse);
        connect(m_dataset, &DatasetSession::columnsChanged, this, &TrainSetup::countUse);
        connect(m_dataset, &DatasetSession::rowChanged, this, [this] {
            if (!m_countSoon.isActive()) m_countSoon.start();
        });
    }
    takeData();
    countUse();
}

void TrainSetup::countUse()
{
    if (!m_dataset || !m_dataset->dataset()) return;
    const quint64 generation = ++m_useGeneration;
    whenDone(QtConcurrent::run([inputs = m_dataset->inputs()] { return rowUseOf(inputs); }), this,
             [this, generation](const RowUse& use) {
                 if (generation != m_useGeneration) return;
                 m_checkSoon.start();  // votes change what is said of the pairs, and not which are used
                 if (use == m_use) return;
                 m_use = use;
                 takeData();
                 noteChange();
             });
}

void TrainSetup::takeData()
{
    DraftData data;
    if (m_dataset) {
        data.path = m_dataset->path();
        data.rows = m_dataset->rowCount() - std::min(m_use.leftOut, m_dataset->rowCount());
        if (const Dataset* opened = m_dataset->dataset()) {
            data.kind = opened->kind;
            data.contentHash = opened->contentHash;
            data.columns = opened->mapping;
            data.isUnreadable = opened->findings.badRows > 0;
        }
        data.isEdited = !m_use.key.empty();
        if (const auto project = m_workspace.project()) data.project = project->folder();
    }
    m_draft.setData(data);
    countTokens();
    m_checkSoon.start();
}

void TrainSetup::countTokens()
{
    const MethodChoice& choice = m_draft.choice();
    if (!m_dataset || !m_dataset->dataset() || !m_draft.modelReport() || choice.methods.empty()) return;
    TokenRequest request;
    request.modelFolder = m_draft.model();
    request.recipe = choice.methods.front().recipe;
    request.options.split = m_draft.splitRule();
    request.chatTemplate = &m_draft.chatTemplate();
    const QString key =
        QString::fromStdString(request.modelFolder.string() + '\n' + request.recipe + '\n' +
                               std::string(splitRuleId(request.options.split)) + '\n' + request.chatTemplate->id);
    if (key == m_countedKey) return;
    m_countedKey = key;
    m_dataset->countTokens(request);
}

std::optional<TruncationSummary> TrainSetup::truncation() const
{
    const std::int64_t length = m_draft.maxLength().value_or(0);
    return m_dataset && length > 0 ? m_dataset->truncation(length) : std::nullopt;
}

void TrainSetup::takeRun(const QString& run)
{
    const RunEntry* listed = m_workspace.runs() != nullptr ? m_workspace.runs()->find(run) : nullptr;
    if (listed == nullptr) return;
    const RunSpec spec = listed->record.spec;
    if (spec.model != m_workspace.modelPath()) m_workspace.openModel(spec.model);
    if (!m_dataset || spec.data != m_dataset->path()) m_workspace.openDataset(spec.data);
    m_draft.take(spec);
}

void TrainSetup::noteChange()
{
    m_checkSoon.start();
    if (!m_isRestoring) m_saveSoon.start();
    m_estimateSoon.start();
    const QString key = estimateKey();
    if (m_estimate && m_estimateKey != key) {
        m_estimate.reset();
        Q_EMIT estimateChanged();
    }
    if (m_job && m_estimatingKey != key) cancelEstimate();
    countTokens();
}

void TrainSetup::saveDraft()
{
    m_saveSoon.stop();
    m_workspace.setDraft(m_draft.toJson());
}

void TrainSetup::updateFindings()
{
    m_workspace.setMaxLength(m_draft.maxLength().value_or(0));
    DraftFacts facts;
    facts.modelError = m_workspace.modelError();
    if (m_dataset) {
        facts.dataError = m_dataset->error();
        if (const Dataset* opened = m_dataset->dataset()) facts.findings = m_use.adjusted(opened->findings);
        facts.openVotes = m_dataset->votes().open();
    }
    facts.truncation = truncation();
    if (m_estimate) facts.estimate = m_estimate->largest();
    m_findings = checkDraft(m_draft, facts);
    Q_EMIT findingsChanged();
}

const DraftFinding* TrainSetup::problem() const
{
    const bool isProblem = !m_findings.empty() && m_findings.front().kind == DraftFinding::Kind::Problem;
    return isProblem ? &m_findings.front() : nullptr;
}

/// What an estimate depends on: everything but names, with what was done to the pairs.
QString TrainSetup::estimateKey() const
{
    Json all = Json::array({m_use.key});
    for (RunSpec spec : m_draft.specs()) {
        spec.name.clear();
        all.push_back(toJson(spec));
    }
    return QString::fromStdString(all.dump(-1, ' ', false, Json::error_handler_t::replace));
}

QString TrainSetup::estimateObstacle() const
{
    const RunCenter* runs = m_workspace.runs();
    if (!runs) return tr("Open a project first: choose a model or data.");
    if (runs->active())
        return tr("A run is training, and a second one would need its memory. Try a step when it is over.");
    if (const DraftFinding* found = problem()) return found->text;
    return {};
}

void TrainSetup::tryOneStep()
{
    if (!estimateObstacle().isEmpty()) return;
    cancelEstimate();
    m_estimateError.reset();
    m_estimating.runs.clear();
    m_toEstimate = m_draft.specs();
    m_estimatingKey = estimateKey();
    estimateNext();
    Q_EMIT estimateChanged();
}

void TrainSetup::estimateNext()
{
    m_estimatePhase = tr("Preparing");
    m_job = m_workspace.runs()->estimate(m_toEstimate[m_estimating.runs.size()]);
    connect(m_job.get(), &ComputeJob::progressed, this, [this](const QString& phase) {
        m_estimatePhase = phase;
        Q_EMIT estimateChanged();
    });
    connect(m_job.get(), &ComputeJob::ended, this, &TrainSetup::takeEstimate);
}

void TrainSetup::takeEstimate()
{
    // The job is the sender: it goes once its signal has been delivered.
    ComputeJob* job = m_job.release();
    job->deleteLater();
    if (job->error() || !job->estimate()) {
        m_estimateError = job->error();
    } else {
        m_estimating.runs.push_back(*job->estimate());
        if (m_estimating.runs.size() < m_toEstimate.size()) {
            estimateNext();
            return;
        }
        m_estimate = m_estimating;
        m_estimateKey = m_estimatingKey;
    }
    Q_EMIT estimateChanged();
    updateFindings();
}

void TrainSetup::cancelEstimate()
{
    if (!m_job) return;
    m_job->disconnect(this);
    m_job.reset();
    Q_EMIT estimateChanged();
}

void TrainSetup::estimateWhenIdle()
{
    const auto& report = m_draft.modelReport();
    const bool isQuick = report && report->parameters <= kLargestAutomatic;
    if (isQuick && !m_estimate && !m_job && estimateObstacle().isEmpty() && m_workspace.runs()->unfinished().empty())
        tryOneStep();
}

void TrainSetup::start()
{
    if (m_isStarting || !m_workspace.runs()) return;
    updateFindings();
    if (problem()) return;
    cancelEstimate();
    m_preview.cancelScores();
    m_isStarting = true;
    Q_EMIT startingChanged();
    m_workspace.runs()->start(m_draft.specs());
}

}  // namespace preflab
