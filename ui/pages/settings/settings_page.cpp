// SPDX-License-Identifier: GPL-3.0-or-later
// Preferences in three cards, and what PrefLab is made of.
#include "ui/pages/settings/settings_page.h"

#include "ui/models/app/app_settings.h"
#include "ui/models/app/cache_care.h"
#include "ui/models/app/workspace.h"
#include "ui/pages/settings/cache_card.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/form_row.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QThread>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace preflab {
namespace {

constexpr double kSmallestText = 80, kLargestText = 200;
constexpr int kMostThreads = 1024;
constexpr const char* kThemeIds[] = {"system", "light", "dark"};

}  // namespace

SettingsPage::SettingsPage(Workspace& workspace, QWidget* parent)
    : Page(PageId::Settings, tr("Settings"), parent), m_settings(workspace.settings()),
      m_cache(new CacheCare(workspace, this))
{
    const Theme& theme = currentTheme();
    auto* sheet = new QWidget;
    auto* column = new QVBoxLayout(sheet);
    column->setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(16));
    column->setSpacing(theme.px(12));
    for (QWidget* card : {makeAppearance(), makeWork(), makePlaces(), makeAbout()}) {
        card->setMaximumWidth(theme.px(860));
        auto* row = new QHBoxLayout;  // in the middle of a wide page
        row->addStretch(1);
        row->addWidget(card, 1000);
        row->addStretch(1);
        column->addLayout(row);
    }
    column->addStretch(1);
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(sheet);
    setContent(area);
    connect(&m_settings, &AppSettings::preferencesChanged, this, &SettingsPage::showPreferences);
    showPreferences();
}

QWidget* SettingsPage::makeAppearance()
{
    auto* card = new Card(tr("Appearance"));
    m_theme = new Segmented;
    m_theme->setTall();
    m_theme->addSegment(QStringLiteral("system"), tr("As the system"));
    m_theme->addSegment(QStringLiteral("light"), tr("Light"));
    m_theme->addSegment(QStringLiteral("dark"), tr("Dark"));
    card->body().addWidget(new FormRow(tr("Theme"), m_theme, tr("Applies at once, in all windows.")));
    m_textSlider = new ScaledSlider;
    m_textSlider->setScale(kSmallestText, kLargestText, ScaledSlider::Scale::Linear);
    m_textSlider->setTicks({80, 100, 125, 150, 200});
    m_textField = new NumberField;
    m_textField->setAccessibleName(tr("Text size in percent"));
    m_textRow = new FormRow(tr("Text size"), m_textSlider, tr("Of everything in the window, from 80 to 200 %."));
    m_textRow->addBeside(m_textField);
    m_textRow->addBeside(makeLabel(QStringLiteral("%"), "", "muted"));
    card->body().addWidget(m_textRow);
    m_keys = new Switch(tr("Show keys on buttons"));
    card->body().addWidget(new FormRow(tr("Keys"), m_keys, tr("Keys work the same whether they are shown or not.")));
    connect(m_theme, &Segmented::chosen, this, [this](const QString& id) {
        Preferences preferences = m_settings.preferences();
        const auto found = std::ranges::find(kThemeIds, id.toStdString());
        preferences.theme = static_cast<Preferences::Theme>(found - std::begin(kThemeIds));
        m_settings.setPreferences(preferences);
    });
    // The slider itself grows with the text: it applies when it is let go.
    connect(m_textSlider, &ScaledSlider::numberChanged, this, [this](double percent) {
        m_textField->setValue(std::round(percent / 5) * 5);
        if (!m_textSlider->isSliderDown()) takeTextSize(*m_textField->value());
    });
    connect(m_textSlider, &QSlider::sliderReleased, this, [this] { takeTextSize(m_textField->value().value_or(100)); });
    connect(m_textField, &NumberField::committed, this, [this] { takeTextSize(m_textField->value().value_or(0)); });
    connect(m_textRow, &FormRow::resetWanted, this, [this] { takeTextSize(100); });
    connect(m_keys, &Switch::toggled, this, [this](bool isOn) {
        Preferences preferences = m_settings.preferences();
        preferences.areKeysShown = isOn;
        m_settings.setPreferences(preferences);
    });
    return card;
}

