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

/// The facts of datasetText and, of up to 1,000 findings a kind, each.
Json datasetJson(const EditedDataset& opened);
/// Layout, rows, columns and the first problems.
std::string datasetText(const EditedDataset& opened);
Json editsJson(const EditedDataset& data);
/// What the project made of the dataset, and which of its changes do not count.
std::string editsText(const EditedDataset& data);
/// Prompt, chosen and rejected (or the text) of a row, shortened; for programs whole: {"prompt","chosen","rejected"} or
/// {"text"}, or {"problem"} where no prompt can be found.
Json firstRowJson(const Row& row, SplitRule split);
std::string firstRowText(const Row& row, SplitRule split);

}  // namespace preflab
