// SPDX-License-Identifier: GPL-3.0-or-later
// "state.json": {"model", "data", "datasets", "pairs", "draft"}.
#include "core/project/project_state.h"

#include "core/base/atomic_file.h"

#include <algorithm>
#include <system_error>

namespace preflab {
namespace {

constexpr const char* kStateFile = "state.json";
constexpr std::uint64_t kLargestState = 1 << 22;

Json storedOrNull(const Project& project, const std::optional<std::filesystem::path>& path)
{
    return path ? Json(project.storedPath(*path)) : Json(nullptr);
}

Result<std::optional<std::filesystem::path>> pathAt(const Project& project, const JsonObject& state, const char* key)
{
    TRY(const std::string stored, state.string(key, ""));
    if (stored.empty()) return std::optional<std::filesystem::path>();
    return std::optional(project.sourcePath(stored));
}

}  // namespace

Result<ProjectState> readProjectState(const Project& project)
{
    const std::filesystem::path file = project.folder() / kStateFile;
    std::error_code ignored;
    ProjectState state;
    if (!std::filesystem::exists(file, ignored)) return state;
    TRY(const Json json, readJsonFile(file, kLargestState, 64));
    const JsonObject object(json, file);
    TRY(state.model, pathAt(project, object, "model"));
    TRY(state.data, pathAt(project, object, "data"));
    TRY(const std::int64_t pairs, object.integer("pairs", 0));
    state.pairs = static_cast<std::uint64_t>(std::max<std::int64_t>(0, pairs));
    if (const auto datasets = json.find("datasets"); datasets != json.end() && datasets->is_array()) {
        for (const Json& stored : *datasets)
            if (stored.is_string()) state.datasets.push_back(project.sourcePath(stored.get<std::string>()));
    }
    if (const auto draft = json.find("draft"); draft != json.end() && draft->is_object()) state.draft = *draft;
    TRY(state.guidelines, object.string("guidelines", ""));
    return state;
}

Result<> writeProjectState(const Project& project, const ProjectState& state)
{
    Json json = Json::object();
    json["model"] = storedOrNull(project, state.model);
    json["data"] = storedOrNull(project, state.data);
    json["datasets"] = Json::array();
    for (const auto& path : state.datasets) json["datasets"].push_back(project.storedPath(path));
    json["pairs"] = state.pairs;
    json["draft"] = state.draft;
    json["guidelines"] = state.guidelines;
    return writeFileAtomically(project.folder() / kStateFile, json.dump(2) + "\n", TargetLink::Replace);
}

}  // namespace preflab
