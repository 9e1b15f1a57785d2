// SPDX-License-Identifier: GPL-3.0-or-later
// What the system says of a file, as errors whose remedy follows the cause.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>

namespace preflab {

/// Why `path` could not be written, from an errno: WriteFailed, or SystemLimit for too many open files.
Error writeError(const std::filesystem::path& path, int number);

/// WriteFailed for another cause. The remedy is a demand: "choose another name".
Error writeError(const std::filesystem::path& path, std::string reason, std::string remedy);

/// Why `path` cannot be read, from an errno: FileUnreadable, or SystemLimit for too many open files.
Error readError(const std::filesystem::path& path, int number);

/// FileUnreadable for another cause.
Error readError(const std::filesystem::path& path, std::string reason, std::string remedy);

}  // namespace preflab
