// SPDX-License-Identifier: GPL-3.0-or-later
// Colours, type and layout of reports as one style sheet, light and dark.
#pragma once

#include <string>

namespace preflab {

/// The content of <style>. Follows the reader's setting; data-theme="light" or "dark" on <html> overrides it; print
/// is light.
std::string reportStyle();

}  // namespace preflab
