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

Result<ColumnMapping> mappingFrom(const Arguments& arguments)
{
    ColumnMapping mapping;
    for (const std::string& assignment : arguments.texts("map"))
        if (const auto mapped = mapColumn(mapping, assignment); !mapped)
            return fail(ErrorCode::WrongUse, {{"reason", "--map: " + mapped.error()}});
    return mapping;
}

Result<ColumnMapping> mappingFrom(const Arguments& arguments, Project* project, const std::filesystem::path& data)
{
    if (arguments.has("map") || project == nullptr) return mappingFrom(arguments);
    return keptMapping(*project, data);
}

}  // namespace preflab
