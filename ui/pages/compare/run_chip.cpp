// SPDX-License-Identifier: GPL-3.0-or-later
// Chips of runs.
#include "ui/pages/compare/run_chip.h"

#include "ui/plots/plot_style.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace preflab {

LineSample::LineSample(int seriesIndex, QWidget* parent) : QWidget(parent), m_series(seriesIndex)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize LineSample::sizeHint() const
{
    return {currentTheme().px(22), currentTheme().px(10)};
}

void LineSample::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    drawLineSample(painter, rect(), LineLook::ofSeries(m_series), currentTheme());
}

RunChip::RunChip(const RunController& run, int seriesIndex, QWidget* parent) : QFrame(parent)
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("card"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.px(10), 0, theme.px(2), 0);
    row->setSpacing(theme.px(8));
    row->addWidget(new LineSample(seriesIndex));
    row->addWidget(makeLabel(run.name(), "strong"));
    row->addWidget(new Badge(QString::fromStdString(run.record().method).toUpper()));
    auto* close = new Button({}, QStringLiteral("close"), Button::Kind::Bare);
    close->setDense();
    close->setAccessibleName(tr("Leave %1 out of the comparison").arg(run.name()));
    row->addWidget(close);
    connect(close, &Button::clicked, this, &RunChip::removed);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

}  // namespace preflab
