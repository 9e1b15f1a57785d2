// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps outputs from replacing what they are made of.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace preflab {

/// A file, or a folder with all that is in it, which a command reads.
struct Reading {
    std::filesystem::path path;
    std::string name;  ///< in sentences: "the data", "the model"
};

/// Where a path leads: absolute, and without links as far as it exists.
std::filesystem::path placeOf(const std::filesystem::path& path);

/// OutputIsInput if `target` is one of the files, or lies in one of the folders; through links and hard links too. What
/// does not exist is no reading.
Result<> checkOutput(const std::filesystem::path& target, const std::vector<Reading>& readings);

}  // namespace preflab
