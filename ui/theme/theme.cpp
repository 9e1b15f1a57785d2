// SPDX-License-Identifier: GPL-3.0-or-later
// Making a theme, and putting it on the application.
#include "ui/theme/theme.h"

#include "ui/theme/focus_ring.h"
#include "ui/theme/preflab_style.h"
#include "ui/theme/style_sheet.h"
#include "ui/theme/theme_values.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QPalette>
#include <QStyleHints>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace preflab {
namespace {

Theme& installed()
{
    static Theme theme = makeTheme(ThemeKind::Light);
    return theme;
}

/// The first of the wanted families that is installed, or the fallback.
QString family(const QStringList& wanted, const QString& fallback)
{
    const QStringList families = QFontDatabase::families();
    for (const QString& name : wanted)
        if (families.contains(name)) return name;
    return fallback;
}

QString interfaceFamily()
{
    const QString system = QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
    // A bare X has DejaVu Sans, offscreen any name at all: neither is a choice of the user.
    const bool isChosen =
        qEnvironmentVariableIsSet("XDG_CURRENT_DESKTOP") && !system.startsWith(QLatin1String("DejaVu"));
    if (isChosen) return system;
    return family({QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans")}, system);
}

QString fixedFamily()
{
    return family({QStringLiteral("JetBrains Mono"), QStringLiteral("DejaVu Sans Mono")},
                  QFontDatabase::systemFont(QFontDatabase::FixedFont).family());
}

/// Fonts are set in pixels: the design's sizes are pixels at 96 dpi, and Qt scales pixels with the screen.
QFont fontOf(const QString& family, qreal pixels, QFont::Weight weight)
{
    QFont font(family);
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(pixels))));
    font.setWeight(weight);
    return font;
}

void setFonts(Theme& theme)
{
    const QString text = interfaceFamily();
    const qreal s = theme.scale;
    theme.title = fontOf(text, 20 * s, QFont::DemiBold);
    theme.heading = fontOf(text, 15 * s, QFont::DemiBold);
    theme.strong = fontOf(text, 13 * s, QFont::DemiBold);
    theme.body = fontOf(text, 13 * s, QFont::Normal);
    theme.reading = fontOf(text, 14 * s, QFont::Normal);
    theme.small = fontOf(text, 12 * s, QFont::Normal);
    theme.tiny = fontOf(text, 11 * s, QFont::Normal);
    theme.mono = fontOf(fixedFamily(), 12 * s, QFont::Normal);
}

QPalette paletteOf(const Theme& theme)
{
    QPalette palette;
    palette.setColor(QPalette::Window, theme.bgPage);
    palette.setColor(QPalette::WindowText, theme.textPrimary);
    palette.setColor(QPalette::Base, theme.bgPanel);
    palette.setColor(QPalette::AlternateBase, theme.bgInset);
    palette.setColor(QPalette::Text, theme.textPrimary);
    palette.setColor(QPalette::Button, theme.bgPanel);
    palette.setColor(QPalette::ButtonText, theme.textPrimary);
    palette.setColor(QPalette::BrightText, theme.danger);
    palette.setColor(QPalette::Highlight, theme.bgSelected);
    palette.setColor(QPalette::HighlightedText, theme.textPrimary);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::LinkVisited, theme.accent);
    palette.setColor(QPalette::PlaceholderText, theme.textMuted);
    palette.setColor(QPalette::ToolTipBase, theme.bgRaised);
    palette.setColor(QPalette::ToolTipText, theme.textPrimary);
    palette.setColor(QPalette::Light, theme.bgPanel);
    palette.setColor(QPalette::Midlight, theme.bgHover);
    palette.setColor(QPalette::Mid, theme.borderStrong);
    palette.setColor(QPalette::Dark, theme.borderControl);
    palette.setColor(QPalette::Shadow, theme.borderStrong);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, theme.textDisabled);
    return palette;
}

/// By the lightness of the desktop's palette. Taken once, before our own palette hides it.
bool isDesktopDark()
{
    static const bool isDark = [] {
        const QPalette desktop = QApplication::palette();
        return desktop.color(QPalette::Window).lightness() < desktop.color(QPalette::WindowText).lightness();
    }();
    return isDark;
}

}  // namespace

