// SPDX-License-Identifier: GPL-3.0-or-later
// How large the caches are, and emptying them.
#pragma once

#include "core/base/cache_folder.h"

#include <QObject>
#include <QString>
#include <QThreadPool>

#include <filesystem>
#include <optional>

namespace preflab {

class Workspace;

/// Counts and deletes off the UI thread. UI thread.
class CacheCare : public QObject {
    Q_OBJECT

public:
    explicit CacheCare(Workspace& workspace, QObject* parent = nullptr);

    /// Where they lie.
    const std::filesystem::path& folder() const { return m_folder; }
    /// As last counted; none until then.
    const std::optional<CacheContents>& contents() const { return m_contents; }
    /// Counts again; ends in `changed`.
    void refresh();
    /// Why they cannot be emptied now, as a sentence; empty if they can.
    QString refusal() const;
    /// Deletes them, unless there is a refusal; ends in `emptied`.
    void empty();
    bool isEmptying() const { return m_isEmptying; }

Q_SIGNALS:
    /// Contents, refusal or emptying.
    void changed();
    void emptied(const preflab::EmptiedCache& done);

private:
    void followRuns();

    Workspace& m_workspace;
    std::filesystem::path m_folder;
    std::optional<CacheContents> m_contents;
    quint64 m_generation = 0;
    bool m_isEmptying = false;
    QThreadPool m_pool;  ///< last: waits for its work before the rest goes
};

}  // namespace preflab
