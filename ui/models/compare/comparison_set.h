// SPDX-License-Identifier: GPL-3.0-or-later
// The runs that are compared, and what comes of it.
#pragma once

#include "core/runs/comparison.h"
#include "core/runs/sample_answers.h"
#include "ui/models/runs/run_center.h"
#include "ui/models/runs/run_controller.h"

#include <QAbstractTableModel>
#include <QObject>
#include <QPointer>
#include <QStringList>
#include <QTimer>

#include <cstddef>
#include <memory>
#include <vector>

namespace preflab {

/// Two or more runs side by side; recomputed off the UI thread when runs are chosen, loaded or measured anew.
class ComparisonSet : public QObject {
    Q_OBJECT

public:
    explicit ComparisonSet(QObject* parent = nullptr);

    void setCenter(RunCenter* center);
    RunCenter* center() const { return m_center; }
    /// In the order given; unknown ids are left out.
    void setRuns(const QStringList& runs);
    void add(const QString& run);
    void remove(const QString& run);
    QStringList runs() const;
    const std::vector<std::shared_ptr<RunController>>& controllers() const { return m_controllers; }
    /// None below two runs, and until their logs are read and compared.
    const std::optional<Comparison>& comparison() const { return m_comparison; }
    /// Metrics that any chosen run has, sorted.
    std::vector<std::string> metricNames() const;
    /// True if the runs are of different methods, whose `rewards/*` are different quantities.
    bool isMixed() const;
    /// The first run whose log cannot be read, for which there is no comparison; null when there is none.
    const RunController* unreadable() const;
    /// Writes the report of these runs as a page; ends in `reportWritten` or `failed`.
    void writeReport(const QString& program);

Q_SIGNALS:
    void runsChanged();
    /// The same runs, under other names perhaps; runsChanged() follows.
    void runsRenamed();
    void comparisonChanged();
    /// A run of the set came further: curves are out of date. comparisonChanged() follows where it was evaluated.
    void metricsArrived();
    void reportWritten(const QString& file);
    void failed(const preflab::Error& error);

private:
    std::vector<ComparedRun> comparedRuns() const;
    void recompute();
    void noteMetrics();
    void recomputeIfMeasured();
    std::size_t measured() const;

    QPointer<RunCenter> m_center;
    std::vector<std::shared_ptr<RunController>> m_controllers;
    std::optional<Comparison> m_comparison;
    quint64 m_generation = 0;
    QTimer m_recomputeSoon;      ///< a run that computes brings news many times a second
    std::size_t m_compared = 0;  ///< measured() of what was compared last
    bool m_isComparing = false;
};

/// Held-out measures of the set: measure, base, one column a run, result in words.
class HeldOutModel : public QAbstractTableModel {
    Q_OBJECT

public:
    explicit HeldOutModel(ComparisonSet& set, QObject* parent = nullptr);
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    int runCount() const;
    QString resultText(const ComparedMetric& metric) const;
    ComparisonSet& m_set;
};

/// Settings of the set: those that differ, or all.
class ComparedSettingsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum class Shown { Differences, All };
    explicit ComparedSettingsModel(ComparisonSet& set, QObject* parent = nullptr);
    void setShown(Shown shown);
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    const ComparedSetting* setting(int row) const;
    ComparisonSet& m_set;
    Shown m_shown = Shown::Differences;
};

/// A metric's value as people read it: "65.1 %" for shares, otherwise three decimals.
QString measureText(const MetricDescription& metric, double value);

}  // namespace preflab
