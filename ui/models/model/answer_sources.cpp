// SPDX-License-Identifier: GPL-3.0-or-later
// Base model and trained models of a project.
#include "ui/models/model/answer_sources.h"

#include "core/runs/trained_model.h"
#include "ui/models/app/background.h"
#include "ui/models/app/number_text.h"
#include "ui/models/app/workspace.h"
#include "ui/models/runs/run_center.h"

#include <QtConcurrent>

#include <utility>

namespace preflab {
namespace {

struct RunToLookAt {
    QString name;
    std::filesystem::path folder;
};

struct RunWithWeights {
    QString name;
    TrainedModel model;
};

std::vector<RunWithWeights> withWeights(const std::vector<RunToLookAt>& runs)
{
    std::vector<RunWithWeights> found;
    for (const RunToLookAt& run : runs) {
        if (auto model = trainedModelOf(run.folder)) found.push_back({run.name, *std::move(model)});
    }
    return found;
}

}  // namespace

AnswerSources::AnswerSources(Workspace& workspace, QObject* parent) : QAbstractListModel(parent), m_workspace(workspace)
{
    connect(&workspace, &Workspace::projectChanged, this, [this] {
        followRuns();
        refresh();
    });
    connect(&workspace, &Workspace::modelChanged, this, &AnswerSources::refresh);
    followRuns();
    refresh();
}

void AnswerSources::followRuns()
{
    RunCenter* runs = m_workspace.runs();
    if (runs == nullptr) return;
    connect(runs, &RunCenter::listChanged, this, &AnswerSources::refresh);
    connect(runs, &RunCenter::ended, this, &AnswerSources::refresh);
}

void AnswerSources::refresh()
{
    std::vector<RunToLookAt> runs;
    if (const RunCenter* center = m_workspace.runs()) {
        const std::vector<RunEntry>& entries = center->runs();
        for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
            runs.push_back(
                {QString::fromStdString(entry->record.name), m_workspace.project()->runFolder(entry->record.id)});
        }
    }
    whenDone(QtConcurrent::run(&withWeights, std::move(runs)), this,
             [this, generation = ++m_generation](const std::vector<RunWithWeights>& found) {
                 if (generation != m_generation) return;
                 std::vector<Source> sources;
                 for (const auto& [name, model] : found) {
                     const QString shown = model.step ? tr("%1, step %2").arg(name, groupedText(*model.step)) : name;
                     sources.push_back({shown, model.folder});
                 }
                 setRuns(std::move(sources));
             });
}

void AnswerSources::setRuns(std::vector<Source> runs)
{
    std::vector<Source> sources = std::move(runs);
    if (const auto& base = m_workspace.modelPath(); !base.empty())
        sources.insert(sources.begin(), {tr("Base model"), base});
    if (sources == m_sources) return;
    beginResetModel();
    m_sources = std::move(sources);
    endResetModel();
}

int AnswerSources::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_sources.size());
}

QVariant AnswerSources::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const Source& source = m_sources[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole) return source.name;
    if (role == Qt::ToolTipRole || role == FolderRole) return QString::fromStdString(source.folder.string());
    return {};
}

int AnswerSources::rowOf(const std::filesystem::path& folder) const
{
    for (std::size_t i = 0; i < m_sources.size(); ++i)
        if (m_sources[i].folder == folder) return static_cast<int>(i);
    return -1;
}

}  // namespace preflab
