// SPDX-License-Identifier: GPL-3.0-or-later
// The column `mapping` of the project's datasets.
#include "core/data/journal/dataset_mapping.h"

#include "core/base/database.h"
#include "core/data/journal/dataset_registry.h"

#include <cstdint>
#include <string>

namespace preflab {
namespace {

/// What is stored of a mapping.
std::string storedText(const ColumnMapping& mapping)
{
    return mapping.isPlain() ? std::string() : toJson(mapping).dump();
}

/// As it is stored for the file at that path; empty where nothing is.
Result<std::string> storedMapping(Project& project, const std::filesystem::path& path)
{
    std::string stored;
    TRY_VOID(project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        Statement select = connection.prepare("SELECT mapping FROM datasets JOIN dataset_paths AS paths "
                                              "ON paths.dataset = datasets.number WHERE paths.path = ?");
        select.bind(project.storedPath(path));
        if (select.step()) stored = select.text(0);
        return {};
    }));
    return stored;
}

}  // namespace

Result<ColumnMapping> keptMapping(Project& project, const std::filesystem::path& path)
{
    TRY(const std::string stored, storedMapping(project, path));
    if (stored.empty()) return ColumnMapping();
    const auto json = parseJson(stored);
    const auto mapping = json ? columnMappingFrom(*json) : tl::unexpected(json.error().reason);
    if (mapping) return *mapping;
    return fail(ErrorCode::ProjectInvalid, {{"path", (project.folder() / "project.db").string()},
                                            {"reason", "the columns kept for " + path.filename().string() +
                                                           " cannot be read: " + mapping.error()}});
}

Result<ColumnMapping> keptEvalColumns(Project& project, const std::filesystem::path& path, const ColumnMapping& trained)
{
    TRY(ColumnMapping kept, keptMapping(project, path));
    return kept.isPlain() ? trained : kept;
}

Result<> keepMapping(Project& project, const Dataset& data)
{
    const std::string wanted = storedText(data.mapping);
    TRY(const std::string stored, storedMapping(project, data.path));
    if (stored == wanted) return {};
    const std::string path = project.storedPath(data.path);
    return project.database().call(Durability::Full, [&](Connection& connection) -> Result<> {
        const DatasetFile file{path, data.contentHash, *data.identities};
        std::int64_t dataset = findDataset(connection, file);
        if (dataset == 0) dataset = addDataset(connection);
        if (!isNoted(connection, file, dataset)) noteFile(connection, file, dataset);
        Statement update = connection.prepare("UPDATE datasets SET mapping = ? WHERE number = ?");
        update.bind(wanted).bind(dataset).step();
        return {};
    });
}

}  // namespace preflab
