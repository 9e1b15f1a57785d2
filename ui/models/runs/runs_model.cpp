// SPDX-License-Identifier: GPL-3.0-or-later
// Rows over the center's list; what computes now is read from its controller.
#include "ui/models/runs/runs_model.h"

#include "ui/models/app/number_text.h"
#include "ui/models/app/table_roles.h"
#include "ui/models/runs/run_center.h"

#include <QLocale>
#include <QPointF>

#include <algorithm>
#include <cmath>

namespace preflab {
namespace {

/// The metric behind a column; empty for other columns. Held-out ones, which all methods share, but for the loss.
std::string metricOf(RunsModel::Column column)
{
    switch (column) {
    case RunsModel::Loss:
        return "loss";
    case RunsModel::Accuracy:
        return "heldout/accuracy_sum";
    case RunsModel::Margin:
        return "heldout/margin_mean";
    default:
        return {};
    }
}

/// What a run that computes logged of a metric until now, as summarize() has it of one that is over.
std::optional<MetricSummary> summed(const MetricsStore& metrics, const std::string& metric)
{
    const MetricSeries* series = metrics.find(metric);
    if (series == nullptr || series->extremes().isEmpty()) return std::nullopt;
    const std::vector<double>& values = series->values();
    const auto stepAt = [&](auto value) {
        return metrics.step(series->row(static_cast<std::size_t>(value - values.begin())));
    };
    const auto isFinite = [](double value) { return std::isfinite(value); };
    const auto first = std::ranges::find_if(values, isFinite);
    const auto last = std::prev(std::find_if(values.rbegin(), values.rend(), isFinite).base());
    const auto lowest = std::ranges::find(values, series->extremes().lowest);
    const auto highest = std::ranges::find(values, series->extremes().highest);
    return MetricSummary{metric,        *first,       *last,          *lowest,        *highest,
                         stepAt(first), stepAt(last), stepAt(lowest), stepAt(highest)};
}

QString methodText(const RunEntry& entry, const ComponentDescription* method)
{
    if (method == nullptr) return QString::fromStdString(entry.record.method);
    // Beta or lambda: the method's first number.
    const auto found = std::ranges::find_if(
        method->params, [](const ParamSpec& spec) { return std::holds_alternative<double>(spec.defaultValue); });
    if (found == method->params.end()) return QString::fromStdString(method->title);
    const ParamSpec& main = *found;
    const auto given = entry.record.spec.params.find(main.key);
    const auto usual = method->defaults.find(main.key);
    const ParamValue value = given != entry.record.spec.params.end() ? given->second
                             : usual != method->defaults.end()       ? usual->second
                                                                     : main.defaultValue;
    const QString name = QString::fromStdString(main.title.empty() ? main.key : main.title).toLower();
    // As it was ordered: 0.25 is not 0.3.
    const auto* number = std::get_if<double>(&value);
    return QString::fromStdString(method->title) + QStringLiteral(", ") + name + QLatin1Char(' ') +
           (number != nullptr ? QLocale().toString(*number, 'g', QLocale::FloatingPointShortest)
                              : QString::fromStdString(toText(value)));
}

}  // namespace

RunsModel::RunsModel(RunCenter& center, QObject* parent) : QAbstractTableModel(parent), m_center(center) {}

int RunsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_center.runs().size());
}

int RunsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const RunEntry& RunsModel::entry(int row) const
{
    const auto& runs = m_center.runs();
    return runs[runs.size() - 1 - static_cast<std::size_t>(row)];
}

QString RunsModel::runAt(int row) const
{
    return row >= 0 && row < rowCount() ? QString::fromStdString(entry(row).record.id) : QString();
}

int RunsModel::rowOf(const QString& run) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (runAt(row) == run) return row;
    }
    return -1;
}

QVariant RunsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
    const RunEntry& run = entry(index.row());
    const auto column = static_cast<Column>(index.column());
    const QString id = QString::fromStdString(run.record.id);
    switch (role) {
    case Qt::DisplayRole:
        return display(run, column);
    case Qt::EditRole:
        return column == Name ? display(run, Name) : QVariant();
    case Qt::TextAlignmentRole:
        return int(
            (column == Steps || column == Duration || !metricOf(column).empty() ? Qt::AlignRight : Qt::AlignLeft) |
            Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return run.record.reason.empty() ? QVariant() : QString::fromStdString(run.record.reason);
    case RunIdRole:
        return id;
    case SortRole:
        return sortKey(run, column);
    case SeriesIndexRole:
        return m_center.seriesIndexOf(id);
    case NoteRole:
        return QString::fromStdString(run.record.note);
    case BestRole:
        return bestText(run, column);
    case StateRole: {
        const auto live = m_center.live(id);
        if (!live) return QString::fromStdString(run.record.outcome);
        return live->state() == RunState::Waiting  ? QStringLiteral("waiting")
               : live->state() == RunState::Paused ? QStringLiteral("paused")
                                                   : QStringLiteral("running");
    }
    case SparklineRole: {
        QList<QPointF> points;
        for (const auto& [step, value] : run.summary.sparkline) points.push_back({static_cast<qreal>(step), value});
        return QVariant::fromValue(points);
    }
    default:
        return {};
    }
}

QVariant RunsModel::display(const RunEntry& run, Column column) const
{
    const auto live = m_center.live(QString::fromStdString(run.record.id));
    switch (column) {
    case Name:
        return QString::fromStdString(run.record.name);
    case Method:
        return methodText(run, m_center.method(run.record.method));
    case Outcome:
        return live ? live->stateText() : outcomeText(run.record.outcome);
    case Steps:
        return QString::number(live ? live->step() : run.record.steps);
    case Loss:
    case Accuracy:
    case Margin:
        return metricText(run, column);
    case Created:
        return momentText(run.record.created);
    case Duration:
        return spanText(live ? live->elapsedSeconds() : run.summary.seconds);
    case Curve:
    case ColumnCount:
        break;
    }
    return {};
}

