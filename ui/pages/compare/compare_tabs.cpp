// SPDX-License-Identifier: GPL-3.0-or-later
// Overview and curves of a comparison.
#include "ui/pages/compare/compare_tabs.h"

#include "ui/models/runs/run_center.h"
#include "ui/plots/chart_card.h"
#include "ui/plots/chart_scheduler.h"
#include "ui/plots/crosshair.h"
#include "ui/plots/line_chart.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/table_view.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace preflab {
namespace {

std::shared_ptr<const MetricsStore> storeOf(const std::shared_ptr<RunController>& run)
{
    return {run, &run->metrics()};
}

bool isPercent(const std::string& metric)
{
    return metric.find("accurac") != std::string::npos;
}

/// A new chart of a metric for the card's place; charts take their lines once.
void fill(LineChart& chart, const ComparisonSet& set, const std::string& metric)
{
    chart.setLines(linesOf(set, metric));
    QList<ReferenceLine> references;
    if (isPercent(metric)) references = {{0.5, LineChart::tr("50 %: coin flip")}};
    chart.setReferences(references);
}

}  // namespace

std::vector<ChartLine> linesOf(const ComparisonSet& set, const std::string& metric)
{
    std::vector<ChartLine> lines;
    for (const auto& run : set.controllers()) {
        ChartLine line;
        line.store = storeOf(run);
        line.metric = metric;
        line.name = run->name();
        line.look = LineLook::ofSeries(set.center()->seriesIndexOf(run->id()));
        lines.push_back(std::move(line));
    }
    return lines;
}

CompareOverview::CompareOverview(ComparisonSet& set, QWidget* parent)
    : QWidget(parent), m_set(set), m_results(new TableView), m_settings(new TableView),
      m_accuracy(new LineChart(tr("Preference accuracy, held-out"))), m_scheduler(new ChartScheduler(this))
{
    const Theme& theme = currentTheme();
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12));
    grid->setSpacing(theme.px(12));
    auto* results = new Card(tr("Held-out results"));
    results->addToTitle(makeLabel(tr("the same pairs for every run; ↓ lower is better"), "small", "muted"));
    m_results->setObjectName(QStringLiteral("heldOutTable"));
    m_results->setAccessibleName(tr("Held-out results"));
    m_results->setModel(new HeldOutModel(set, this));
    m_results->setSelectionMode(QAbstractItemView::SingleSelection);
    results->body().addWidget(m_results);
    auto* settings = new Card(tr("Settings"));
    auto* shown = new Segmented;
    shown->setAccessibleName(tr("Which settings are shown"));
    shown->addSegment(QStringLiteral("differences"), tr("Differences"));
    shown->addSegment(QStringLiteral("all"), tr("All"));
    settings->addToTitle(shown);
    auto* model = new ComparedSettingsModel(set, this);
    m_settings->setAccessibleName(tr("Settings"));
    m_settings->setModel(model);
    m_settings->setSelectionMode(QAbstractItemView::SingleSelection);
    settings->body().addWidget(m_settings);
    connect(shown, &Segmented::chosen, model, [model](const QString& id) {
        model->setShown(id == QLatin1String("all") ? ComparedSettingsModel::Shown::All
                                                   : ComparedSettingsModel::Shown::Differences);
    });
    m_accuracy->setPercent();
    m_scheduler->add(m_accuracy);
    auto* curve = new ChartCard(m_accuracy);
    auto* kind = new Segmented;
    kind->setAccessibleName(tr("How pairs are ranked"));
    kind->addSegment(QStringLiteral("heldout/accuracy_mean"), tr("by mean"));
    kind->addSegment(QStringLiteral("heldout/accuracy_sum"), tr("by sum"));
    kind->setToolTip(
        tr("By mean: log-probability per token, fair to short answers. By sum: of whole answers, as DPO trains"));
    curve->addToTitle(kind);
    connect(kind, &Segmented::chosen, this, [this](const QString& id) {
        m_metric = id.toStdString();
        showAccuracy();
    });
    grid->addWidget(results, 0, 0);
    grid->addWidget(settings, 0, 1, 2, 1);
    grid->addWidget(curve, 1, 0);
    grid->setColumnStretch(0, 5);
    grid->setColumnStretch(1, 3);
    grid->setRowStretch(0, 4);
    grid->setRowStretch(1, 5);
    connect(&set, &ComparisonSet::comparisonChanged, this, &CompareOverview::refresh);
    connect(&set, &ComparisonSet::metricsArrived, m_accuracy, &LineChart::invalidate);
}

