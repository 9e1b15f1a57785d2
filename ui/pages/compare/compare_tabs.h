// SPDX-License-Identifier: GPL-3.0-or-later
// The three tabs of a comparison.
#pragma once

#include "ui/models/compare/comparison_set.h"
#include "ui/plots/line_graphs.h"

#include <QScrollArea>
#include <QWidget>

class QVBoxLayout;

namespace preflab {

class ChartCard;
class ChartScheduler;
class ComboBox;
class Crosshair;
class LineChart;
class NumberField;
class Note;
class TableView;

/// Held-out results, settings that differ, accuracy over time.
class CompareOverview : public QWidget {
    Q_OBJECT

public:
    explicit CompareOverview(ComparisonSet& set, QWidget* parent = nullptr);

private:
    void refresh();
    void showAccuracy();

    ComparisonSet& m_set;
    TableView* m_results;
    TableView* m_settings;
    LineChart* m_accuracy;
    ChartScheduler* m_scheduler;
    std::string m_metric = "heldout/accuracy_mean";
};

/// Any metric of all runs on the same axes.
class CompareCurves : public QWidget {
    Q_OBJECT

public:
    explicit CompareCurves(ComparisonSet& set, QWidget* parent = nullptr);
    Note& warning() { return *m_warning; }
    ComboBox& metric() { return *m_metric; }

private:
    void refresh();
    void show();

    ComparisonSet& m_set;
    QString m_wanted = QStringLiteral("loss");  ///< shown again whenever the runs have it
    ComboBox* m_metric;
    NumberField* m_smoothing;
    Note* m_warning;
    LineChart* m_chart;
    ChartScheduler* m_scheduler;
    Crosshair* m_crosshair;
};

/// What base and runs answer to the same prompts.
class CompareAnswers : public QScrollArea {
    Q_OBJECT

public:
    explicit CompareAnswers(ComparisonSet& set, QWidget* parent = nullptr);

private:
    void refresh();
    QWidget* makePrompt(const std::string& prompt);

    ComparisonSet& m_set;
    QVBoxLayout* m_list;
};

/// The lines of a metric, one for each run of the set, in the runs' colours and dashes.
std::vector<ChartLine> linesOf(const ComparisonSet& set, const std::string& metric);

}  // namespace preflab
