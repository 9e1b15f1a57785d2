// SPDX-License-Identifier: GPL-3.0-or-later
// A hidden page with every control, state and mark of the design, to look at beside the design's own picture.
#pragma once

#include "ui/widgets/page.h"

namespace preflab {

/// Stands where the settings stand; the window shows it only when asked to on the command line. Nothing on it acts.
class ComponentsPage : public Page {
    Q_OBJECT

public:
    explicit ComponentsPage(QWidget* parent = nullptr);
};

}  // namespace preflab