QString RunsModel::outcomeText(const std::string& outcome)
{
    return outcome == "finished"    ? tr("finished")
           : outcome == "cancelled" ? tr("stopped")
           : outcome == "failed"    ? tr("failed")
           : outcome == "waiting"   ? tr("waiting")
           : outcome == "running"   ? tr("running")
                                    : tr("interrupted");
}

QString RunsModel::metricText(const RunEntry& run, Column column) const
{
    const std::string metric = metricOf(column);
    if (const auto live = m_center.live(QString::fromStdString(run.record.id)))
        return preflab::metricText(metric, live->metrics().last(metric));
    const MetricSummary* summary = run.summary.find(metric);
    return summary == nullptr ? QStringLiteral("–") : preflab::metricText(metric, summary->last);
}

std::optional<MetricSummary> RunsModel::summaryOf(const RunEntry& run, const std::string& metric) const
{
    if (const auto live = m_center.live(QString::fromStdString(run.record.id))) return summed(live->metrics(), metric);
    const MetricSummary* stored = run.summary.find(metric);
    return stored == nullptr ? std::nullopt : std::optional(*stored);
}

std::size_t RunsModel::checkpointsOf(const RunEntry& run) const
{
    const auto live = m_center.live(QString::fromStdString(run.record.id));
    return live ? live->checkpoints().size() : run.summary.checkpoints.size();
}

QString RunsModel::bestText(const RunEntry& run, Column column) const
{
    const std::string metric = metricOf(column);
    const auto summary = metric.empty() ? std::nullopt : summaryOf(run, metric);
    if (!summary) return {};
    const bool isLowest = column == Loss;
    return tr("best %1 at step %2")
        .arg(preflab::metricText(metric, isLowest ? summary->lowest : summary->highest))
        .arg(isLowest ? summary->lowestStep : summary->highestStep);
}

QVariant RunsModel::sortKey(const RunEntry& run, Column column) const
{
    const std::string metric = metricOf(column);
    const auto live = m_center.live(QString::fromStdString(run.record.id));
    if (!metric.empty()) {
        const MetricSummary* stored = run.summary.find(metric);
        const double last = live ? live->metrics().last(metric) : stored != nullptr ? stored->last : std::nan("");
        return std::isnan(last) ? -1e300 : last;  // without a value, and without an order of its own
    }
    switch (column) {
    case Steps:
        return static_cast<qlonglong>(live ? live->step() : run.record.steps);
    case Created:
    case Curve:
        return static_cast<qlonglong>(run.record.number);
    case Duration:
        return live ? live->elapsedSeconds() : run.summary.seconds;
    default:
        return display(run, column);
    }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    const bool isNumber = (section >= Steps && section <= Margin) || section == Duration;
    if (role == Qt::TextAlignmentRole && isNumber) return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Accuracy)
        return tr("Share of held-out pairs ranked correctly, at the last evaluation");
    if (role == Qt::ToolTipRole && section == Margin)
        return tr("By how much held-out chosen answers lead, at the last evaluation");
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Name:
        return tr("Run");
    case Method:
        return tr("Method");
    case Outcome:
        return tr("Outcome");
    case Steps:
        return tr("Steps");
    case Loss:
        return tr("Loss");
    case Accuracy:
        return tr("Accuracy");
    case Margin:
        return tr("Margin");
    case Curve:
        return tr("Loss curve");
    case Created:
        return tr("Started");
    case Duration:
        return tr("Duration");
    default:
        return {};
    }
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() && index.column() == Name ? flags | Qt::ItemIsEditable : flags;
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !index.isValid() || index.column() != Name) return false;
    const QString name = value.toString().trimmed();
    if (name.isEmpty() || name == display(entry(index.row()), Name).toString()) return false;
    m_center.rename(runAt(index.row()), name);
    return true;
}

void RunsModel::replace(std::vector<RunEntry>& shown, std::vector<RunEntry> next)
{
    const auto isGone = [&next](const RunEntry& entry) {
        return std::ranges::none_of(next,
                                    [&](const RunEntry& kept) { return kept.record.number == entry.record.number; });
    };
    for (std::size_t i = shown.size(); i-- > 0;) {
        if (!isGone(shown[i])) continue;
        const int row = static_cast<int>(shown.size() - 1 - i);
        beginRemoveRows({}, row, row);
        shown.erase(shown.begin() + static_cast<std::ptrdiff_t>(i));
        endRemoveRows();
    }
    for (std::size_t i = 0; i < next.size(); ++i) {
        if (i < shown.size() && shown[i].record.number == next[i].record.number)
            shown[i] = std::move(next[i]);
        else
            insert(shown, i, std::move(next[i]));
    }
    if (!shown.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void RunsModel::append(std::vector<RunEntry>& shown, RunEntry run)
{
    const std::size_t end = shown.size();
    insert(shown, end, std::move(run));
}

void RunsModel::insert(std::vector<RunEntry>& shown, std::size_t position, RunEntry run)
{
    const int row = static_cast<int>(shown.size() - position);
    beginInsertRows({}, row, row);
    shown.insert(shown.begin() + static_cast<std::ptrdiff_t>(position), std::move(run));
    endInsertRows();
}

void RunsModel::refreshRun(const QString& run)
{
    const int row = rowOf(run);
    if (row >= 0) Q_EMIT dataChanged(index(row, Name + 1), index(row, ColumnCount - 1));
}

}  // namespace preflab
