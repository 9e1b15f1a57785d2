// SPDX-License-Identifier: GPL-3.0-or-later
// Folders below a run's, by their names.
#include "core/runs/trained_model.h"

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

namespace preflab {
namespace {

constexpr std::string_view kCheckpoint = "checkpoint-";
constexpr std::string_view kModel = "model";

/// 40 of "checkpoint-40"; nothing for other names, such as that of a checkpoint that is being written.
std::optional<std::int64_t> stepOf(const std::string& name)
{
    if (!name.starts_with(kCheckpoint)) return std::nullopt;
    std::int64_t step = 0;
    const char* const end = name.data() + name.size();
    const auto [last, error] = std::from_chars(name.data() + kCheckpoint.size(), end, step);
    return error == std::errc() && last == end ? std::optional(step) : std::nullopt;
}

}  // namespace

std::optional<TrainedModel> trainedModelOf(const std::filesystem::path& runFolder)
{
    std::error_code error;
    if (std::filesystem::is_directory(runFolder / kModel, error)) return TrainedModel{runFolder / kModel, {}};
    std::optional<TrainedModel> latest;
    std::filesystem::directory_iterator entry(runFolder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const auto step = stepOf(entry->path().filename().string());
        if (step && (!latest || *step > *latest->step)) latest = TrainedModel{entry->path(), step};
    }
    return latest;
}

bool isWeightsFolderName(const std::string& name)
{
    return name == kModel || stepOf(name).has_value();
}

}  // namespace preflab
