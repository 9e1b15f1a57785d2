// SPDX-License-Identifier: GPL-3.0-or-later
// The weights that a run left behind, as a model folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace preflab {

/// Weights of a run and the step they are from.
struct TrainedModel {
    std::filesystem::path folder;
    std::optional<std::int64_t> step;  ///< of a checkpoint; none: the model after the last step
};

/// What can be asked or scored of a run: "model" once it is finished, the latest "checkpoint-<step>" until then; nothing
/// before its first checkpoint. Looks into `runFolder`, so not for the UI thread.
std::optional<TrainedModel> trainedModelOf(const std::filesystem::path& runFolder);

/// True for the names that a run gives to the folders of its weights.
bool isWeightsFolderName(const std::string& name);

}  // namespace preflab
