// SPDX-License-Identifier: GPL-3.0-or-later
// What an open window costs training: the demo's DPO run with its curves drawn live and with the window closed, in turns
// of some steps of the same run, because two runs differ by more than a window costs. Every turn with the window is set
// against the two around it without, by their whole time: drawing holds up few steps, but those for long.
#include "core/runs/demo_plan.h"
#include "core/train/backend/torch_backend.h"
#include "support/figure_table.h"
#include "support/files.h"
#include "support/turn_meter.h"
#include "ui/models/app/app_settings.h"
#include "ui/models/app/workspace.h"
#include "ui/models/runs/run_center.h"
#include "ui/models/runs/run_controller.h"
#include "ui/window/main_window.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QSignalSpy>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

constexpr std::int64_t kSteps = 3'050;
constexpr std::int64_t kBlock = 50;     ///< steps with the window open, then as many without
constexpr std::int64_t kSettling = 10;  ///< steps after each change that are left out
constexpr double kMostSlowdown = 2.0;   ///< percent
constexpr int kLongest = 600'000;       ///< milliseconds

/// True for steps during which the window is open.
bool isOpenAt(std::int64_t step)
{
    return (step / kBlock) % 2 == 1;
}

/// Mean milliseconds of a step in each turn, the first without the window.
std::vector<double> turnTimes(const RunLog& log)
{
    const std::vector<std::string> names = log.metricNames();
    const auto loss = std::ranges::find(names, "loss") - names.begin();
    RunCursor cursor;
    std::vector<double> sums(kSteps / kBlock);
    double before = 0.0;
    for (const MetricRow& row : log.news(cursor).metrics) {
        if (std::ranges::none_of(row.values, [&](const Metric& one) { return one.name == loss; })) continue;
        const auto turn = static_cast<std::size_t>(row.step / kBlock);
        if (row.step % kBlock >= kSettling && turn < sums.size()) sums[turn] += 1e3 * (row.seconds - before);
        before = row.seconds;
    }
    for (double& sum : sums) sum /= static_cast<double>(kBlock - kSettling);
    return sums;
}

/// Many figures of one thing.
struct Mean {
    double value = 0.0;
    double error = 0.0;  ///< standard error of it
};

Mean meanOf(const std::vector<double>& values)
{
    const auto count = static_cast<double>(values.size());
    Mean mean;
    for (const double value : values) mean.value += value / count;
    for (const double value : values) mean.error += (value - mean.value) * (value - mean.value);
    mean.error = std::sqrt(mean.error / (count * (count - 1.0)));
    return mean;
}

/// Reports by how much steps are slower in turns with the window than in the two turns around each.
void addSlowdown(FigureTable& figures, const std::vector<double>& turns)
{
    std::vector<double> closed, open, slower;
    for (std::size_t turn = 1; turn + 1 < turns.size(); turn += 2) {
        closed.push_back((turns[turn - 1] + turns[turn + 1]) / 2.0);
        open.push_back(turns[turn]);
        slower.push_back(100.0 * (open.back() / closed.back() - 1.0));
    }
    figures.begin("A step of the demo's DPO run, mean, in turns of 50 steps");
    figures.add("with the window closed", meanOf(closed).value, "ms");
    figures.add("with its curves drawn in a window of 1280 x 800", meanOf(open).value, "ms");
    figures.add("slower with the window", meanOf(slower).value, "%", "2", kMostSlowdown);
    figures.add("give or take (standard error)", meanOf(slower).error, "%");
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
    AppSettings settings(QString::fromStdString((folder / "settings.ini").string()));
    Workspace workspace(backend, settings);
    MainWindow window(workspace);
    window.resize(1280, 800);
    window.show();
    workspace.openProject(folder / "project");
    if (!QTest::qWaitFor([&] { return workspace.runs() != nullptr; }, kLongest)) qFatal("The project does not open.");
    QSignalSpy started(workspace.runs(), &RunCenter::started);
    workspace.runs()->start({spec});
    if (!started.wait(kLongest)) qFatal("The run does not start.");
    const QString run = started.first()[0].toStringList().front();
    window.goTo({PageId::Runs, {}, run, {}});
    const auto controller = workspace.runs()->controller(run);
    // A real event loop: waiting as tests do wakes up a hundred times a second.
    QEventLoop loop;
    QTimer watch;
    double openWork = 0.0, openMs = 0.0, workBefore = TurnMeter::processorMs();
    QElapsedTimer wall;
    wall.start();
    QObject::connect(&watch, &QTimer::timeout, &loop, [&] {
        const double work = TurnMeter::processorMs();
        const std::int64_t step = controller->step();
        if (window.isVisible() && step % kBlock >= kSettling)
            openWork += work - workBefore, openMs += static_cast<double>(wall.elapsed());
        if (!isActive(controller->state())) return loop.quit();
        window.setVisible(isOpenAt(step));
        workBefore = TurnMeter::processorMs();
        wall.restart();
    });
    watch.start(200);
    loop.exec();
    if (controller->state() != RunState::Finished) qFatal("The run does not finish.");
    addSlowdown(figures, turnTimes(*controller->log()));
    figures.add("of a processor, used by the open window", 100.0 * openWork / openMs, "%", "2");
    return figures.over();
}