void CompareOverview::refresh()
{
    const Theme& theme = currentTheme();
    const int runs = static_cast<int>(m_set.controllers().size());
    for (int column = 1; column <= runs + 1; ++column) {
        m_results->setCellKind(column, CellKind::Number);
        m_results->setColumnWidth(column, theme.px(column == 1 ? 72 : 110));
    }
    m_results->setCellKind(runs + 2, CellKind::Text);
    if (m_results->model()->columnCount() > 1) {
        m_results->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
        m_results->setColumnWidth(runs + 2, theme.px(runs > 2 ? 160 : 200));
        m_settings->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    }
    for (int column = 1; column <= runs; ++column) m_settings->setCellKind(column, CellKind::Number);
    showAccuracy();
}

void CompareOverview::showAccuracy()
{
    if (m_set.center() == nullptr || m_set.controllers().empty()) return;
    fill(*m_accuracy, m_set, m_metric);
    m_scheduler->wake();
}

CompareCurves::CompareCurves(ComparisonSet& set, QWidget* parent)
    : QWidget(parent), m_set(set), m_metric(new ComboBox), m_smoothing(new NumberField),
      m_warning(new Note(QStringLiteral("warning"),
                         tr("Rewards of DPO and ORPO are different quantities. Compare held-out measures instead."))),
      m_chart(new LineChart(tr("Curves"))), m_scheduler(new ChartScheduler(this)), m_crosshair(new Crosshair(this))
{
    const Theme& theme = currentTheme();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12));
    column->setSpacing(theme.px(10));
    auto* bar = new QHBoxLayout;
    bar->setSpacing(theme.px(8));
    QLabel* metricLabel = makeLabel(tr("Metric"), "small");
    metricLabel->setBuddy(m_metric);
    QLabel* smoothingLabel = makeLabel(tr("Smoothing"), "small");
    smoothingLabel->setBuddy(m_smoothing);
    m_metric->setObjectName(QStringLiteral("compareMetric"));
    m_metric->setAccessibleName(tr("Metric"));
    m_metric->setMinimumWidth(theme.px(240));
    m_smoothing->setAccessibleName(tr("Smoothing, 0 to 0.99"));
    m_smoothing->setValue(0.9);
    bar->addWidget(metricLabel);
    bar->addWidget(m_metric);
    bar->addWidget(smoothingLabel);
    bar->addWidget(m_smoothing);
    bar->addStretch(1);
    column->addLayout(bar);
    column->addWidget(m_warning);
    m_warning->hide();
    m_chart->setCrosshair(m_crosshair);
    m_chart->setSmoothing(0.9);
    m_scheduler->add(m_chart);
    column->addWidget(new ChartCard(m_chart), 1);
    connect(m_metric, &ComboBox::activated, this, [this] {
        m_wanted = m_metric->currentText();
        show();
    });
    connect(m_smoothing, &NumberField::committed, this,
            [this] { m_chart->setSmoothing(std::clamp(m_smoothing->value().value_or(0.0), 0.0, 0.999)); });
    connect(&set, &ComparisonSet::comparisonChanged, this, &CompareCurves::refresh);
    connect(&set, &ComparisonSet::metricsArrived, m_chart, &LineChart::invalidate);
}

void CompareCurves::refresh()
{
    QStringList names, shown;
    for (const std::string& name : m_set.metricNames()) names.push_back(QString::fromStdString(name));
    for (int i = 0; i < m_metric->count(); ++i) shown.push_back(m_metric->itemText(i));
    // A run that goes on is compared again and again: somebody may be choosing in the list.
    if (names != shown) {
        m_metric->clear();
        m_metric->addItems(names);
    }
    m_metric->setCurrentIndex(std::max(0, m_metric->findText(m_wanted)));
    show();
}

void CompareCurves::show()
{
    if (m_set.center() == nullptr || m_set.controllers().empty() || m_metric->count() == 0) return;
    const std::string metric = m_metric->currentText().toStdString();
    const bool isReward = metric.find("rewards/") != std::string::npos;
    m_warning->setVisible(isReward && m_set.isMixed());
    fill(*m_chart, m_set, metric);
    m_scheduler->wake();
}

}  // namespace preflab
