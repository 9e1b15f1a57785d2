// SPDX-License-Identifier: GPL-3.0-or-later
// Files that may not be read, although tests may run as an administrator.
#pragma once

#include <filesystem>
#include <unistd.h>

namespace preflab::test {

/// Takes every permission of `path` away. While this lives, an administrator has no more rights than anybody.
class Forbidden {
public:
    explicit Forbidden(std::filesystem::path path)
        : m_path(std::move(path)), m_permissions(std::filesystem::status(m_path).permissions())
    {
        std::filesystem::permissions(m_path, std::filesystem::perms::none);
        if (m_isAdministrator) m_isSomebody = ::seteuid(kSomebody) == 0;
    }
    ~Forbidden()
    {
        if (m_isSomebody) m_isSomebody = ::seteuid(0) != 0;
        std::error_code ignored;
        std::filesystem::permissions(m_path, m_permissions, ignored);
    }
    Forbidden(const Forbidden&) = delete;
    Forbidden& operator=(const Forbidden&) = delete;

private:
    static constexpr uid_t kSomebody = 65533;
    std::filesystem::path m_path;
    std::filesystem::perms m_permissions;
    bool m_isAdministrator = ::geteuid() == 0;
    bool m_isSomebody = false;
};

}  // namespace preflab::test
