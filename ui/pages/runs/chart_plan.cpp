// SPDX-License-Identifier: GPL-3.0-or-later
// Plans by what a method logs, not by its name.
#include "ui/pages/runs/chart_plan.h"

#include <algorithm>
#include <numbers>
#include <string>

namespace preflab {
namespace {

bool isLogged(const ComponentDescription& method, const std::string& metric)
{
    return std::ranges::any_of(method.metrics, [&](const MetricDescription& one) { return one.key == metric; });
}

ChartLine lineOf(const std::string& metric, const QString& name, const LineLook& look)
{
    ChartLine line;
    line.metric = metric;
    line.name = name;
    line.look = look;
    return line;
}

}  // namespace

ChartPlan ChartPlans::single(const QString& id, const QString& title, const char* metric)
{
    const LineLook look = LineLook::ofSeries(0);
    ChartPlan plan;
    plan.id = id;
    plan.title = title;
    plan.lines = {lineOf(metric, tr("train"), look),
                  lineOf(heldOutCounterpart(metric), tr("held-out"), look.heldOut())};
    return plan;
}

ChartPlan ChartPlans::sides(const QString& id, const QString& title, const char* prefix)
{
    ChartPlan plan;
    plan.id = id;
    plan.title = title;
    plan.lines = {lineOf(std::string(prefix) + "/chosen", tr("chosen"), LineLook::chosen()),
                  lineOf(std::string(prefix) + "/rejected", tr("rejected"), LineLook::rejected())};
    return plan;
}

ChartPlan ChartPlans::loss(const ComponentDescription& method)
{
    ChartPlan plan = single(QStringLiteral("loss"), tr("Loss"), "loss");
    if (method.needsReference) plan.references = {{std::numbers::ln2, tr("ln 2: no preference learned")}};
    return plan;
}

ChartPlan ChartPlans::terms()
{
    ChartPlan plan;
    plan.id = QStringLiteral("terms");
    plan.title = tr("Parts of the loss");
    plan.base = ChartPlan::Base::Zero;
    plan.lines = {lineOf("nll_loss", tr("NLL"), LineLook::ofSeries(0)),
                  lineOf("loss", tr("+ odds ratio"), LineLook::ofSeries(1)),
                  lineOf(std::string(kPreferenceShare), tr("its share"), {QStringLiteral("text.muted"), 2, false})};
    plan.lines[0].fill = ChartLine::Fill::ToZero;
    plan.lines[1].fill = ChartLine::Fill::ToPrevious;
    plan.lines[2].side = ChartLine::Side::Right;
    return plan;
}

ChartPlan ChartPlans::rateAndNorm()
{
    ChartPlan plan;
    plan.id = QStringLiteral("rate");
    plan.title = tr("Rate and gradient norm");
    plan.base = ChartPlan::Base::Zero;
    plan.lines = {lineOf("grad_norm", tr("norm"), LineLook::ofSeries(4)),
                  lineOf("learning_rate", tr("rate"), LineLook::ofSeries(2))};
    plan.lines[0].look.dash = 0;
    plan.lines[1].look.dash = 0;
    plan.lines[1].side = ChartLine::Side::Right;
    plan.lines[1].smoothing = ChartLine::Smoothing::AsMeasured;
    return plan;
}

std::vector<ChartPlan> ChartPlans::of(const ComponentDescription& method)
{
    ChartPlan rewards = sides(QStringLiteral("rewards"), tr("Rewards"), "rewards");
    if (method.needsReference) rewards.references = {{0.0, tr("same as reference")}};
    ChartPlan logProbs = sides(QStringLiteral("logps"), tr("Log-probability"), "logps");
    ChartPlan accuracy = single(QStringLiteral("accuracy"), tr("Ranked correctly"), "rewards/accuracies");
    accuracy.format = ChartPlan::Format::Percent;
    accuracy.references = {{0.5, tr("50 %: coin flip")}};
    ChartPlan margin = single(QStringLiteral("margin"), tr("Margin"), "rewards/margins");
    margin.references = {{0.0, tr("0: no gain")}};
    ChartPlan odds = single(QStringLiteral("odds"), tr("Log-odds"), "log_odds_chosen");
    odds.references = {{0.0, tr("0: even odds")}};

    std::vector<ChartPlan> plans{loss(method)};
    // Without a reference, rewards are log-probs by another scale: one chart of both says it all.
    if (isLogged(method, "log_odds_chosen")) plans.push_back(odds);
    if (isLogged(method, "nll_loss")) plans.push_back(terms());
    if (isLogged(method, "rewards/chosen") && method.needsReference) plans.push_back(rewards);
    if (isLogged(method, "logps/chosen")) plans.push_back(logProbs);
    if (isLogged(method, "rewards/accuracies")) plans.push_back(accuracy);
    if (isLogged(method, "rewards/margins") && method.needsReference) plans.push_back(margin);
    plans.push_back(rateAndNorm());
    return plans;
}

LineChart* ChartPlans::make(const ChartPlan& plan, const std::shared_ptr<RunController>& run)
{
    auto* chart = new LineChart(plan.title);
    chart->setObjectName(plan.id);
    if (plan.format == ChartPlan::Format::Percent) chart->setPercent();
    if (plan.base == ChartPlan::Base::Zero) chart->setFromZero();
    std::vector<ChartLine> lines = plan.lines;
    // The store lives in the controller and as long as it.
    for (ChartLine& line : lines) line.store = std::shared_ptr<const MetricsStore>(run, &run->metrics());
    chart->setLines(std::move(lines));
    chart->setReferences(plan.references);
    return chart;
}

}  // namespace preflab
