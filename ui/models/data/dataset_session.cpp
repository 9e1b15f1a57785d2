// SPDX-License-Identifier: GPL-3.0-or-later
// Opening, measuring and what is shown: work on threads, values back.
#include "ui/models/data/dataset_session.h"

#include "core/data/journal/dataset_mapping.h"
#include "core/data/journal/edited_dataset.h"
#include "core/data/rows/row_text.h"
#include "core/project/project.h"
#include "ui/models/app/background.h"
#include "ui/models/data/dataset_table_model.h"

#include <QCoreApplication>
#include <QtConcurrent>

#include <algorithm>
#include <chrono>
#include <utility>

namespace preflab {
namespace {

constexpr int kQueryThreads = 3;
constexpr auto kProgressInterval = std::chrono::milliseconds(50);

using ViewResult = Result<std::shared_ptr<const ViewIndex>>;

ViewResult builtView(const ViewInputs& inputs, const ViewQuery& query, const std::stop_token& stop)
{
    if (!inputs.source) return fail(ErrorCode::Cancelled);
    TRY(auto index, ViewIndex::build(inputs, query, stop));
    return std::make_shared<const ViewIndex>(std::move(index));
}

Result<SharedRows<EditedFigures>> figuresOfEdited(const RowStates& states, const RowSource& rows)
{
    std::vector<std::pair<std::uint32_t, std::optional<EditedFigures>>> figures;
    for (const std::uint32_t row : states.rows()) {
        if (!states.find(row)->isEdited()) continue;
        TRY(const Row now, rows.row(row));
        figures.emplace_back(row, EditedFigures{figuresOf(now), {}});
    }
    SharedRows<EditedFigures> edited;
    edited.setAll(std::move(figures));
    return edited;
}

Result<PairDetails> readPair(const ViewInputs& inputs, std::uint32_t row, DiffUnit unit)
{
    // Asked for before the dataset is open: whoever asked will ask again.
    if (!inputs.source || row >= inputs.source->size()) return fail(ErrorCode::Cancelled);
    PairDetails details;
    details.row = row;
    details.sourceNumber = inputs.source->sourceNumber(row);
    TRY(details.given, inputs.rows->row(row));
    details.shown = shownRow(details.given);
    details.figures = figuresOf(details.given);
    if (const RowState* state = inputs.states.find(row)) details.state = *state;
    details.chosenText = plainText(details.shown.chosen);
    details.rejectedText = plainText(details.shown.rejected);
    if (details.given.kind == RowKind::Preference)
        details.diff = diffTexts(details.chosenText, details.rejectedText, unit);
    return details;
}

}  // namespace

struct DatasetSession::Opened {
    std::shared_ptr<const Dataset> dataset;
    ViewInputs inputs;
    std::shared_ptr<const ViewIndex> view;
    std::shared_ptr<Journal> journal;
    JournalNow now;
    VoteCounts votes;
};

DatasetSession::DatasetSession(std::shared_ptr<Project> project, const std::filesystem::path& path, QObject* parent)
    : QObject(parent), m_project(std::move(project)), m_path(path), m_table(new DatasetTableModel(this))
{
    // Jobs use all cores themselves where it pays; two may overlap (measuring and counting).
    m_jobs.setMaxThreadCount(2);
    m_queries.setMaxThreadCount(kQueryThreads);
    m_edits.setMaxThreadCount(1);
    open();
}

DatasetSession::~DatasetSession()
{
    m_stop.request_stop();
    m_queryStop.request_stop();
    m_tokenStop.request_stop();
    m_edits.waitForDone();
    m_queries.waitForDone();
    m_jobs.waitForDone();
    // Its acknowledgements come to this object; it waits for those that are still on their way.
    m_journal.reset();
}

ProgressSink DatasetSession::progressSink()
{
    // Called by one worker; the session outlives its jobs.
    return [this, next = std::chrono::steady_clock::time_point()](std::string_view phase, std::uint64_t done,
                                                                  std::uint64_t total) mutable {
        const auto now = std::chrono::steady_clock::now();
        if (now < next) return;
        next = now + kProgressInterval;
        const QString text = QCoreApplication::translate("progress", std::string(phase).c_str());
        QMetaObject::invokeMethod(this, [this, text, done, total] { Q_EMIT progressChanged(text, done, total); });
    };
}

void DatasetSession::open()
{
    const auto work = [path = m_path, project = m_project, progress = progressSink(),
                       stop = m_stop.get_token()]() -> Result<Opened> {
        Opened opened;
        const EditSource edits = [&](const Dataset& data) -> Result<JournalView> {
            TRY(opened.journal, Journal::open(project, data));
            return opened.journal->view();
        };
        TRY(const ColumnMapping columns, keptMapping(*project, path));
        TRY(EditedDataset dataset, openEditedDataset(path, {{}, columns}, edits, progress, stop));
        opened.now = JournalNow::of(*opened.journal);
        opened.inputs.source = dataset.data.rows;
        opened.inputs.rows = dataset.rows;
        opened.inputs.states = dataset.edits.states;
        TRY(opened.inputs.edited, figuresOfEdited(dataset.edits.states, *dataset.rows));
        opened.inputs.kind = dataset.data.kind;
        opened.votes = countVotes(dataset.edits.states);
        opened.dataset = std::make_shared<const Dataset>(std::move(dataset.data));
        TRY(opened.view, builtView(opened.inputs, {}, stop));
        return opened;
    };
    whenDone(QtConcurrent::run(&m_jobs, work), this, [this](const Result<Opened>& opened) { takeOpened(opened); });
}

void DatasetSession::takeOpened(const Result<Opened>& result)
{
    if (!result) {
        m_phase = Phase::Failed;
        m_error = result.error();
        Q_EMIT failed(*m_error);
        return;
    }
    m_phase = Phase::Open;
    m_dataset = result->dataset;
    m_inputs = result->inputs;
    m_journal = result->journal;
    m_journalPosition = result->now.view.position;
    m_votes = result->votes;
    m_absentRows = result->now.view.absentRows;
    m_otherColumnsRows = result->now.view.otherColumnsRows;
    takeUndo(result->now);
    showView(result->view);
    Q_EMIT opened();
    measure();
    if (m_query != ViewQuery()) buildCurrentView();
    if (m_pendingTokens) countTokens(*std::exchange(m_pendingTokens, std::nullopt));
}

void DatasetSession::cancelOpening()
{
    if (m_phase == Phase::Opening) m_stop.request_stop();
}

void DatasetSession::measure()
{
    const auto work = [source = m_inputs.source, progress = progressSink(), stop = m_stop.get_token()] {
        return measureRows(*source, progress, stop);
    };
    whenDone(QtConcurrent::run(&m_jobs, work), this, [this](Result<FiguresByRow> columns) {
        if (!columns) {
            Q_EMIT failed(columns.error());
            return;
        }
        m_inputs.columns = std::make_shared<const FiguresByRow>(*std::move(columns));
        m_table->setFigures(m_inputs);
        Q_EMIT columnsChanged();
        // Conditions and orders on figures waited for them.
        if (m_query != ViewQuery()) buildCurrentView();
    });
}

void DatasetSession::setQuery(const ViewQuery& query)
{
    m_query = query;
    if (m_phase == Phase::Open) buildCurrentView();
}

void DatasetSession::buildCurrentView()
{
    m_queryStop.request_stop();
    m_queryStop = std::stop_source();
    const auto work = [inputs = m_inputs, query = m_query, stop = m_queryStop.get_token()] {
        return builtView(inputs, query, stop);
    };
    whenDone(QtConcurrent::run(&m_queries, work), this,
             [this, generation = ++m_queryGeneration](const ViewResult& view) {
                 if (generation == m_queryGeneration) takeView(view);
             });
    if (std::exchange(m_isQuerying, true)) return;
    Q_EMIT queryingChanged();
}

void DatasetSession::takeView(const ViewResult& view)
{
    m_isQuerying = false;
    if (view) showView(*view);
    Q_EMIT queryingChanged();
    if (view)
        Q_EMIT viewChanged();
    else
        Q_EMIT queryFailed(view.error());
}

void DatasetSession::showView(const std::shared_ptr<const ViewIndex>& view)
{
    const int position = m_currentRow ? m_table->positionOf(*m_currentRow) : 0;
    m_view = view;
    m_table->setView(m_inputs, m_view);
    if (m_currentRow && m_view->positionOf(*m_currentRow)) return;
    // What was selected is left out: what stands in its place is selected instead.
    const int nearest = std::min(std::max(position, 0), static_cast<int>(m_view->size()) - 1);
    setCurrentRow(m_table->rowAt(nearest));
}

QFuture<ViewResult> DatasetSession::buildView(const ViewQuery& query)
{
    return QtConcurrent::run(
        &m_queries, [inputs = m_inputs, query, stop = m_stop.get_token()] { return builtView(inputs, query, stop); });
}

std::optional<ViewQuery> DatasetSession::queryFor(Finding::Kind kind)
{
    ViewQuery query;
    if (kind == Finding::Kind::IdenticalSides) query.flags = static_cast<std::uint8_t>(RowFlag::IdenticalSides);
    if (kind == Finding::Kind::EmptySide) query.flags = static_cast<std::uint8_t>(RowFlag::EmptySide);
    return query.flags != 0 ? std::optional(query) : std::nullopt;
}

void DatasetSession::setCurrentRow(std::optional<std::uint32_t> row)
{
    if (row == m_currentRow) return;
    m_currentRow = row;
    Q_EMIT currentRowChanged();
}

QFuture<Result<PairDetails>> DatasetSession::pair(std::uint32_t row, DiffUnit unit)
{
    return QtConcurrent::run(&m_queries, [inputs = m_inputs, row, unit] { return readPair(inputs, row, unit); });
}

}  // namespace preflab
