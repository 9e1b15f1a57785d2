// SPDX-License-Identifier: GPL-3.0-or-later
// The design system's values: every colour, dash, font and metric of the window comes from here.
#pragma once

#include <QColor>
#include <QFont>
#include <QList>

#include <array>
#include <utility>

class QApplication;

namespace preflab {

/// Which of the two looks.
enum class ThemeKind { Light, Dark };

/// What the user chose; System follows the desktop.
enum class ThemeChoice { System, Light, Dark };

/// One look. Colours are named as in the design system ("bg.panel" is bgPanel).
struct Theme {
    ThemeKind kind = ThemeKind::Light;
    QColor bgRail, bgPage, bgPanel, bgRaised, bgInset, bgHover, bgPressed, bgSelected, textPrimary, textSecondary,
        textMuted, textDisabled, borderSubtle, borderStrong, borderControl, accent, accentFill, accentFillHover,
        accentOnFill, focus, chosen, chosenBg, chosenMark, rejected, rejectedBg, rejectedMark, ok, okBg, warning,
        warningBg, danger, dangerBg, dangerFill, plotGrid, plotAxis, plotRef;
    std::array<QColor, 8> series;      ///< a run's or a line's colour, by its index
    std::array<QList<qreal>, 8> dash;  ///< the same index's dash in pixels; empty: solid
    std::array<QColor, 9> heat;        ///< log-ratio from -4 to +4 stops, centred at index 4
    QFont title, heading, strong, body, reading, small, tiny, mono;
    qreal scale = 1.0;  ///< text size chosen by the user

    /// A length of the design at the user's text size, in device-independent pixels.
    int px(qreal designPixels) const;
    /// The colour of a token by its design name ("bg.panel", "series.3"); an invalid colour for an unknown name.
    QColor color(QStringView token) const;
};

/// Every colour token's design name with its value in `theme`, for style sheets and tests.
QList<std::pair<QString, QColor>> colorTokens(const Theme& theme);

/// A theme with fonts at a text size of 0.8 to 2.
Theme makeTheme(ThemeKind kind, qreal textScale = 1.0);

/// What the whole window is drawn with now. Widgets ask while they paint and on QEvent::PaletteChange; none keeps a
/// colour of its own.
const Theme& currentTheme();

/// Puts a theme on the application: palette, style, style sheet, fonts. Every widget gets a PaletteChange. UI thread.
void applyTheme(QApplication& application, const Theme& theme);

/// The look that a choice means on this desktop.
ThemeKind resolvedKind(ThemeChoice choice);

}  // namespace preflab
