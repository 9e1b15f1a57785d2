// SPDX-License-Identifier: GPL-3.0-or-later
// What the cards of the components page are put together with.
#pragma once

#include "ui/widgets/blocks.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <initializer_list>

namespace preflab {

/// A card with a small heading and the sheet's margins.
Card* makeSheetCard(const QString& title);
/// Widgets side by side, at the left.
QHBoxLayout* makeRow(std::initializer_list<QWidget*> widgets);

}  // namespace preflab
