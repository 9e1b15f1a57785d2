// SPDX-License-Identifier: GPL-3.0-or-later
// The two tables of a comparison.
#include "ui/models/app/table_roles.h"
#include "ui/models/compare/comparison_set.h"

#include <QLocale>

#include <algorithm>
#include <optional>

namespace preflab {
namespace {

QString withTrueMinus(QString text)
{
    return text.replace(QLatin1Char('-'), QChar(0x2212));
}

}  // namespace

QString measureText(const MetricDescription& metric, double value)
{
    const QLocale locale;
    if (metric.unit == "share") return withTrueMinus(locale.toString(100.0 * value, 'f', 1)) + QStringLiteral(" %");
    return withTrueMinus(locale.toString(value, 'f', 3));
}

HeldOutModel::HeldOutModel(ComparisonSet& set, QObject* parent) : QAbstractTableModel(parent), m_set(set)
{
    connect(&set, &ComparisonSet::comparisonChanged, this, [this] {
        beginResetModel();
        endResetModel();
    });
    connect(&set, &ComparisonSet::runsRenamed, this, [this] {
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
        if (rowCount() > 0) Q_EMIT dataChanged(index(0, columnCount() - 1), index(rowCount() - 1, columnCount() - 1));
    });
}

int HeldOutModel::runCount() const
{
    return static_cast<int>(m_set.controllers().size());
}

int HeldOutModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_set.comparison() ? 0 : static_cast<int>(m_set.comparison()->heldOut.size());
}

int HeldOutModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : runCount() + 3;
}

QString HeldOutModel::resultText(const ComparedMetric& metric) const
{
    const auto isUnknown = [](const auto& value) { return value && !value->after; };
    if (std::ranges::any_of(metric.values, isUnknown)) return tr("not measured");
    if (!metric.best) return tr("no difference");
    return tr("%1 is better").arg(m_set.controllers()[*metric.best]->name());
}

QVariant HeldOutModel::data(const QModelIndex& index, int role) const
{
    const bool isInside = m_set.comparison() && index.row() < rowCount();
    if (!index.isValid() || !isInside) return {};
    const ComparedMetric& metric = m_set.comparison()->heldOut[static_cast<std::size_t>(index.row())];
    const int run = index.column() - 2;
    if (role == Qt::ToolTipRole) return QString::fromStdString(metric.metric.help);
    if (role == ToneRole && index.column() == 1) return QStringLiteral("text.muted");
    if (role == ToneRole && run == runCount() && !metric.best) return QStringLiteral("text.muted");
    if (role != Qt::DisplayRole) return {};
    if (index.column() == 0) {
        const QString title = QString::fromStdString(metric.metric.title);
        return metric.metric.isHigherBetter ? title : tr("%1 ↓").arg(title);
    }
    if (index.column() == 1) {
        const auto found = std::ranges::find_if(metric.values, [](const auto& value) { return value.has_value(); });
        return found == metric.values.end() ? QString() : measureText(metric.metric, (*found)->before);
    }
    if (run == runCount()) return resultText(metric);
    const auto& value = metric.values[static_cast<std::size_t>(run)];
    return value && value->after ? measureText(metric.metric, *value->after) : tr("not measured");
}

QVariant HeldOutModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    const bool isFigures = section > 0 && section < runCount() + 2;
    if (role == Qt::TextAlignmentRole && isFigures) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    if (section == 0) return tr("Measure");
    if (section == 1) return tr("Base");
    if (section == runCount() + 2) return tr("Result");
    return section - 2 < runCount() ? m_set.controllers()[static_cast<std::size_t>(section - 2)]->name() : QString();
}

ComparedSettingsModel::ComparedSettingsModel(ComparisonSet& set, QObject* parent)
    : QAbstractTableModel(parent), m_set(set)
{
    connect(&set, &ComparisonSet::comparisonChanged, this, [this] {
        beginResetModel();
        endResetModel();
    });
    connect(&set, &ComparisonSet::runsRenamed, this,
            [this] { Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1); });
}

void ComparedSettingsModel::setShown(Shown shown)
{
    beginResetModel();
    m_shown = shown;
    endResetModel();
}

const ComparedSetting* ComparedSettingsModel::setting(int row) const
{
    if (!m_set.comparison() || row < 0) return nullptr;
    const auto& differing = m_set.comparison()->differing;
    const auto& shared = m_set.comparison()->shared;
    auto index = static_cast<std::size_t>(row);
    if (index < differing.size()) return &differing[index];
    index -= differing.size();
    return m_shown == Shown::All && index < shared.size() ? &shared[index] : nullptr;
}

int ComparedSettingsModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_set.comparison()) return 0;
    const std::size_t count =
        m_set.comparison()->differing.size() + (m_shown == Shown::All ? m_set.comparison()->shared.size() : 0);
    return static_cast<int>(count);
}

int ComparedSettingsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_set.controllers().size()) + 1;
}

QVariant ComparedSettingsModel::data(const QModelIndex& index, int role) const
{
    const ComparedSetting* found = index.isValid() ? setting(index.row()) : nullptr;
    if (found == nullptr) return {};
    if (role == Qt::ToolTipRole) return QString::fromStdString(found->key);
    if (role != Qt::DisplayRole) return {};
    if (index.column() == 0) return QString::fromStdString(found->title);
    const auto run = static_cast<std::size_t>(index.column() - 1);
    if (run >= found->values.size() || !found->values[run]) return QStringLiteral("–");
    return QString::fromStdString(toText(*found->values[run]));
}

QVariant ComparedSettingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole && section > 0) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    if (section == 0) return tr("Setting");
    const auto run = static_cast<std::size_t>(section - 1);
    return run < m_set.controllers().size() ? m_set.controllers()[run]->name() : QString();
}

}  // namespace preflab
