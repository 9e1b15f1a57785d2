// SPDX-License-Identifier: GPL-3.0-or-later
// Columns by the roles they are taken as.
#include "app/cli/map_flag.h"

#include "core/data/journal/dataset_mapping.h"

namespace preflab {

Flag mapFlag(const std::string& group)
{
    return {.name = "map",
            .valueName = "ROLE=COLUMN",
            .help = "Take a column of the data as prompt, chosen, rejected, completion or text: --map prompt=question; "
                    "as often as there are columns to name. Without it, what the project keeps of the file.",
            .group = group,
            .isRepeatable = true};
}

Flag evalMapFlag(const std::string& group)
{
    return {
        .name = "eval-map",
        .valueName = "ROLE=COLUMN",
        .help =
            "As --map, of the held-out file. Without it, what the project keeps of that file, or else the columns of "
            "the data.",
        .group = group,
        .isRepeatable = true};
}

namespace {

Result<ColumnMapping> mappingOf(const Arguments& arguments, const char* flag)
{
    ColumnMapping mapping;
    for (const std::string& assignment : arguments.texts(flag))
        if (const auto mapped = mapColumn(mapping, assignment); !mapped)
            return fail(ErrorCode::WrongUse, {{"reason", "--" + std::string(flag) + ": " + mapped.error()}});
    return mapping;
}

}  // namespace

Result<ColumnMapping> mappingFrom(const Arguments& arguments)
{
    return mappingOf(arguments, "map");
}

Result<ColumnMapping> mappingFrom(const Arguments& arguments, Project* project, const std::filesystem::path& data)
{
    if (arguments.has("map") || project == nullptr) return mappingFrom(arguments);
    return keptMapping(*project, data);
}

Result<ColumnMapping> evalMappingFrom(const Arguments& arguments, Project* project, const std::filesystem::path& data,
                                      const ColumnMapping& trained)
{
    if (arguments.has("eval-map")) return mappingOf(arguments, "eval-map");
    return project == nullptr ? Result<ColumnMapping>(trained) : keptEvalColumns(*project, data, trained);
}

}  // namespace preflab
