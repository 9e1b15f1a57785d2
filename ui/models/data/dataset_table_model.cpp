// SPDX-License-Identifier: GPL-3.0-or-later
// Figures come from columns in memory, texts from a cache that a worker fills.
#include "ui/models/data/dataset_table_model.h"

#include "ui/models/app/background.h"
#include "ui/models/data/row_preview.h"

#include <QLocale>
#include <QtConcurrent>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

namespace preflab {
namespace {

constexpr int kKeptPreviews = 4000;
/// Read ahead of what is asked for, so that scrolling meets texts that are there already.
constexpr int kRowsAhead = 60;
constexpr int kMostAtOnce = 1000;
/// Looking for a row in the view takes a fraction of a millisecond; for more rows everything is painted again.
constexpr std::size_t kMostSingleRows = 20;
constexpr std::uint32_t kRowsLookedAt = 2000;

const QList<int>& previewRoles()
{
    static const QList<int> roles{Qt::DisplayRole, Qt::ToolTipRole, DatasetTableModel::SortRole,
                                  DatasetTableModel::HitsRole, DatasetTableModel::LoadedRole};
    return roles;
}

}  // namespace

DatasetTableModel::DatasetTableModel(QObject* parent) : QAbstractTableModel(parent), m_previews(kKeptPreviews)
{
    m_pool.setMaxThreadCount(1);
    m_loadTimer.setSingleShot(true);
    m_loadTimer.setInterval(0);
    connect(&m_loadTimer, &QTimer::timeout, this, &DatasetTableModel::loadRequested);
}

DatasetTableModel::~DatasetTableModel()
{
    m_pool.waitForDone();
}

// A look at some rows tells what is usual; all of a million would take too long here.
void DatasetTableModel::takeInputs(const ViewInputs& inputs)
{
    m_inputs = inputs;
    const std::uint32_t rows = inputs.source ? inputs.source->size() : 0;
    const std::uint32_t stride = std::max(1U, rows / kRowsLookedAt);
    std::vector<double> gaps;
    for (std::uint32_t row = 0; row < rows; row += stride) {
        if (const auto lengths = inputs.lengths(row))
            gaps.push_back(std::abs(static_cast<double>(lengths->chosen - lengths->rejected)));
    }
    if (gaps.empty()) return;
    const auto usual = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() * 19 / 20);
    std::ranges::nth_element(gaps, usual);
    m_usualGap = std::max(1.0, *usual);
}

void DatasetTableModel::setView(const ViewInputs& inputs, std::shared_ptr<const ViewIndex> view)
{
    beginResetModel();
    takeInputs(inputs);
    m_view = std::move(view);
    m_previews.clear();
    m_requested.clear();
    ++m_generation;
    endResetModel();
}

void DatasetTableModel::setFigures(const ViewInputs& inputs)
{
    const bool hadTokens = areLengthsTokens();
    takeInputs(inputs);
    if (hadTokens != areLengthsTokens()) Q_EMIT headerDataChanged(Qt::Horizontal, PromptLength, LengthGap);
    if (rowCount() == 0) return;
    Q_EMIT dataChanged(index(0, Turns), index(rowCount() - 1, ColumnCount - 1));
}

void DatasetTableModel::refreshRows(const std::vector<std::uint32_t>& rows, const ViewInputs& inputs)
{
    m_inputs = inputs;
    if (rows.size() > kMostSingleRows) {
        m_previews.clear();
        ++m_generation;
        if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    for (const std::uint32_t row : rows) {
        m_previews.remove(row);
        if (m_isLoading) m_changedSince.insert(row);
        const int position = positionOf(row);
        if (position >= 0) Q_EMIT dataChanged(index(position, 0), index(position, ColumnCount - 1));
    }
}

int DatasetTableModel::positionOf(std::uint32_t row) const
{
    const auto position = m_view ? m_view->positionOf(row) : std::nullopt;
    return position ? static_cast<int>(*position) : -1;
}

std::optional<std::uint32_t> DatasetTableModel::rowAt(int position) const
{
    if (position < 0 || position >= rowCount()) return std::nullopt;
    return m_view->row(static_cast<std::uint32_t>(position));
}

ViewColumn DatasetTableModel::viewColumnOf(int column)
{
    static constexpr ViewColumn kColumns[] = {
        ViewColumn::Number,       ViewColumn::Prompt,         ViewColumn::Turns,     ViewColumn::PromptLength,
        ViewColumn::ChosenLength, ViewColumn::RejectedLength, ViewColumn::LengthGap, ViewColumn::Similarity,
        ViewColumn::Flags,        ViewColumn::Label};
    static_assert(std::size(kColumns) == ColumnCount);
    return kColumns[std::clamp<int>(column, 0, ColumnCount - 1)];
}

int DatasetTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_view ? 0 : static_cast<int>(m_view->size());
}

int DatasetTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

DatasetTableModel::PreviewPointer DatasetTableModel::preview(int position) const
{
    if (const PreviewPointer* found = m_previews.object(m_view->row(static_cast<std::uint32_t>(position))))
        return *found;
    m_requested.insert(position);
    if (!m_isLoading && !m_loadTimer.isActive()) m_loadTimer.start();
    return nullptr;
}

