// SPDX-License-Identifier: GPL-3.0-or-later
// A model folder in words and numbers.
#pragma once

#include "core/base/result.h"
#include "core/model/model_folder.h"
#include "core/runs/backend.h"

#include <filesystem>

namespace preflab {

/// Describes an opened model; reads its files once for the content hash.
Result<ModelReport> reportOf(const ModelFolder& model, const TextModel& text);

/// Opens the folder, with the errors of ModelFolder::open and TextModel::open, and describes it.
Result<ModelReport> inspectModelFolder(const std::filesystem::path& path);

}  // namespace preflab
