// SPDX-License-Identifier: GPL-3.0-or-later
// A project in a temporary folder, and orders for runs in it.
#pragma once

#include "core/project/project.h"
#include "core/runs/interrupted_runs.h"
#include "core/runs/run_spec.h"
#include "support/files.h"

#include <cstdint>
#include <memory>
#include <string>

namespace preflab::test {

/// An order that a fake engine can run.
inline RunSpec fakeSpec(const std::string& name = {}, std::int64_t steps = 0)
{
    RunSpec spec;
    spec.name = name;
    spec.method = "dpo";
    spec.model = "/models/small";
    spec.data = "/data/Helpful Pairs.jsonl";
    if (steps > 0) spec.params["max_steps"] = steps;
    return spec;
}

/// Opens a project, or gives null.
inline std::unique_ptr<Project> openProject(const std::filesystem::path& folder)
{
    auto project = openProjectToRun(folder);
    return project ? std::move(*project) : nullptr;
}

}  // namespace preflab::test
