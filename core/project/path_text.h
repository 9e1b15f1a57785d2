// SPDX-License-Identifier: GPL-3.0-or-later
// Paths as texts that JSON and databases can hold.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace preflab {

/// The path itself when it is UTF-8, as nearly all are. Names on Linux are bytes, though: others are written behind "./%:",
/// which no normal path begins with, with %XX for every byte that is not printable ASCII.
std::string pathText(const std::filesystem::path& path);

/// Back to the same bytes.
std::filesystem::path pathOfText(std::string_view text);

}  // namespace preflab
