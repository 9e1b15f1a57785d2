// SPDX-License-Identifier: GPL-3.0-or-later
// A theme change reaches every widget as a StyleChange, since the style sheet is another one then.
#include "ui/theme/metrics.h"

#include <QEvent>
#include <QWidget>

namespace preflab {
namespace {

class MetricsKeeper : public QObject {
public:
    MetricsKeeper(QWidget& widget, std::function<void()> apply) : QObject(&widget), m_apply(std::move(apply))
    {
        widget.installEventFilter(this);
    }

    bool eventFilter(QObject*, QEvent* event) override
    {
        if (event->type() == QEvent::StyleChange) m_apply();
        return false;
    }

private:
    std::function<void()> m_apply;
};

}  // namespace

void keepMetrics(QWidget& widget, std::function<void()> apply)
{
    apply();
    new MetricsKeeper(widget, std::move(apply));
}

}  // namespace preflab