QWidget* SettingsPage::makeWork()
{
    auto* card = new Card(tr("Training and annotation"));
    m_threadsKind = new Segmented;
    m_threadsKind->setTall();
    m_threadsKind->addSegment(QStringLiteral("all"), tr("All cores"));
    m_threadsKind->addSegment(QStringLiteral("some"), tr("Only"));
    m_threads = new NumberField;
    m_threads->setAccessibleName(tr("Number of threads"));
    m_threadsRow = new FormRow(tr("Threads"), m_threadsKind,
                               tr("Training has a lower priority than the window, so all cores are a good choice."));
    m_threadsRow->addBeside(m_threads);
    m_threadsRow->addBeside(makeLabel(tr("of %n core(s)", nullptr, QThread::idealThreadCount()), "", "muted"), 1);
    card->body().addWidget(m_threadsRow);
    m_advance = new Switch(tr("Go on to the next pair after a choice"));
    card->body().addWidget(
        new FormRow(tr("Annotation"), m_advance, tr("After a third of a second; any other key stops it.")));
    connect(m_threadsKind, &Segmented::chosen, this, [this](const QString& id) {
        if (id == QLatin1String("some") && !m_threads->value()) m_threads->setValue(QThread::idealThreadCount());
        takeThreads();
    });
    connect(m_threads, &NumberField::committed, this, &SettingsPage::takeThreads);
    connect(m_threadsRow, &FormRow::resetWanted, this, [this] {
        m_threadsKind->setCurrent(QStringLiteral("all"));
        takeThreads();
    });
    connect(m_advance, &Switch::toggled, this, [this](bool isOn) {
        Preferences preferences = m_settings.preferences();
        preferences.isAutoAdvancing = isOn;
        m_settings.setPreferences(preferences);
    });
    return card;
}

QWidget* SettingsPage::makePlaces()
{
    return new CacheCard(*m_cache, m_settings.file().toStdString());
}

QWidget* SettingsPage::makeAbout()
{
    auto* card = new Card(tr("About PrefLab"));
    const QStringList libraries = {QStringLiteral("Qt (LGPL 3)"),         QStringLiteral("QCustomPlot (GPL 3)"),
                                   QStringLiteral("LibTorch (BSD 3)"),    QStringLiteral("SQLite (public domain)"),
                                   QStringLiteral("DuckDB (MIT)"),        QStringLiteral("SentencePiece (Apache 2)"),
                                   QStringLiteral("nlohmann/json (MIT)"), QStringLiteral("tl::expected (CC0)"),
                                   QStringLiteral("CLI11 (BSD 3)"),       QStringLiteral("xxHash (BSD 2)"),
                                   QStringLiteral("PCRE2 (BSD 3)"),       QStringLiteral("zlib (zlib)")};
    const QString version = QCoreApplication::applicationVersion();
    QLabel* what =
        makeLabel(version.isEmpty() ? tr("PrefLab, GPL 3 or later") : tr("Version %1, GPL 3 or later").arg(version));
    QLabel* made = makeLabel(tr("Made with %1.").arg(QLocale().createSeparatedList(libraries)), "small");
    for (QLabel* label : {what, made}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        card->body().addWidget(label);
    }
    return card;
}

void SettingsPage::takeTextSize(double percent)
{
    const bool isUsable = percent >= kSmallestText && percent <= kLargestText;
    m_textRow->setError(isUsable ? QString() : tr("The text size must be from 80 to 200 %."));
    m_textField->setInvalid(!isUsable);
    if (!isUsable) return;
    Preferences preferences = m_settings.preferences();
    preferences.textScale = percent / 100;
    m_settings.setPreferences(preferences);
}

void SettingsPage::takeThreads()
{
    const bool isAll = m_threadsKind->current() == QLatin1String("all");
    const double wanted = m_threads->value().value_or(0);
    const bool isUsable = isAll || (wanted >= 1 && wanted <= kMostThreads && wanted == std::floor(wanted));
    m_threadsRow->setError(isUsable ? QString() : tr("The number of threads must be a whole number from 1."));
    m_threads->setEnabled(!isAll);
    m_threads->setInvalid(!isUsable);
    if (!isUsable) return;
    Preferences preferences = m_settings.preferences();
    preferences.threads = isAll ? 0 : static_cast<int>(wanted);
    m_settings.setPreferences(preferences);
}

void SettingsPage::showPreferences()
{
    const Preferences& preferences = m_settings.preferences();
    m_theme->setCurrent(QLatin1String(kThemeIds[static_cast<int>(preferences.theme)]));
    const double percent = std::round(100 * preferences.textScale);
    m_textSlider->setNumber(percent);
    m_textField->setValue(percent);
    m_textRow->setChanged(percent != 100);
    m_keys->setChecked(preferences.areKeysShown);
    const bool isAll = preferences.threads == 0;
    m_threadsKind->setCurrent(isAll ? QStringLiteral("all") : QStringLiteral("some"));
    m_threads->setEnabled(!isAll);
    m_threads->setToolTip(isAll ? tr("All cores are used; choose “Only” to give a number")
                                : tr("So many threads compute"));
    m_threads->setValue(isAll ? QThread::idealThreadCount() : preferences.threads);
    m_threadsRow->setChanged(!isAll);
    m_advance->setChecked(preferences.isAutoAdvancing);
}

void SettingsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_cache->refresh();
}

}  // namespace preflab
