// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one order in a project and shows it while it goes: header, steps, held-out table, places.
#pragma once

#include "app/cli/command.h"
#include "core/project/project.h"
#include "core/runs/run_queue.h"
#include "core/runs/run_spec.h"

#include <memory>
#include <optional>
#include <string>

namespace preflab {

/// A run that came to its end.
struct RunResult {
    std::string id;
    Outcome outcome;
    std::optional<std::filesystem::path> folder;  ///< the run's own; none: deleted, moved or replaced meanwhile
    std::optional<std::filesystem::path> checkpoint;
    std::shared_ptr<Run> run;
    double secondsToFirstStep = 0.0;  ///< from the order to the first committed step
};

/// Model and data of an order.
struct OpenedOrder {
    ComponentDescription method;
    ParamValues params;  ///< of the order, completed with the method's defaults
    ModelReport model;
    OpenedData data;  ///< that is trained on, then the held-out file, if there is one
};

/// Opens them as announceRun does, and prints and makes nothing.
Result<OpenedOrder> openOrder(Context& context, const RunSpec& spec, Project* project);

/// Opens model and data of an order, so that a wrong path or file is said before anything is stored, and prints
/// the header; with --json also what should be looked at (core/runs/start_checks.h). The data are counted as they were edited in
/// `project`; null: there is none yet. Returns what it opened, for the run. Cancelled when the user stops meanwhile.
Result<OpenedData> announceRun(Context& context, const RunSpec& spec, Project* project);

/// What is shown of a run.
enum class Show {
    All,       ///< steps as they are stored, then the held-out table and places
    Progress,  ///< only the progress bar
};

/// Starts the run, on what is open already where that is its data, and follows it until it ends. The error of a failed run, and Cancelled when the user aborted or
/// stopped it, are the caller's to return: they are in `outcome`.
Result<RunResult> executeRun(Context& context, Project& project, RunQueue& queue, const RunSpec& spec,
                             OpenedData opened, Show show = Show::All);

/// The error that an outcome ends a command with; a finished run has none.
Result<> outcomeResult(const Outcome& outcome);

}  // namespace preflab
