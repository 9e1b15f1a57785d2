// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes that follow the user's text size while the program runs.
#pragma once

#include <functional>

class QWidget;

namespace preflab {

/// Calls `apply` now, and again after every change of theme or text size, as long as the widget lives. For what layouts
/// cannot work out themselves: fixed widths and heights, margins.
void keepMetrics(QWidget& widget, std::function<void()> apply);

}  // namespace preflab
