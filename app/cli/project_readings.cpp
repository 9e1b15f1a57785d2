// SPDX-License-Identifier: GPL-3.0-or-later
// A project's own files, by name.
#include "app/cli/project_readings.h"

#include "app/cli/run_flags.h"
#include "core/project/project.h"

#include <optional>
#include <string>
#include <string_view>

namespace preflab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRuns = "runs";

/// The database with its journals and backups, the lock, what the window remembers.
bool isProjectFile(std::string_view name)
{
    return name.starts_with("project.") || name == "state.json";
}

bool isThere(const fs::path& path)
{
    std::error_code failure;
    return fs::exists(path, failure);
}

/// Whether `place` is a file by which a folder with a config.json is a model.
bool isModelFile(const fs::path& place)
{
    const std::string name = place.filename().string();
    const bool isNamedSo = place.extension() == ".safetensors" || place.extension() == ".model" ||
                           name.ends_with("config.json") || name.starts_with("tokenizer");
    return isNamedSo && isThere(place) && isThere(place.parent_path() / "config.json");
}

/// The project or model that would lose something if `target` were written.
std::optional<std::string> keeperOf(const fs::path& target)
{
    const fs::path place = placeOf(target);
    if (isModelFile(place)) return "the model " + place.parent_path().string();
    fs::path below = place.filename();
    for (fs::path folder = place.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
        const bool isOwn = *below.begin() == kRuns || (!below.has_parent_path() && isProjectFile(below.string()));
        if (isOwn && isThere(folder / "project.db")) return "the project " + folder.string();
        below = folder.filename() / below;
    }
    return {};
}

}  // namespace

std::filesystem::path projectFolder(const Arguments& arguments)
{
    return arguments.has("project") ? absolutePath(arguments.text("project")) : Project::defaultFolder();
}

std::vector<Reading> projectReadings(const std::filesystem::path& folder)
{
    std::vector<Reading> readings{{folder / kRuns, "the project's runs"}};
    std::error_code failure;
    std::filesystem::directory_iterator entry(folder, failure);
    for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
        const std::string name = entry->path().filename().string();
        if (isProjectFile(name)) readings.push_back({entry->path(), "the project's own " + name});
    }
    return readings;
}

Result<> checkTarget(const std::filesystem::path& target, const std::vector<Reading>& readings)
{
    TRY_VOID(checkOutput(target, readings));
    std::error_code failure;
    const fs::file_status status = fs::status(target, failure);
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        return fail(ErrorCode::WrongUse,
                    {{"reason", target.string() + " is no ordinary file, so it cannot be the output: name another"}});
    }
    if (const auto keeper = keeperOf(target)) {
        return fail(ErrorCode::WrongUse, {{"reason", target.string() + " cannot be the output, because it belongs to " +
                                                         *keeper + ": name another file"}});
    }
    return {};
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
