// SPDX-License-Identifier: GPL-3.0-or-later
// Models and datasets described in text and JSON.
#pragma once

#include "core/base/json.h"
#include "core/data/journal/edited_dataset.h"
#include "core/data/rows/prompt_split.h"
#include "core/runs/backend.h"

#include <string>

namespace preflab {

Json modelJson(const ModelReport& report);
std::string modelText(const ModelReport& report);
/// A table of all tensors.
std::string tensorsText(const ModelReport& report);

Json datasetJson(const Dataset& data);
/// Layout, rows, columns and the first problems.
std::string datasetText(const Dataset& data);
Json editsJson(const EditedDataset& data);
/// What the project made of the dataset, and which of its changes do not count.
std::string editsText(const EditedDataset& data);
/// Prompt, chosen and rejected (or the text) of a row, shortened.
std::string firstRowText(const Row& row, SplitRule split);

}  // namespace preflab
