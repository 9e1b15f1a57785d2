// SPDX-License-Identifier: GPL-3.0-or-later
// --map, the same wherever a dataset is opened.
#pragma once

#include "app/cli/arguments.h"
#include "core/base/result.h"
#include "core/data/rows/column_mapping.h"
#include "core/project/project.h"

#include <filesystem>
#include <string>

namespace preflab {

Flag mapFlag(const std::string& group = "Options");
/// --eval-map, for the file of held-out pairs.
Flag evalMapFlag(const std::string& group);

/// What --map says; WrongUse for what it cannot say.
Result<ColumnMapping> mappingFrom(const Arguments& arguments);

/// What --map says of the columns of `data`; without it what the project keeps, if there is one.
Result<ColumnMapping> mappingFrom(const Arguments& arguments, Project* project, const std::filesystem::path& data);

/// The columns of a file of held-out pairs: what --eval-map says, or what the project keeps of the file, if there is one, or
/// `trained`, those of the data that is trained on.
Result<ColumnMapping> evalMappingFrom(const Arguments& arguments, Project* project, const std::filesystem::path& data,
                                      const ColumnMapping& trained);

}  // namespace preflab
