// SPDX-License-Identifier: GPL-3.0-or-later
// Opening projects, datasets and models off the UI thread.
#include "ui/models/app/workspace.h"

#include "core/runs/interrupted_runs.h"
#include "ui/models/app/app_settings.h"
#include "ui/models/app/background.h"
#include "ui/models/data/dataset_session.h"
#include "ui/models/runs/run_center.h"

#include <QDateTime>
#include <QtConcurrent>

#include <algorithm>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kMostDatasets = 20;

/// A project as the worker opened it.
struct Opened {
    std::shared_ptr<Project> project;
    ProjectState state;
    std::optional<Error> stateError;  ///< the project is usable all the same
};

/// Cancelled where another project is wanted by then: this one is closed before that is opened, which may be it again.
Result<Opened> readProject(const std::filesystem::path& folder, const std::stop_token& stop)
{
    if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
    TRY(auto project, openProjectToRun(folder));
    Opened opened{std::move(project), {}, {}};
    if (auto state = readProjectState(*opened.project))
        opened.state = std::move(*state);
    else
        opened.stateError = state.error();
    if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
    return opened;
}

}  // namespace

Workspace::Workspace(Backend& backend, AppSettings& settings, QObject* parent)
    : QObject(parent), m_backend(backend), m_settings(settings)
{
    m_files.setMaxThreadCount(1);
    m_projects.setMaxThreadCount(1);
    connect(&settings, &AppSettings::preferencesChanged, this, [this] {
        if (m_runs) m_runs->setUsualThreads(m_settings.preferences().threads);
    });
}

Workspace::~Workspace()
{
    if (m_opening) m_opening->stop.request_stop();
    if (m_project) noteRecent();
    m_files.waitForDone();
    m_projects.waitForDone();
}

bool Workspace::isOpen(const std::filesystem::path& folder) const
{
    std::error_code ignored;
    return m_project && std::filesystem::equivalent(m_project->folder(), folder, ignored);
}

bool Workspace::joinsOpening(const WantedProject& wanted)
{
    if (!m_opening) return false;
    std::error_code ignored;
    const bool isSame = std::filesystem::absolute(m_opening->folder, ignored).lexically_normal() ==
                            std::filesystem::absolute(wanted.folder, ignored).lexically_normal() ||
                        std::filesystem::equivalent(m_opening->folder, wanted.folder, ignored);
    if (isSame)
        m_opening->thens.push_back(wanted.then);
    else
        std::exchange(m_opening, nullptr)->stop.request_stop();
    return isSame;
}

void Workspace::openProject(const std::filesystem::path& folder, std::function<void()> then)
{
    m_asked.reset();
    WantedProject wanted{folder, std::move(then)};
    if (joinsOpening(wanted)) return;
    if (isOpen(folder)) {
        m_isOpening = false;
        if (wanted.then) wanted.then();
        doWhatWaited();
        return;
    }
    m_isOpening = true;
    if (m_runs == nullptr || m_runs->unfinished().empty()) return open(wanted);
    m_asked = std::move(wanted);
    Q_EMIT leavingAsked();
}

void Workspace::leaveProject()
{
    if (m_asked) open(*std::exchange(m_asked, std::nullopt));
}

void Workspace::stayInProject()
{
    if (!m_asked) return;
    m_asked.reset();
    m_waiting.clear();
    m_isOpening = false;
}

void Workspace::open(const WantedProject& wanted)
{
    ++m_openings;
    m_opening = std::make_shared<Opening>(Opening{wanted.folder, {wanted.then}, {}});
    const auto work = [folder = wanted.folder, stop = m_opening->stop.get_token()] {
        return readProject(folder, stop);
    };
    whenDone(QtConcurrent::run(&m_projects, work), this, [this, opening = m_opening](const Result<Opened>& opened) {
        --m_openings;
        if (opening != m_opening) return;
        m_opening.reset();
        m_isOpening = false;
        if (opened) {
            adopt(opened->project, opened->state);
            if (opened->stateError) Q_EMIT failed(*opened->stateError);
            for (const auto& then : opening->thens)
                if (then) then();
        } else {
            // What waited goes to the user's own project then; there is no other after that.
            if (opening->folder == Project::defaultFolder()) m_waiting.clear();
            Q_EMIT failed(opened.error());
        }
        doWhatWaited();
    });
}

void Workspace::adopt(std::shared_ptr<Project> project, ProjectState state)
{
    closeDataset();
    Q_EMIT projectClosing();
    if (m_project) noteRecent();
    m_runs.reset();
    m_project = std::move(project);
    m_state = std::move(state);
    m_model.reset();
    m_modelError.reset();
    m_modelPath.clear();
    ++m_modelGeneration;
    m_runs = std::make_unique<RunCenter>(m_project, m_backend);
    m_runs->setUsualThreads(m_settings.preferences().threads);
    Q_EMIT projectChanged();
    Q_EMIT datasetChanged();
    Q_EMIT modelChanged();
    noteRecent();
    if (m_state.model) openModel(*m_state.model);
    if (m_state.data) openDataset(*m_state.data);
}

void Workspace::closeDataset()
{
    if (!m_dataset) return;
    Q_EMIT datasetClosing();
    m_dataset.reset();
}

