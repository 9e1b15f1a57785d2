// SPDX-License-Identifier: GPL-3.0-or-later
// Where a model lies: what belongs to its folder, and what people call it.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <optional>
#include <string>

namespace preflab {

/// True if a file of a model folder is, links followed, a file elsewhere: not below the folder and not, in a Hugging
/// Face cache, in that model's part of it (`models--org--name`). False for a file that is not there.
bool leadsOutside(const std::filesystem::path& file);

/// What is wrong with a folder without config.json that is a model's part of a Hugging Face cache
/// (`models--org--name`): WrongUse where the model lies deeper, in a snapshot, ConfigInvalid where its download was not
/// finished. Nothing for other folders.
std::optional<Error> cacheFault(const std::filesystem::path& folder);

/// LinkOutside for a file for which `leadsOutside` holds. To be asked before the file is read: a sentence about its content
/// would tell what lies elsewhere.
Result<> checkIsInside(const std::filesystem::path& file);

/// What people call the model in a folder: "org/name" for a snapshot in a Hugging Face cache, given as it is or by a
/// link; the folder's name otherwise. "models/dpo/." and links such as "." get the name of the folder they stand for.
std::string modelName(const std::filesystem::path& folder);

}  // namespace preflab
