// SPDX-License-Identifier: GPL-3.0-or-later
// The design's colours as numbers, light and dark.
#pragma once

#include "ui/theme/theme.h"

#include <array>
#include <cstdint>

namespace preflab {

/// One colour token.
struct ColorToken {
    const char* name;  ///< as in the design system
    QColor Theme::*member;
    std::uint32_t light, dark;  ///< 0xRRGGBB
};

/// All of them but series and heat map.
inline constexpr std::array<ColorToken, 36> kColorTokens{{
    {"bg.rail", &Theme::bgRail, 0xE9EBF1, 0x101217},
    {"bg.page", &Theme::bgPage, 0xF5F6F9, 0x16181E},
    {"bg.panel", &Theme::bgPanel, 0xFFFFFF, 0x1D2027},
    {"bg.raised", &Theme::bgRaised, 0xFFFFFF, 0x252932},
    {"bg.inset", &Theme::bgInset, 0xF0F2F6, 0x121419},
    {"bg.hover", &Theme::bgHover, 0xEBEDF3, 0x2A2F39},
    {"bg.pressed", &Theme::bgPressed, 0xDFE3EC, 0x343A46},
    {"bg.selected", &Theme::bgSelected, 0xE4E7FB, 0x2A2F55},
    {"text.primary", &Theme::textPrimary, 0x1A1D24, 0xE7E9EE},
    {"text.secondary", &Theme::textSecondary, 0x4A5160, 0xB3B9C5},
    {"text.muted", &Theme::textMuted, 0x5E6675, 0x979FAE},
    {"text.disabled", &Theme::textDisabled, 0x9AA1AE, 0x5D6472},
    {"border.subtle", &Theme::borderSubtle, 0xE1E4EB, 0x2B303A},
    {"border.strong", &Theme::borderStrong, 0xC7CCD7, 0x3D4450},
    {"border.control", &Theme::borderControl, 0x848C9B, 0x6C7484},
    {"accent", &Theme::accent, 0x4350C8, 0x97A2FF},
    {"accent.fill", &Theme::accentFill, 0x4350C8, 0x5560D6},
    {"accent.fillHover", &Theme::accentFillHover, 0x3844B4, 0x4C57CC},
    {"accent.onFill", &Theme::accentOnFill, 0xFFFFFF, 0xFFFFFF},
    {"focus", &Theme::focus, 0x4350C8, 0x97A2FF},
    {"chosen", &Theme::chosen, 0x0A6C7E, 0x55C5D6},
    {"chosen.bg", &Theme::chosenBg, 0xE0F3F6, 0x12333A},
    {"chosen.mark", &Theme::chosenMark, 0xBFE6EC, 0x1B4E58},
    {"rejected", &Theme::rejected, 0xA84310, 0xF29A66},
    {"rejected.bg", &Theme::rejectedBg, 0xFCEBE1, 0x3A2417},
    {"rejected.mark", &Theme::rejectedMark, 0xF8D2BC, 0x5A3520},
    {"ok", &Theme::ok, 0x23703A, 0x76CB8C},
    {"ok.bg", &Theme::okBg, 0xE3F4E7, 0x16321F},
    {"warning", &Theme::warning, 0x7A5500, 0xE9C257},
    {"warning.bg", &Theme::warningBg, 0xFFF3CF, 0x362B0E},
    {"danger", &Theme::danger, 0xB0202F, 0xFF8A92},
    {"danger.bg", &Theme::dangerBg, 0xFCE7E8, 0x3D1B20},
    {"danger.fill", &Theme::dangerFill, 0xB0202F, 0xB93543},
    {"plot.grid", &Theme::plotGrid, 0xE7EAF0, 0x282D36},
    {"plot.axis", &Theme::plotAxis, 0x8A92A1, 0x6C7484},
    {"plot.ref", &Theme::plotRef, 0x616978, 0x8D95A4},
}};

/// Series 1 to 8.
inline constexpr std::array<std::uint32_t, 8> kSeriesLight{0x4350C8, 0xC4560A, 0x3F9A60, 0x7A0F2B,
                                                           0x8F5680, 0x9A82D3, 0x5B3A0C, 0x2B2462};
inline constexpr std::array<std::uint32_t, 8> kSeriesDark{0x97A2FF, 0xF59A5E, 0x42B59B, 0xED4A72,
                                                          0x8B7DB0, 0x4FE3EE, 0xF5D550, 0xCCEEB0};

/// The heat map from -4 to +4.
inline constexpr std::array<std::uint32_t, 9> kHeatLight{0xA97EC0, 0xC3A3D2, 0xD9C4E3, 0xEBDFF0, 0xF5F6F9,
                                                         0xDCEEDD, 0xB8DDBB, 0x8DC794, 0x62AC6E};
inline constexpr std::array<std::uint32_t, 9> kHeatDark{0x85549E, 0x6F4787, 0x553A66, 0x3A2D45, 0x242830,
                                                        0x24382A, 0x274F37, 0x2A6641, 0x2C7447};

}  // namespace preflab
