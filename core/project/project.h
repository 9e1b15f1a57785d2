// SPDX-License-Identifier: GPL-3.0-or-later
// A project: a folder that the user owns, with project.db, runs/ and exports/. Moving the folder keeps it working.
#pragma once

#include "core/base/database.h"
#include "core/base/result.h"

#include <filesystem>
#include <memory>
#include <string>

namespace preflab {

/// An open project; holds project.lock until destroyed.
class Project {
public:
    /// Opens the project in `folder`, making it if the folder is empty or absent; a folder with other files is
    /// refused. Whatever a killed process left is put right: its lock is void, its runs count as interrupted, its
    /// half-written folders go. ProjectReadOnly, ProjectLocked (with the owner's process), ProjectTooNew,
    /// ProjectInvalid, DiskFull, WriteFailed.
    static Result<std::unique_ptr<Project>> open(const std::filesystem::path& folder);
    /// The project used when none is named: "<data folder>/default".
    static std::filesystem::path defaultFolder();
    ~Project();

    const std::filesystem::path& folder() const;                    ///< absolute, without symbolic links
    std::filesystem::path runFolder(const std::string& run) const;  ///< runs/<run>
    std::filesystem::path exportsFolder() const;
    Database& database();

    /// How a source is stored: relative to the folder when it lies inside, absolute otherwise; and back.
    std::string storedPath(const std::filesystem::path& source) const;
    std::filesystem::path sourcePath(const std::string& stored) const;

private:
    struct State;
    explicit Project(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace preflab
