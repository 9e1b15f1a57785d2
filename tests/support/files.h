// SPDX-License-Identifier: GPL-3.0-or-later
// Files for tests: a folder that vanishes with its object, whole files in and out.
#pragma once

#include <QTemporaryDir>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace preflab::test {

/// A temporary folder.
class ScratchFolder {
public:
    std::filesystem::path path() const { return m_folder.path().toStdString(); }
    std::filesystem::path operator/(std::string_view name) const { return path() / name; }

private:
    QTemporaryDir m_folder;
};

/// Writes a file, without any safety. A file that is there is removed first: some file systems sync what is written
/// over old content, at milliseconds a time.
inline std::filesystem::path writeFile(const std::filesystem::path& path, std::string_view content)
{
    std::filesystem::create_directories(path.parent_path());
    std::filesystem::remove(path);
    std::ofstream(path, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
    return path;
}

/// The bytes of a file; empty if it is not there.
inline std::string readFile(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

/// How many entries a folder has.
inline std::ptrdiff_t entriesIn(const std::filesystem::path& folder)
{
    return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}

}  // namespace preflab::test
