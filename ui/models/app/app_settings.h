// SPDX-License-Identifier: GPL-3.0-or-later
// What the user prefers, kept between starts. Run settings and results are files of projects, never preferences.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QSettings>
#include <QString>
#include <QStringList>

#include <filesystem>
#include <memory>

namespace preflab {

/// Preferences as a value.
struct Preferences {
    enum class Theme { System, Light, Dark };
    Theme theme = Theme::System;
    double textScale = 1.0;       ///< 0.8 to 2
    int threads = 0;              ///< for training; 0: all cores
    bool areKeysShown = true;     ///< key caps on buttons
    bool isAutoAdvancing = true;  ///< annotation goes on by itself after a choice
    bool operator==(const Preferences&) const = default;
};

/// A project that was open before.
struct RecentProject {
    std::filesystem::path folder;
    QString opened;     ///< ISO 8601
    qint64 pairs = -1;  ///< when it was last closed; -1: unknown
    int runs = 0;
};

/// Loaded once, changed only here; injected into everybody who needs it. UI thread.
class AppSettings : public QObject {
    Q_OBJECT

public:
    /// The user's own settings, or those of a file (tests).
    explicit AppSettings(const QString& file = {}, QObject* parent = nullptr);

    /// The file that holds them.
    QString file() const { return m_store->fileName(); }

    const Preferences& preferences() const { return m_preferences; }
    void setPreferences(const Preferences& preferences);

    /// Latest first; at most ten.
    QList<RecentProject> recentProjects() const;
    void noteRecent(const RecentProject& project);
    void forgetRecent(const std::filesystem::path& folder);

    /// What the user moved: splitters, headers, the window itself; by the name of the thing.
    QByteArray layout(const QString& name) const;
    void setLayout(const QString& name, const QByteArray& state);

Q_SIGNALS:
    void preferencesChanged();
    void recentChanged();

private:
    void load();

    std::unique_ptr<QSettings> m_store;
    Preferences m_preferences;
};

}  // namespace preflab
