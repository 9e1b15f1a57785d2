// SPDX-License-Identifier: GPL-3.0-or-later
// What drawing costs: a chart of a million points, the charts of a page, 100 000 metrics through the drain.
#include "support/chart_samples.h"
#include "support/fake_curves.h"
#include "support/figure_table.h"
#include "support/turn_meter.h"
#include "ui/pages/runs/live_curves.h"
#include "ui/plots/chart_scheduler.h"

#include <QGridLayout>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

constexpr double kFrame = 16.0;  ///< milliseconds of work that a turn may take
constexpr std::int64_t kMetrics = 100'000;

MetricRow rowOf(std::int64_t step)
{
    const double noise = fakeNoise(static_cast<std::uint64_t>(step), 1);
    return {step,
            static_cast<double>(step),
            {{0, 0.69 - 1e-7 * static_cast<double>(step) + 0.05 * noise}, {1, -0.1 * noise}}};
}

std::shared_ptr<MetricsStore> storeOf(std::int64_t steps)
{
    std::vector<MetricRow> rows;
    for (std::int64_t step = 1; step <= steps; ++step) rows.push_back(rowOf(step));
    auto store = std::make_shared<MetricsStore>();
    store->append(rows, {"loss", "margin"});
    return store;
}

double medianRedraw(LineChart& chart)
{
    std::vector<double> costs;
    for (int i = 0; i < 15; ++i) {
        const double begin = TurnMeter::processorMs();
        chart.redraw();
        costs.push_back(TurnMeter::processorMs() - begin);
    }
    std::ranges::nth_element(costs, costs.begin() + 7);
    return costs[7];
}

