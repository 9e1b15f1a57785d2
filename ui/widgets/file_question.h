// SPDX-License-Identifier: GPL-3.0-or-later
// Asking the user for a file or a folder.
#pragma once

#include <filesystem>
#include <functional>

class QWidget;

namespace preflab {

/// What the user is to point at.
enum class FileQuestion { Pairs, ModelFolder, ProjectFolder, NewProject, ExportTarget };

/// Asks, and calls `then` with the answer; not at all when the user changes their mind. Returns at once.
using FileChooser =
    std::function<void(QWidget& parent, FileQuestion question, std::function<void(const std::filesystem::path&)> then)>;

/// The desktop's own dialogs.
FileChooser desktopFileChooser();

}  // namespace preflab