int Theme::px(qreal designPixels) const
{
    return static_cast<int>(std::lround(designPixels * scale));
}

QColor Theme::color(QStringView token) const
{
    for (const ColorToken& entry : kColorTokens)
        if (token == QLatin1String(entry.name)) return this->*entry.member;
    if (token.startsWith(QLatin1String("series."))) {
        const int index = token.mid(7).toInt();
        if (index >= 1 && index <= 8) return series[static_cast<std::size_t>(index - 1)];
    }
    if (token.startsWith(QLatin1String("heat."))) {
        bool isNumber = false;
        const int stop = token.mid(5).toInt(&isNumber);
        if (isNumber && stop >= -4 && stop <= 4) return heat[static_cast<std::size_t>(stop + 4)];
    }
    return {};
}

QList<std::pair<QString, QColor>> colorTokens(const Theme& theme)
{
    QList<std::pair<QString, QColor>> tokens;
    for (const ColorToken& entry : kColorTokens) tokens.push_back({QLatin1String(entry.name), theme.*entry.member});
    for (int i = 1; i <= 8; ++i) {
        const QString name = QStringLiteral("series.%1").arg(i);
        tokens.push_back({name, theme.color(name)});
    }
    for (int stop = -4; stop <= 4; ++stop) {
        const QString name = QStringLiteral("heat.%1").arg(stop);
        tokens.push_back({name, theme.color(name)});
    }
    return tokens;
}

Theme makeTheme(ThemeKind kind, qreal textScale)
{
    const bool isLight = kind == ThemeKind::Light;
    Theme theme;
    theme.kind = kind;
    theme.scale = std::clamp(textScale, 0.8, 2.0);
    for (const ColorToken& token : kColorTokens)
        theme.*token.member = QColor::fromRgb(isLight ? token.light : token.dark);
    std::ranges::transform(isLight ? kSeriesLight : kSeriesDark, theme.series.begin(),
                           [](std::uint32_t rgb) { return QColor::fromRgb(rgb); });
    std::ranges::transform(isLight ? kHeatLight : kHeatDark, theme.heat.begin(),
                           [](std::uint32_t rgb) { return QColor::fromRgb(rgb); });
    theme.dash = {QList<qreal>{}, {6, 3}, {2, 3}, {8, 3, 2, 3}, {12, 4}, {4, 2}, {2, 2, 6, 2}, {1, 3}};
    setFonts(theme);
    return theme;
}

const Theme& currentTheme()
{
    return installed();
}

void applyTheme(QApplication& application, const Theme& theme)
{
    const QPalette palette = paletteOf(theme);
    const bool isSamePalette = palette == paletteOf(installed());
    installed() = theme;
    isDesktopDark();
    // Under a style sheet QApplication::style() is a wrapper: whether ours is below it must be remembered.
    static bool isDressed = false;
    if (!isDressed) QApplication::setStyle(new PrefLabStyle);
    isDressed = true;
    FocusRing::install(application);
    QApplication::setPalette(palette);
    QApplication::setFont(theme.body);
    application.setStyleSheet(styleSheetOf(theme));
    // Qt tells of a palette only if its colours changed; a change of the text size is as much a change of looks.
    QEvent changed(QEvent::PaletteChange);
    for (QWidget* widget : QApplication::allWidgets()) {
        if (isSamePalette) QApplication::sendEvent(widget, &changed);
        widget->updateGeometry();
        widget->update();
    }
}

ThemeKind resolvedKind(ThemeChoice choice)
{
    if (choice == ThemeChoice::Light) return ThemeKind::Light;
    if (choice == ThemeChoice::Dark) return ThemeKind::Dark;
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const Qt::ColorScheme scheme = QGuiApplication::styleHints()->colorScheme();
    if (scheme != Qt::ColorScheme::Unknown) return scheme == Qt::ColorScheme::Dark ? ThemeKind::Dark : ThemeKind::Light;
#endif
    return isDesktopDark() ? ThemeKind::Dark : ThemeKind::Light;
}

}  // namespace preflab
