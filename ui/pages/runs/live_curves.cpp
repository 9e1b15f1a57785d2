// SPDX-License-Identifier: GPL-3.0-or-later
// Charts by the method's plan, one crosshair, one scheduler.
#include "ui/pages/runs/live_curves.h"

#include "ui/pages/runs/chart_plan.h"
#include "ui/pages/runs/findings_panel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/side_panel.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace preflab {
namespace {

constexpr double kUsualSmoothing = 0.9;
constexpr int kWide = 1500;   ///< of the page without the rail: three columns
constexpr int kLowest = 220;  ///< height of a chart

}  // namespace

LiveCurves::LiveCurves(std::shared_ptr<RunController> run, const ComponentDescription& method, QWidget* parent)
    : QFrame(parent), m_run(std::move(run)), m_findings(new FindingsPanel(m_run, method))
{
    const Theme& theme = currentTheme();
    auto* grid = new QWidget;
    m_grid = new QGridLayout(grid);
    m_grid->setContentsMargins(theme.px(16), 0, theme.px(16), theme.px(12));
    m_grid->setSpacing(theme.px(12));
    m_scroll = new QScrollArea;
    m_scroll->setWidget(grid);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->installEventFilter(this);
    auto* left = new QVBoxLayout;
    left->setContentsMargins(0, 0, 0, 0);
    left->setSpacing(0);
    left->addWidget(makeToolbar());
    left->addWidget(m_scroll, 1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(left, 1);
    new SidePanel(*this, *layout, *m_scroll, *m_findings, *m_panelButton);
    makeCharts(method);
    connect(m_findings, &FindingsPanel::findingsChanged, this, &LiveCurves::showAlarms);
    connect(m_findings, &FindingsPanel::showWanted, this, &LiveCurves::showFinding);
    connect(m_findings, &FindingsPanel::answersWanted, this, &LiveCurves::answersWanted);
    connect(m_run.get(), &RunController::metricsArrived, this, &LiveCurves::updateCharts);
    connect(m_run.get(), &RunController::progressChanged, this, &LiveCurves::updateCharts);
    setSmoothing(kUsualSmoothing);
    updateCharts();
    showAlarms();
}

QWidget* LiveCurves::makeToolbar()
{
    const Theme& theme = currentTheme();
    auto* bar = new QWidget;
    bar->setFixedHeight(theme.px(44));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(theme.px(16), 0, theme.px(16), 0);
    row->setSpacing(theme.px(10));
    m_axis = new Segmented;
    m_axis->setAccessibleName(tr("x axis"));
    for (const auto& [id, text] : {std::pair("step", tr("Step")), std::pair("epoch", tr("Epoch")),
                                   std::pair("tokens", tr("Tokens")), std::pair("time", tr("Time"))})
        m_axis->addSegment(QString::fromLatin1(id), text);
    m_axis->setCurrent(QStringLiteral("step"));
    connect(m_axis, &Segmented::chosen, this, &LiveCurves::setXAxis);
    row->addWidget(makeLabel(tr("x axis"), "small", "secondary"));
    row->addWidget(m_axis);
    addSmoothing(*row);
    row->addStretch(1);
    auto* log = new Button(QString(), QStringLiteral("logaxis"), Button::Kind::Bare);
    log->setCheckable(true);
    log->setAccessibleName(tr("Logarithmic axes"));
    log->setToolTip(tr("Logarithmic axes where all values are above 0 (L in a chart)"));
    connect(log, &Button::toggled, this, &LiveCurves::setLogarithmic);
    auto* crosshair = new Button(QString(), QStringLiteral("crosshair"), Button::Kind::Bare);
    crosshair->setCheckable(true);
    crosshair->setChecked(true);
    crosshair->setAccessibleName(tr("Crosshair through all charts"));
    crosshair->setToolTip(tr("Crosshair through all charts"));
    connect(crosshair, &Button::toggled, this,
            [this](bool isShown) { m_crosshair.setMode(isShown ? Crosshair::Mode::Shown : Crosshair::Mode::Hidden); });
    m_panelButton = new Button(tr("Findings"), QStringLiteral("info"), Button::Kind::Bare);
    for (Button* button : {log, crosshair, m_panelButton}) {
        button->setDense();
        row->addWidget(button);
    }
    return bar;
}

void LiveCurves::addSmoothing(QHBoxLayout& row)
{
    const Theme& theme = currentTheme();
    m_smoothing = new ScaledSlider;
    m_smoothing->setScale(0.0, 0.999, ScaledSlider::Scale::Linear);
    m_smoothing->setFixedWidth(theme.px(120));
    m_smoothing->setAccessibleName(tr("Smoothing"));
    m_weight = new NumberField;
    m_weight->setFixedWidth(theme.px(64));
    m_weight->setProperty("dense", true);
    m_weight->setToolTip(tr("0 shows the raw lines alone, 0.999 smooths most"));
    auto* label = makeLabel(tr("&Smoothing"), "small", "secondary");
    label->setBuddy(m_weight);
    row.addSpacing(theme.px(6));
    row.addWidget(label);
    row.addWidget(m_smoothing);
    row.addWidget(m_weight);
    connect(m_smoothing, &ScaledSlider::numberChanged, this,
            [this](double value) { setSmoothing(std::round(value * 100.0) / 100.0); });
    connect(m_weight, &NumberField::committed, this, [this] {
        const auto value = m_weight->value();
        m_weight->setInvalid(!value || *value < 0.0 || *value > 0.999);
        if (value && *value >= 0.0 && *value <= 0.999) setSmoothing(*value);
    });
}

void LiveCurves::makeCharts(const ComponentDescription& method)
{
    for (const ChartPlan& plan : ChartPlans::of(method)) {
        LineChart* chart = ChartPlans::make(plan, m_run);
        chart->setCrosshair(&m_crosshair);
        auto* card = new ChartCard(chart);
        m_scheduler.add(chart);
        m_cards.push_back(card);
        connect(card, &ChartCard::saved, this, &LiveCurves::saved);
        connect(card, &ChartCard::failed, this, &LiveCurves::failed);
    }
    arrange();
}

LineChart* LiveCurves::chart(const QString& id) const
{
    for (ChartCard* card : m_cards) {
        if (card->plot().objectName() == id) return qobject_cast<LineChart*>(&card->plot());
    }
    return nullptr;
}

void LiveCurves::setSmoothing(double weight)
{
    m_smoothing->setNumber(weight);
    m_weight->setValue(weight);
    for (ChartCard* card : m_cards) qobject_cast<LineChart*>(&card->plot())->setSmoothing(weight);
}

void LiveCurves::setXAxis(const QString& id)
{
    const XAxis axis = id == QLatin1String("epoch")    ? XAxis::Epoch
                       : id == QLatin1String("tokens") ? XAxis::Tokens
                       : id == QLatin1String("time")   ? XAxis::Seconds
                                                       : XAxis::Step;
    m_crosshair.clear();
    for (ChartCard* card : m_cards) qobject_cast<LineChart*>(&card->plot())->setXAxis(axis);
}

void LiveCurves::setLogarithmic(bool isLogarithmic)
{
    for (ChartCard* card : m_cards)
        card->plot().setYScale(isLogarithmic ? PlotArea::YScale::Logarithmic : PlotArea::YScale::Linear);
}

void LiveCurves::updateCharts()
{
    const MetricsStore& metrics = m_run->metrics();
    for (const auto& [id, axis] : {std::pair("epoch", XAxis::Epoch), std::pair("tokens", XAxis::Tokens)}) {
        QAbstractButton* segment = m_axis->segment(QString::fromLatin1(id));
        if (segment->isEnabled() == metrics.has(axis)) continue;
        segment->setEnabled(metrics.has(axis));
        segment->setToolTip(metrics.has(axis) ? QString() : tr("This run did not log it"));
    }
    for (ChartCard* card : m_cards) {
        auto* chart = qobject_cast<LineChart*>(&card->plot());
        chart->setBudget(static_cast<double>(m_run->totalSteps()));
        chart->invalidate();
    }
}

void LiveCurves::showAlarms()
{
    std::optional<AlarmBand> falling;
    for (const RunFinding& finding : m_findings->findings()) {
        if (finding.kind == RunFinding::Kind::ChosenFalls)
            falling = AlarmBand{static_cast<double>(finding.from), static_cast<double>(finding.to), tr("chosen fall")};
    }
    for (ChartCard* card : m_cards) {
        if (card->plot().objectName() != QLatin1String("logps")) continue;
        qobject_cast<LineChart*>(&card->plot())->setAlarm(falling);
        card->setTone(falling ? QStringLiteral("warning") : QString());
    }
}

void LiveCurves::showFinding(const RunFinding& finding)
{
    LineChart* shown = chart(QStringLiteral("logps"));
    if (shown == nullptr) return;
    m_scroll->ensureWidgetVisible(shown->parentWidget());
    const double room = 0.1 * static_cast<double>(finding.to - finding.from);
    shown->zoomToSteps(std::max(0.0, static_cast<double>(finding.from) - room), static_cast<double>(finding.to) + room);
    shown->setFocus();
}

void LiveCurves::arrange()
{
    const Theme& theme = currentTheme();
    const bool isWide = width() >= theme.px(kWide);
    const int columns = isWide ? 3 : 2;
    m_findings->setFixedWidth(theme.px(isWide ? 360 : 300));
    // Two rows fill what is seen; more are reached by scrolling.
    const int room = m_scroll->viewport()->height() - theme.px(12);
    const int height = std::max(theme.px(kLowest), room / 2 - theme.px(6));
    for (ChartCard* card : m_cards) card->setFixedHeight(height);
    if (columns == m_columns) return;
    m_columns = columns;
    for (qsizetype i = 0; i < m_cards.size(); ++i)
        m_grid->addWidget(m_cards[i], static_cast<int>(i) / columns, static_cast<int>(i) % columns);
    for (int column = 0; column < 3; ++column) m_grid->setColumnStretch(column, column < columns ? 1 : 0);
    m_grid->setRowStretch(static_cast<int>(m_cards.size()), 1);
}

void LiveCurves::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    arrange();
}

bool LiveCurves::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize) arrange();
    return QFrame::eventFilter(watched, event);
}

}  // namespace preflab
