// SPDX-License-Identifier: GPL-3.0-or-later
// Preferences in QSettings.
#include "ui/models/app/app_settings.h"

#include <algorithm>

namespace preflab {
namespace {

constexpr int kMostRecent = 10;

QString textOf(const std::filesystem::path& path)
{
    return QString::fromStdString(path.string());
}

}  // namespace

AppSettings::AppSettings(const QString& file, QObject* parent)
    : QObject(parent),
      m_store(file.isEmpty() ? std::make_unique<QSettings>(QStringLiteral("preflab"), QStringLiteral("preflab"))
                             : std::make_unique<QSettings>(file, QSettings::IniFormat))
{
    load();
}

void AppSettings::load()
{
    const QString theme = m_store->value(QStringLiteral("theme")).toString();
    if (theme == QLatin1String("light")) m_preferences.theme = Preferences::Theme::Light;
    if (theme == QLatin1String("dark")) m_preferences.theme = Preferences::Theme::Dark;
    m_preferences.textScale = std::clamp(m_store->value(QStringLiteral("text_scale"), 1.0).toDouble(), 0.8, 2.0);
    m_preferences.threads = std::max(0, m_store->value(QStringLiteral("threads"), 0).toInt());
    m_preferences.areKeysShown = m_store->value(QStringLiteral("keys_shown"), true).toBool();
    m_preferences.isAutoAdvancing = m_store->value(QStringLiteral("auto_advance"), true).toBool();
}

void AppSettings::setPreferences(const Preferences& preferences)
{
    if (preferences == m_preferences) return;
    m_preferences = preferences;
    static constexpr const char* kThemes[] = {"system", "light", "dark"};
    m_store->setValue(QStringLiteral("theme"), QLatin1String(kThemes[static_cast<int>(preferences.theme)]));
    m_store->setValue(QStringLiteral("text_scale"), preferences.textScale);
    m_store->setValue(QStringLiteral("threads"), preferences.threads);
    m_store->setValue(QStringLiteral("keys_shown"), preferences.areKeysShown);
    m_store->setValue(QStringLiteral("auto_advance"), preferences.isAutoAdvancing);
    Q_EMIT preferencesChanged();
}

QList<RecentProject> AppSettings::recentProjects() const
{
    QList<RecentProject> projects;
    const int count = m_store->beginReadArray(QStringLiteral("recent"));
    for (int i = 0; i < count; ++i) {
        m_store->setArrayIndex(i);
        projects.push_back({m_store->value(QStringLiteral("folder")).toString().toStdString(),
                            m_store->value(QStringLiteral("opened")).toString(),
                            m_store->value(QStringLiteral("pairs"), -1).toLongLong(),
                            m_store->value(QStringLiteral("runs")).toInt()});
    }
    m_store->endArray();
    return projects;
}

namespace {

void writeRecent(QSettings& store, const QList<RecentProject>& projects)
{
    store.remove(QStringLiteral("recent"));
    store.beginWriteArray(QStringLiteral("recent"), static_cast<int>(projects.size()));
    for (int i = 0; i < projects.size(); ++i) {
        store.setArrayIndex(i);
        store.setValue(QStringLiteral("folder"), textOf(projects[i].folder));
        store.setValue(QStringLiteral("opened"), projects[i].opened);
        store.setValue(QStringLiteral("pairs"), projects[i].pairs);
        store.setValue(QStringLiteral("runs"), projects[i].runs);
    }
    store.endArray();
}

}  // namespace

void AppSettings::noteRecent(const RecentProject& project)
{
    QList<RecentProject> projects = recentProjects();
    projects.removeIf([&](const RecentProject& other) { return other.folder == project.folder; });
    projects.push_front(project);
    if (projects.size() > kMostRecent) projects.resize(kMostRecent);
    writeRecent(*m_store, projects);
    Q_EMIT recentChanged();
}

void AppSettings::forgetRecent(const std::filesystem::path& folder)
{
    QList<RecentProject> projects = recentProjects();
    projects.removeIf([&](const RecentProject& other) { return other.folder == folder; });
    writeRecent(*m_store, projects);
    Q_EMIT recentChanged();
}

QByteArray AppSettings::layout(const QString& name) const
{
    return m_store->value(QStringLiteral("layout/") + name).toByteArray();
}

void AppSettings::setLayout(const QString& name, const QByteArray& state)
{
    m_store->setValue(QStringLiteral("layout/") + name, state);
}

}  // namespace preflab
