// SPDX-License-Identifier: GPL-3.0-or-later
// A project's own files, by name.
#include "app/cli/project_readings.h"

#include "app/cli/run_flags.h"
#include "core/project/project.h"

namespace preflab {

std::filesystem::path projectFolder(const Arguments& arguments)
{
    return arguments.has("project") ? absolutePath(arguments.text("project")) : Project::defaultFolder();
}

std::vector<Reading> projectReadings(const std::filesystem::path& folder)
{
    std::vector<Reading> readings{{folder / "runs", "the project's runs"}};
    std::error_code failure;
    std::filesystem::directory_iterator entry(folder, failure);
    for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
        const std::string name = entry->path().filename().string();
        // The database with its journals and backups, the lock, what the window remembers.
        if (name.starts_with("project.") || name == "state.json")
            readings.push_back({entry->path(), "the project's own " + name});
    }
    return readings;
}

TargetLink linkOf(bool isNamed)
{
    return isNamed ? TargetLink::Follow : TargetLink::Replace;
}

std::vector<Reading> sourcesOf(const RunRecord& record)
{
    std::vector<Reading> readings{{record.spec.data, "the data of run " + record.id},
                                  {record.spec.model, "the model of run " + record.id}};
    if (record.spec.evalData) readings.push_back({*record.spec.evalData, "the held-out data of run " + record.id});
    return readings;
}

}  // namespace preflab
