// SPDX-License-Identifier: GPL-3.0-or-later
// The cards of the components page.
#pragma once

class QWidget;

namespace preflab {

/// Buttons in all their states, and the small controls to choose with.
QWidget* makeButtonsCard();
/// Fields: plain, with the keyboard, read-only, wrong; a slider with its exact field.
QWidget* makeFieldsCard();
/// Chips, badges in all tones, key caps, a progress bar.
QWidget* makeChipsCard();
/// Notes and a message of the window's corner.
QWidget* makeNotesCard();
/// Series with their dashes, the heat map, the marks of texts.
QWidget* makeColoursCard();
/// All icons.
QWidget* makeIconsCard();
/// The state of a view that has nothing to show.
QWidget* makeEmptyCard();
/// The state of a view that is still reading.
QWidget* makeLoadingCard();
/// The state of a view that failed.
QWidget* makeErrorCard();

}  // namespace preflab
