// SPDX-License-Identifier: GPL-3.0-or-later
// What an open window costs training: the demo's DPO run by itself and with its curves drawn live, in turns.
#include "core/runs/demo_plan.h"
#include "core/runs/run_queue.h"
#include "core/train/torch_backend.h"
#include "support/figure_table.h"
#include "support/files.h"
#include "ui/models/app_settings.h"
#include "ui/models/run_center.h"
#include "ui/models/run_controller.h"
#include "ui/models/workspace.h"
#include "ui/window/main_window.h"

#include <QSignalSpy>
#include <QtTest>

#include <algorithm>
#include <filesystem>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

constexpr int kRounds = 5;
constexpr std::int64_t kSteps = 200;
constexpr std::int64_t kWarmUp = 10;         ///< steps left out
constexpr double kMostSlowdown = 2.0;        ///< percent
constexpr int kLongest = 600'000;            ///< milliseconds for one run

/// Milliseconds of a step in the log of a run, evaluations left out.
double stepMilliseconds(const RunLog& log)
{
    const std::vector<std::string> names = log.metricNames();
    const auto loss = std::ranges::find(names, "loss") - names.begin();
    RunCursor cursor;
    double first = -1.0, last = 0.0;
    std::int64_t steps = 0;
    for (const MetricRow& row : log.news(cursor).metrics) {
        if (row.step < kWarmUp || std::ranges::none_of(row.values, [&](const Metric& one) { return one.name == loss; })) continue;
        if (first < 0.0) first = row.seconds;
        else ++steps;
        last = row.seconds;
    }
    return steps > 0 ? 1e3 * (last - first) / static_cast<double>(steps) : 0.0;
}

double byItself(Backend& backend, const RunSpec& spec, const std::filesystem::path& folder)
{
    auto project = Project::open(folder);
    RunQueue queue(backend, **project);
    auto run = queue.start(spec);
    if (!run) qFatal("%s", sentence(run.error()).c_str());
    (*run)->wait();
    return stepMilliseconds((*run)->log());
}

double inTheWindow(Backend& backend, const RunSpec& spec, const std::filesystem::path& folder, const QString& settingsFile)
{
    AppSettings settings(settingsFile);
    Workspace workspace(backend, settings);
    MainWindow window(workspace);
    window.resize(1280, 800);
    window.show();
    workspace.openProject(folder);
    if (!QTest::qWaitFor([&] { return workspace.runs() != nullptr; }, kLongest)) qFatal("The project does not open.");
    QSignalSpy started(workspace.runs(), &RunCenter::started);
    workspace.runs()->start({spec});
    if (!started.wait(kLongest)) qFatal("The run does not start.");
    const QString run = started.first()[0].toStringList().front();
    window.goTo({PageId::Runs, {}, run, {}});
    const auto controller = workspace.runs()->controller(run);
    if (!QTest::qWaitFor([&] { return controller->state() == RunState::Finished; }, kLongest)) qFatal("The run does not end.");
    return stepMilliseconds(*controller->log());
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

}  // namespace

int main(int argc, char* argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const ScratchFolder folder;
    auto specs = readDemoPlan(std::filesystem::path(PREFLAB_SOURCE_FOLDER) / "resources" / "demo");
    if (!specs) qFatal("%s", sentence(specs.error()).c_str());
    RunSpec spec = specs->front();
    spec.params["max_steps"] = kSteps;
    spec.params["eval_steps"] = std::int64_t{0};
    TorchBackend backend;
    FigureTable figures;
    std::vector<double> without, with;
    byItself(backend, spec, folder / "first");
    for (int round = 0; round < kRounds; ++round) {
        without.push_back(byItself(backend, spec, folder / ("alone" + std::to_string(round))));
        with.push_back(inTheWindow(backend, spec, folder / ("shown" + std::to_string(round)),
                                   QString::fromStdString((folder / "settings.ini").string())));
    }
    figures.begin("A step of the demo's DPO run, median of the runs");
    figures.add("by itself", median(without), "ms");
    figures.add("with its curves drawn in a window of 1280 x 800", median(with), "ms");
    figures.add("slower with the window", 100.0 * (median(with) / median(without) - 1.0), "%", "2", kMostSlowdown);
    return figures.over();
}