void DatasetTableModel::loadRequested()
{
    if (m_isLoading || m_requested.empty() || !m_view) return;
    // The latest requests are what is on the screen now; of a long jump the rest is not wanted any more.
    const int first = std::max(0, *m_requested.begin() - kRowsAhead);
    const int last = std::min({rowCount() - 1, *m_requested.rbegin() + kRowsAhead, first + kMostAtOnce});
    m_requested.erase(m_requested.begin(), m_requested.upper_bound(last));
    std::vector<std::pair<int, std::uint32_t>> wanted;
    for (int position = first; position <= last; ++position) {
        const std::uint32_t row = m_view->row(static_cast<std::uint32_t>(position));
        if (!m_previews.contains(row)) wanted.emplace_back(position, row);
    }
    m_isLoading = true;
    m_changedSince.clear();
    const auto read = [rows = m_inputs.rows, search = m_view->query().search, wanted] {
        Loaded loaded;
        const PreviewReader reader(*rows, search);
        for (const auto& [position, row] : wanted)
            loaded.emplace_back(position, std::make_shared<const RowPreview>(reader.read(row)));
        return loaded;
    };
    whenDone(QtConcurrent::run(&m_pool, read), this, [this, generation = m_generation](const Loaded& loaded) {
        m_isLoading = false;
        if (generation == m_generation) take(loaded);
        if (!m_requested.empty()) m_loadTimer.start();
    });
}

void DatasetTableModel::take(const Loaded& loaded)
{
    for (const auto& [position, preview] : loaded) {
        const std::uint32_t row = m_view->row(static_cast<std::uint32_t>(position));
        if (!m_changedSince.contains(row)) m_previews.insert(row, new PreviewPointer(preview));
    }
    for (std::size_t begin = 0; begin < loaded.size();) {
        std::size_t end = begin + 1;
        while (end < loaded.size() && loaded[end].first == loaded[end - 1].first + 1) ++end;
        Q_EMIT dataChanged(index(loaded[begin].first, Prompt), index(loaded[end - 1].first, Prompt), previewRoles());
        begin = end;
    }
}

QVariant DatasetTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
    const std::uint32_t row = m_view->row(static_cast<std::uint32_t>(index.row()));
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::TextAlignmentRole) {
        const bool isText = column == Prompt || column == Flags || column == Label;
        return QVariant((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    if (role == RowIdRole || role == FlagsRole || role == ExcludedRole || role == EditedRole || role == VoteRole)
        return rowData(row, role);
    if (column == Prompt) return previewData(index.row(), role);
    return figureData(row, column, role);
}

QVariant DatasetTableModel::previewData(int position, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
    case SortRole:
    case HitsRole:
    case LoadedRole:
        break;
    default:
        return {};
    }
    const PreviewPointer found = preview(position);
    if (role == LoadedRole) return found != nullptr;
    if (!found) return {};
    if (role == HitsRole) return QVariant::fromValue(found->hits);
    return role == Qt::ToolTipRole ? found->toolTip : found->text;
}

QVariant DatasetTableModel::rowData(std::uint32_t row, int role) const
{
    const RowState* state = m_inputs.states.find(row);
    switch (role) {
    case RowIdRole:
        return row;
    case FlagsRole: {
        const RowFigures* figures = m_inputs.figures(row);
        return figures != nullptr ? uint{figures->flags} : 0U;
    }
    case ExcludedRole:
        return state != nullptr && state->isExcluded;
    case EditedRole:
        return state != nullptr && state->isEdited();
    case VoteRole:
        return state != nullptr && state->vote ? static_cast<int>(state->vote->vote) : -1;
    default:
        return {};
    }
}

std::optional<std::int64_t> DatasetTableModel::figure(std::uint32_t row, Column column) const
{
    if (column == Number) return static_cast<std::int64_t>(m_inputs.source->sourceNumber(row));
    if (column == Turns || column == Similarity) {
        const RowFigures* figures = m_inputs.figures(row);
        if (figures == nullptr) return std::nullopt;
        if (column == Turns) return figures->turns;
        return m_inputs.kind == RowKind::Preference ? std::optional<std::int64_t>(figures->similarity) : std::nullopt;
    }
    const auto lengths = m_inputs.lengths(row);
    if (!lengths) return std::nullopt;
    switch (column) {
    case PromptLength:
        return lengths->prompt;
    case ChosenLength:
        return lengths->chosen;
    case RejectedLength:
        return lengths->rejected;
    default:
        return lengths->chosen - lengths->rejected;
    }
}

QVariant DatasetTableModel::figureData(std::uint32_t row, Column column, int role) const
{
    if (role == LoadedRole) return true;
    if (role == LabelToneRole) return column == Label ? labelTone(row) : QVariant();
    if (role == GapRole && column == LengthGap)
        return static_cast<double>(figure(row, column).value_or(0)) / m_usualGap;
    if (role != Qt::DisplayRole && role != SortRole) return {};
    if (column == Flags) return role == SortRole ? rowData(row, FlagsRole) : QVariant(flagsText(row));
    if (column == Label) return role == SortRole ? rowData(row, VoteRole) : QVariant(labelText(row));
    const auto value = figure(row, column);
    if (!value) return {};
    if (role == SortRole) return QVariant::fromValue(static_cast<qlonglong>(*value));
    const QString number = QLocale().toString(static_cast<qlonglong>(std::abs(*value)));
    if (column == Similarity) return tr("%1 %").arg(number);
    if (column != LengthGap || *value == 0) return number;
    return QString(QChar(*value > 0 ? u'+' : u'\u2212') + number);
}

QString DatasetTableModel::flagsText(std::uint32_t row) const
{
    const RowFigures* figures = m_inputs.figures(row);
    QStringList texts;
    for (const RowFlag flag : kRowFlags) {
        if (figures != nullptr && figures->has(flag)) texts << flagText(flag);
    }
    return texts.join(QStringLiteral(", "));
}

}  // namespace preflab
