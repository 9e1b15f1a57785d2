// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the same texts among those that are trained on and those that are held out.
#pragma once

#include "core/base/result.h"
#include "core/data/journal/edited_dataset.h"

#include <cstdint>
#include <span>

namespace preflab {

/// How many of the `held` rows of one dataset have the texts of a row that is `trained` on in another, which may be the
/// same one. Texts are as they are now, with their edits. Errors of reading edited rows.
Result<std::uint32_t> heldOutInTraining(const EditedDataset& trainedData, std::span<const std::uint32_t> trained,
                                        const EditedDataset& heldData, std::span<const std::uint32_t> held);

}  // namespace preflab
