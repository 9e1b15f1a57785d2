// SPDX-License-Identifier: GPL-3.0-or-later
// A project with fake runs that can be closed and opened again, as after a restart of the program.
#pragma once

#include "support/fake_backend.h"
#include "support/files.h"
#include "support/run_project.h"
#include "ui/models/app/app_settings.h"
#include "ui/models/app/workspace.h"
#include "ui/models/runs/run_center.h"

#include <QtTest>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace preflab::test {

/// Curves as the real methods have them.
inline FakeScript plausible()
{
    FakeScript script;
    script.curves = FakeCurves::Plausible;
    return script;
}

/// An order with evaluations and one sample prompt.
inline RunSpec specOf(const std::string& method, const std::string& name, std::int64_t steps)
{
    RunSpec spec = fakeSpec(name, steps);
    spec.method = method;
    spec.params["eval_fraction"] = 0.1;
    spec.params["eval_steps"] = std::max<std::int64_t>(steps / 6, 1);
    spec.samplePrompts = {"How do I thank a neighbour who watered my plants?"};
    return spec;
}

/// Views of the workspace go before `close`.
struct RestartBench {
    explicit RestartBench(FakeScript script = plausible()) : backend(std::move(script)) {}

    /// A new workspace, with nothing open.
    void begin()
    {
        settings = std::make_unique<AppSettings>(QString::fromStdString((folder / "settings.ini").string()));
        workspace = std::make_unique<Workspace>(backend, *settings);
    }
    /// Opens the project and waits for its runs.
    bool openProject()
    {
        workspace->openProject(folder / "project");
        return QTest::qWaitFor([this] { return workspace->runs() != nullptr && workspace->runs()->isLoaded(); },
                               20'000);
    }
    /// Both.
    bool open()
    {
        begin();
        return openProject();
    }
    void close()
    {
        workspace.reset();
        settings.reset();
    }

    RunCenter& runs() const { return *workspace->runs(); }
    /// Starts them and says their ids.
    QStringList start(const std::vector<RunSpec>& specs) const
    {
        QSignalSpy started(&runs(), &RunCenter::started);
        runs().start(specs);
        return started.wait() ? started.front().front().toStringList() : QStringList();
    }
    /// Until no run is left and the list knows how all of them ended.
    bool finishAll() const
    {
        return QTest::qWaitFor(
            [this] {
                return runs().unfinished().empty() && std::ranges::none_of(runs().runs(), [](const RunEntry& run) {
                           return run.record.outcome == "running" || run.record.outcome == "waiting";
                       });
            },
            30'000);
    }
    /// The same for runs that are started now.
    QStringList finished(const std::vector<RunSpec>& specs) const
    {
        const QStringList ids = start(specs);
        return finishAll() ? ids : QStringList();
    }

    ScratchFolder folder;
    FakeBackend backend;
    std::unique_ptr<AppSettings> settings;
    std::unique_ptr<Workspace> workspace;
};

}  // namespace preflab::test
