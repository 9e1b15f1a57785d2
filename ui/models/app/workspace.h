// SPDX-License-Identifier: GPL-3.0-or-later
// What is open in the window: one project with its runs, one dataset, one model. Pages are views of it.
#pragma once

#include "core/project/project_state.h"
#include "core/runs/backend.h"

#include <QObject>
#include <QString>
#include <QThreadPool>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace preflab {

class AppSettings;
class DatasetSession;
class RunCenter;

/// Opening never blocks: each verb returns at once and ends in a signal. Results that come after a newer request of
/// the same kind are dropped. UI thread.
class Workspace : public QObject {
    Q_OBJECT

public:
    Workspace(Backend& backend, AppSettings& settings, QObject* parent = nullptr);
    ~Workspace() override;
    Q_DISABLE_COPY_MOVE(Workspace)

    Backend& backend() const { return m_backend; }
    AppSettings& settings() const { return m_settings; }

    /// Opens or makes the project in `folder`; then its dataset and model as they were left. `then` is called once it
    /// is open, and not at all when it cannot be opened. A folder that is being opened already is not opened twice. While runs of the open project are not finished nothing is
    /// opened: `leavingAsked` comes, and it is for who answers to let them end.
    void openProject(const std::filesystem::path& folder, std::function<void()> then = {});
    /// The answers: opens what was asked for last, for which no run may be left; forgets it and what came with it.
    void leaveProject();
    void stayInProject();
    /// Opens a dataset in the project (in the user's own, unnamed project when none is open).
    void openDataset(const std::filesystem::path& path);
    /// Inspects a model folder and makes it the project's model.
    void openModel(const std::filesystem::path& folder);
    /// Whatever the paths are: project folders, model folders, data files; a project first, because the others are opened
    /// in it. `then` is called with the kind of the last path once it is known.
    void openAny(const std::vector<std::filesystem::path>& paths,
                 const std::function<void(const QString& kind)>& then = {});
    /// What the path is, without opening it: "project", "model", "data", or "missing" for a folder that is not there, with
    /// which nothing is opened. Looks at the disk, which may take its time.
    static QString kindOf(const std::filesystem::path& path);

    std::shared_ptr<Project> project() const { return m_project; }
    QString projectName() const;
    RunCenter* runs() const { return m_runs.get(); }             ///< null without a project
    DatasetSession* dataset() const { return m_dataset.get(); }  ///< null until a dataset is chosen; may be opening
    const std::optional<ModelReport>& model() const { return m_model; }
    const std::optional<Error>& modelError() const { return m_modelError; }
    const std::filesystem::path& modelPath() const { return m_modelPath; }  ///< chosen, even while it opens or failed
    const ProjectState& state() const { return m_state; }
    bool isOpeningProject() const { return m_openings > 0; }

    /// Keeps the run being composed with the project (written a moment later, off this thread).
    void setDraft(const Json& draft);
    /// Keeps what labellers are to go by with the project, in the same way.
    void setGuidelines(const QString& text);
    /// The longest sequence in tokens that the run being composed takes (TRL `max_length`); 0: nothing is cut.
    std::int64_t maxLength() const { return m_maxLength; }
    void setMaxLength(std::int64_t tokens);

Q_SIGNALS:
    /// The dataset, or the whole project, is about to be closed and is still whole: views keep what is being typed.
    void datasetClosing();
    void projectClosing();
    void projectChanged();
    /// Another project is wanted while runs are not finished; `leaveProject` or `stayInProject` answers.
    void leavingAsked();
    void datasetChanged();  ///< another session, or none
    void modelChanged();    ///< report, error or path
    void maxLengthChanged();
    void failed(const preflab::Error& error);  ///< something the user asked for could not be opened

private:
    struct WantedProject {
        std::filesystem::path folder;
        std::function<void()> then;
    };
    /// The project that is being opened; its worker closes it again where another one is wanted by then.
    struct Opening {
        std::filesystem::path folder;
        std::vector<std::function<void()>> thens;
        std::stop_source stop;
    };
    bool isOpen(const std::filesystem::path& folder) const;
    bool joinsOpening(const WantedProject& wanted);
    void open(const WantedProject& wanted);
    void adopt(std::shared_ptr<Project> project, ProjectState state);
    void closeDataset();
    void withProject(std::function<void()> then);
    void doWhatWaited();
    void saveState();
    void noteRecent();

    Backend& m_backend;
    AppSettings& m_settings;
    QThreadPool m_files;  ///< one thread: writes of the state keep their order
    std::shared_ptr<Project> m_project;
    ProjectState m_state;
    std::unique_ptr<RunCenter> m_runs;
    std::unique_ptr<DatasetSession> m_dataset;
    QThreadPool m_projects;  ///< one thread: a project that is not wanted any more is closed before the next is opened
    std::optional<ModelReport> m_model;
    std::optional<Error> m_modelError;
    std::filesystem::path m_modelPath;
    std::int64_t m_maxLength = 0;
    quint64 m_modelGeneration = 0;
    int m_openings = 0;
    bool m_isOpening = false;                      ///< the project that was asked for last
    std::shared_ptr<Opening> m_opening;            ///< it, unless an answer is waited for
    std::vector<std::function<void()>> m_waiting;  ///< what is to be opened in it
    std::optional<WantedProject> m_asked;          ///< waits for an answer to `leavingAsked`
};

}  // namespace preflab