void million(FigureTable& figures)
{
    figures.begin("A chart of 1 000 000 points, 1000 x 500");
    double begin = TurnMeter::processorMs();
    const auto store = storeOf(1'000'000);
    figures.add("2 000 000 values made and put into columns", TurnMeter::processorMs() - begin, "ms");
    LineChart chart(QStringLiteral("Loss"));
    chart.setLines({lineOf(store, "loss", QStringLiteral("train"))});
    chart.resize(1000, 500);
    chart.show();
    figures.add("redraw, raw line", medianRedraw(chart), "ms", "5.5 in bins, 19.6 without", kFrame);
    begin = TurnMeter::processorMs();
    chart.setSmoothing(0.9);
    chart.redraw();
    figures.add("first redraw smoothed: a million averages", TurnMeter::processorMs() - begin, "ms", "", kFrame);
    figures.add("redraw, raw and smoothed line", medianRedraw(chart), "ms", "8.5-9.3 antialiased", kFrame);
    chart.zoomTo(900'000, 1'000'000);
    figures.add("zoomed to the last 10 %", medianRedraw(chart), "ms", "0.8", kFrame);
    chart.zoomTo(999'000, 1'000'000);
    figures.add("zoomed to the last 1 000 points", medianRedraw(chart), "ms", "0.2", kFrame);
    chart.follow();
    std::vector<double> costs;
    for (std::int64_t step = 1'000'001; step <= 1'000'015; ++step) {
        begin = TurnMeter::processorMs();
        store->append({rowOf(step)}, {"loss", "margin"});
        chart.redraw();
        costs.push_back(TurnMeter::processorMs() - begin);
    }
    std::ranges::nth_element(costs, costs.begin() + 7);
    figures.add("one point appended and redrawn", costs[7], "ms", "", kFrame);
}

void sixCharts(FigureTable& figures, std::int64_t steps, const char* design)
{
    const auto store = storeOf(steps);
    QWidget page;
    ChartScheduler scheduler;
    std::vector<LineChart*> charts;
    auto* grid = new QGridLayout(&page);
    for (int i = 0; i < 6; ++i) {
        auto* chart = new LineChart(QStringLiteral("Chart"));
        ChartLine margin = lineOf(store, "margin", QStringLiteral("margin"));
        margin.look = LineLook::ofSeries(1);
        chart->setLines({lineOf(store, "loss", QStringLiteral("train")), margin});
        chart->setSmoothing(0.9);
        grid->addWidget(chart, i / 3, i % 3);
        charts.push_back(chart);
    }
    page.resize(1280, 800);
    page.show();
    TurnMeter meter;
    meter.runUntil([] { return false; }, 100);
    double sum = 0.0;
    for (LineChart* chart : charts) sum += medianRedraw(*chart);
    const std::string of = std::to_string(steps) + " points: ";
    figures.add(of + "all six redrawn", sum, "ms", design);
    for (LineChart* chart : charts) scheduler.add(chart);

    // As while a run computes: news every 50 ms.
    std::int64_t step = steps;
    QTimer news;
    QObject::connect(&news, &QTimer::timeout, &page, [&] {
        store->append({rowOf(++step)}, {"loss", "margin"});
        for (LineChart* chart : charts) chart->invalidate();
    });
    news.start(50);
    meter.restart();
    const double begin = TurnMeter::processorMs();
    constexpr int kTime = 4000;
    meter.runUntil([] { return false; }, kTime);
    figures.add(of + "worst turn while points arrive", meter.worstProcessorMs(), "ms", "one chart a turn", kFrame);
    figures.add(of + "the UI thread's share of a processor meanwhile",
                (TurnMeter::processorMs() - begin) * 100.0 / kTime, "%", "drawing at most 1 %");
}

/// A run that logs 100 000 metrics, `atOnce` steps at a time.
std::shared_ptr<Run> loggingRun(std::int64_t atOnce)
{
    const auto body = [atOnce](RunControl&, RunLog& log) -> Outcome {
        const auto metrics = fakeMetrics(true);
        const std::int64_t steps = kMetrics / std::ssize(metrics);
        for (std::int64_t step = 1; step <= steps; ++step) {
            MetricRow row{step, 0.01 * static_cast<double>(step), {}};
            for (std::size_t i = 0; i < metrics.size(); ++i)
                row.values.push_back({log.nameOf(metrics[i].key), fakeNoise(static_cast<std::uint64_t>(step), i)});
            log.append(std::move(row));
            if (step % atOnce == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return Finished{steps};
    };
    auto run = std::make_shared<Run>("0001-bench", body, [](const Outcome&) {});
    run->log().setAutoCommit();
    return run;
}

enum class Audience { Nobody, Page };

void drain(FigureTable& figures, const char* what, std::int64_t atOnce, Audience audience)
{
    const auto run = loggingRun(atOnce);
    RunRecord record;
    record.id = run->id();
    const auto controller = std::make_shared<RunController>(record, run);
    int batches = 0;
    QObject::connect(controller.get(), &RunController::metricsArrived, controller.get(), [&] { ++batches; });
    std::unique_ptr<LiveCurves> page;
    if (audience == Audience::Page) {
        page = std::make_unique<LiveCurves>(controller, fakeMethod("dpo"));
        page->resize(1280, 700);
        page->show();
    }
    TurnMeter meter;
    meter.runUntil([] { return false; }, 300);
    const RunWatch watch(controller);
    meter.restart();
    const double begin = TurnMeter::processorMs();
    run->start();
    meter.runUntil([&] { return !controller->isActive(); }, 60'000);
    const std::string name = std::string(what) + ": ";
    figures.add(name + "all of the UI thread's work", TurnMeter::processorMs() - begin, "ms");
    figures.add(name + "worst turn", meter.worstProcessorMs(), "ms", "", kFrame);
    figures.add(name + "signals", batches, "", "fewer than 20 for 50 000 at once");
    if (controller->metrics().find("loss")->size() !=
        static_cast<std::size_t>(kMetrics / std::ssize(fakeMetrics(true)))) {
        std::printf("metrics were lost\n");
        std::exit(2);
    }
}

}  // namespace

int main(int argc, char** argv)
{
    qputenv("QT_NO_GLIB", "1");  // the dispatcher that the meter of turns listens to
    QApplication application(argc, argv);
    applyTheme(application, makeTheme(ThemeKind::Light));
    FigureTable figures;
    million(figures);
    figures.begin("Six charts of a page, 4 graphs each, 1280 x 800");
    for (const auto& [steps, design] : {std::pair(500, "14"), std::pair(5'000, "36"), std::pair(100'000, "56"),
                                        std::pair(1'000'000, "145 without bins")})
        sixCharts(figures, steps, design);
    figures.begin("100 000 metrics through the drain");
    drain(figures, "all at once", kMetrics, Audience::Nobody);
    drain(figures, "within a second", 40, Audience::Nobody);
    drain(figures, "within a second, the run's curves shown", 40, Audience::Page);
    return figures.over() == 0 ? 0 : 1;
}
