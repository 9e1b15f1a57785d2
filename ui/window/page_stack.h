// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of the window, one of them shown.
#pragma once

#include "ui/theme/theme.h"

#include <QStackedWidget>

namespace preflab {

/// As small as the page that is shown may be: what a hidden one needs is no reason to keep the window large. And never
/// wider than what half of a common screen leaves, because side panels make room below that (see SidePanel).
class PageStack : public QStackedWidget {
    Q_OBJECT

public:
    explicit PageStack(QWidget* parent = nullptr) : QStackedWidget(parent)
    {
        connect(this, &QStackedWidget::currentChanged, this, [this] { updateGeometry(); });
    }
    QSize minimumSizeHint() const override
    {
        const QSize least = currentWidget() == nullptr ? QSize() : currentWidget()->minimumSizeHint();
        return least.boundedTo({currentTheme().px(kLeastWidth), least.height()});
    }

private:
    static constexpr int kLeastWidth = 960 - 72;  ///< design pixels; the rail has the rest
};

}  // namespace preflab