void Workspace::withProject(std::function<void()> then)
{
    if (m_project && !m_isOpening) return then();
    // Whichever project is asked for meanwhile, it is opened there.
    m_waiting.push_back(std::move(then));
    if (!m_isOpening) openProject(Project::defaultFolder());
}

void Workspace::doWhatWaited()
{
    for (auto& then : std::exchange(m_waiting, {})) withProject(std::move(then));
}

void Workspace::openDataset(const std::filesystem::path& path)
{
    withProject([this, path] {
        closeDataset();
        m_dataset = std::make_unique<DatasetSession>(m_project, path);
        std::erase(m_state.datasets, path);
        m_state.datasets.insert(m_state.datasets.begin(), path);
        if (m_state.datasets.size() > kMostDatasets) m_state.datasets.resize(kMostDatasets);
        m_state.data = path;
        connect(m_dataset.get(), &DatasetSession::opened, this, [this] {
            m_state.pairs = m_dataset->rowCount();
            saveState();
        });
        Q_EMIT datasetChanged();
    });
}

void Workspace::openModel(const std::filesystem::path& folder)
{
    withProject([this, folder] {
        const quint64 generation = ++m_modelGeneration;
        m_modelPath = folder;
        m_model.reset();
        m_modelError.reset();
        Q_EMIT modelChanged();
        whenDone(QtConcurrent::run([backend = &m_backend, folder] { return backend->inspectModel(folder); }), this,
                 [this, generation, folder](const Result<ModelReport>& report) {
                     if (generation != m_modelGeneration) return;
                     if (report)
                         m_model = *report;
                     else
                         m_modelError = report.error();
                     m_state.model = folder;
                     saveState();
                     Q_EMIT modelChanged();
                 });
    });
}

QString Workspace::kindOf(const std::filesystem::path& path)
{
    std::error_code ignored;
    // A name without an ending was meant for a folder.
    if (!std::filesystem::exists(path, ignored) && !path.has_extension()) return QStringLiteral("missing");
    if (!std::filesystem::is_directory(path, ignored)) return QStringLiteral("data");
    if (std::filesystem::exists(path / "project.db", ignored)) return QStringLiteral("project");
    if (std::filesystem::exists(path / "config.json", ignored)) return QStringLiteral("model");
    if (std::filesystem::is_empty(path, ignored)) return QStringLiteral("project");
    return QStringLiteral("model");
}

void Workspace::openAny(const std::vector<std::filesystem::path>& paths,
                        const std::function<void(const QString& kind)>& then)
{
    const auto look = [paths] {
        QStringList kinds;
        for (const std::filesystem::path& path : paths) kinds.push_back(kindOf(path));
        return kinds;
    };
    whenDone(QtConcurrent::run(look), this, [this, paths, then](const QStringList& kinds) {
        const auto each = [&](const char* kind, auto&& opener) {
            for (std::size_t i = 0; i < paths.size(); ++i)
                if (kinds[static_cast<qsizetype>(i)] == QLatin1String(kind)) opener(paths[i]);
        };
        // Where a folder is missing it may have been the project for all the rest, which would open in another one.
        if (kinds.contains(QLatin1String("missing"))) {
            each("missing", [this](const std::filesystem::path& path) {
                Q_EMIT failed({ErrorCode::FileNotFound, {{"path", path.string()}}, {}});
            });
            return;
        }
        each("project", [this](const std::filesystem::path& path) { openProject(path); });
        each("model", [this](const std::filesystem::path& path) { openModel(path); });
        each("data", [this](const std::filesystem::path& path) { openDataset(path); });
        if (then && !kinds.isEmpty()) then(kinds.back());
    });
}

QString Workspace::projectName() const
{
    if (!m_project) return {};
    if (m_project->folder() == Project::defaultFolder()) return tr("Unnamed project");
    return QString::fromStdString(m_project->folder().filename().string());
}

void Workspace::setDraft(const Json& draft)
{
    if (!m_project || draft == m_state.draft) return;
    m_state.draft = draft;
    saveState();
}

void Workspace::setGuidelines(const QString& text)
{
    const std::string guidelines = text.toStdString();
    if (!m_project || guidelines == m_state.guidelines) return;
    m_state.guidelines = guidelines;
    saveState();
}

void Workspace::setMaxLength(std::int64_t tokens)
{
    if (tokens == m_maxLength) return;
    m_maxLength = tokens;
    Q_EMIT maxLengthChanged();
}

void Workspace::saveState()
{
    if (!m_project) return;
    whenDone(QtConcurrent::run(&m_files,
                               [project = m_project, state = m_state] { return writeProjectState(*project, state); }),
             this, [this](const Result<>& written) {
                 if (!written) Q_EMIT failed(written.error());
             });
}

void Workspace::noteRecent()
{
    m_settings.noteRecent({m_project->folder(), QDateTime::currentDateTimeUtc().toString(Qt::ISODate),
                           m_state.data ? static_cast<qint64>(m_state.pairs) : -1,
                           m_runs ? static_cast<int>(m_runs->runs().size()) : 0});
}

}  // namespace preflab
