// SPDX-License-Identifier: GPL-3.0-or-later
// The one style sheet, made from its template.
#pragma once

#include "ui/theme/theme.h"

#include <QString>

namespace preflab {

/// resources/style/preflab.qss with its placeholders filled: @token@ by the colour ("@bg.panel@"), @px(32)@ by the
/// length at the user's text size (@px(9)-1@ takes a pixel off, for borders that grow), @font(small)@ by "font-size and family" of a role.
QString styleSheetOf(const Theme& theme);

/// The same for any template; unknown placeholders stay, so that a test can find them.
QString filledTemplate(const QString& text, const Theme& theme);

}  // namespace preflab
