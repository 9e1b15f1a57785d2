// SPDX-License-Identifier: GPL-3.0-or-later
// A project: a folder that the user owns, with project.db, runs/ and exports/. Moving the folder keeps it working.
#pragma once

#include "core/base/database.h"
#include "core/base/result.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace preflab {

/// An open project. One that may be written holds project.lock until destroyed.
class Project {
public:
    /// Opens the project in `folder` to work in it, making it if the folder is empty or absent; a folder with other files
    /// is refused. The lock of a killed process is void. SystemLimit, ProjectReadOnly, ProjectNotMade, which
    /// leaves everything as it was, ProjectLocked (with the owner's process), ProjectTooNew, ProjectInvalid, DiskFull,
    /// WriteFailed.
    static Result<std::unique_ptr<Project>> open(const std::filesystem::path& folder);
    /// Opens a project that is there to read it: beside a process that works in it, and on read-only media. Nothing is
    /// made, changed or tidied; a command that writes is ProjectReadOnly. ProjectNotFound, and as `open`.
    static Result<std::unique_ptr<Project>> openToRead(const std::filesystem::path& folder);
    /// The project used when none is named: "<data folder>/default".
    static std::filesystem::path defaultFolder();
    ~Project();

    const std::filesystem::path& folder() const;                    ///< absolute, without symbolic links
    std::filesystem::path runFolder(const std::string& run) const;  ///< runs/<run>
    std::filesystem::path exportsFolder() const;
    Database& database();
    bool isReadOnly() const;       ///< opened by `openToRead`
    bool isUsedElsewhere() const;  ///< another process worked in it when it was opened
    /// ChangesMissing, when the project opened without changes that were made in it.
    const std::optional<Error>& warning() const;

    /// How a source is stored: relative to the folder when it lies inside, absolute otherwise, and escaped when its name
    /// is not UTF-8; and back.
    std::string storedPath(const std::filesystem::path& source) const;
    std::filesystem::path sourcePath(const std::string& stored) const;

private:
    struct State;
    explicit Project(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace preflab
