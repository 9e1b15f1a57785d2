// SPDX-License-Identifier: GPL-3.0-or-later
// Gathers what core/report/report.h renders.
#include "app/cli/run_report.h"

#include "app/cli/project_readings.h"
#include "core/base/atomic_file.h"
#include "core/base/system.h"
#include "core/report/report.h"

namespace preflab {

Result<std::filesystem::path> writeReport(Context& context, Project& project, const std::vector<std::string>& runs,
                                          const std::string& title, const std::optional<std::filesystem::path>& target)
{
    RunStore store(project);
    ReportInput input;
    input.title = title;
    input.created = timestampUtc();
    input.program = "PrefLab " PREFLAB_VERSION;
    std::string name = "report";
    for (const std::string& run : runs) {
        TRY(RunRecord record, store.find(run));
        name += "-" + record.id;
        if (target) TRY_VOID(checkTarget(*target, sourcesOf(record)));
        TRY(const std::shared_ptr<RunLog> log, store.load(record.id));
        ComponentDescription method = methodOrUnknown(context.backend, record.method);
        input.runs.push_back({std::move(record), log, std::move(method)});
    }
    TRY(const std::string page, renderReport(input));
    const std::filesystem::path path = target.value_or(project.exportsFolder() / (name + ".html"));
    TRY_VOID(namingOutput(target.has_value(), writeFileAtomically(path, page, linkOf(target.has_value()))));
    return path;
}

}  // namespace preflab
