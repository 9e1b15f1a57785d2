// SPDX-License-Identifier: GPL-3.0-or-later
// Gathers what core/runs/report.h renders.
#include "app/cli/run_report.h"

#include "app/cli/run_flags.h"
#include "core/base/atomic_file.h"
#include "core/base/system.h"
#include "core/runs/report.h"

namespace preflab {

namespace {

// A run of a method that this program no longer has can still be reported, without titles for its metrics.
ComponentDescription methodOf(const Context& context, const RunRecord& record)
{
    const auto method = describeMethod(context.backend, record.method);
    if (method) return *method;
    ComponentDescription unknown;
    unknown.id = record.method;
    unknown.title = record.method;
    return unknown;
}

}  // namespace

Result<std::filesystem::path> writeReport(Context& context, Project& project, const std::vector<std::string>& runs,
                                          const std::string& title,
                                          const std::optional<std::filesystem::path>& target)
{
    RunStore store(project);
    ReportInput input;
    input.title = title;
    input.created = timestampUtc();
    input.program = "PrefLab " PREFLAB_VERSION;
    std::string name = "report";
    for (const std::string& run : runs) {
        TRY(RunRecord record, store.find(run));
        TRY(const std::shared_ptr<RunLog> log, store.load(record.id));
        name += "-" + record.id;
        ComponentDescription method = methodOf(context, record);
        input.runs.push_back({std::move(record), log, std::move(method)});
    }
    TRY(const std::string page, renderReport(input));
    const std::filesystem::path path = target.value_or(project.exportsFolder() / (name + ".html"));
    TRY_VOID(writeFileAtomically(path, page));
    return path;
}

}  // namespace preflab
