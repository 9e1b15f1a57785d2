// SPDX-License-Identifier: GPL-3.0-or-later
// Step, bar and six figures.
#include "ui/pages/runs/run_strip.h"

#include "ui/models/app/number_text.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>

#include <cmath>

namespace preflab {

RunStrip::RunStrip(std::shared_ptr<RunController> run, QWidget* parent)
    : QFrame(parent), m_run(std::move(run)), m_step(new FigureLabel("strong")),
      m_epoch(new FigureLabel("small", "muted")), m_percent(new FigureLabel("mono")), m_bar(new ThinProgress)
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("header"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto* words = new QHBoxLayout;
    words->setSpacing(theme.px(8));
    words->addWidget(m_step);
    words->addWidget(m_epoch);
    words->addStretch(1);
    m_percent->setAlignment(Qt::AlignRight);
    words->addWidget(m_percent);
    auto* progress = new QVBoxLayout;
    progress->setSpacing(theme.px(6));
    progress->addLayout(words);
    progress->addWidget(m_bar);
    auto* holder = new QWidget;
    keepMetrics(*holder, [holder] { holder->setFixedWidth(currentTheme().px(312)); });
    holder->setLayout(progress);
    progress->setContentsMargins(0, 0, 0, 0);

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(16), theme.px(10), theme.px(16), theme.px(10));
    layout->setSpacing(theme.px(22));
    layout->addWidget(holder);
    m_left = addFigure(*layout, tr("Time left"));
    m_elapsed = addFigure(*layout, tr("Elapsed"));
    m_speed = addFigure(*layout, tr("Speed"));
    m_memory = addFigure(*layout, tr("Memory"));
    m_rate = addFigure(*layout, tr("Learning rate"));
    m_norm = addFigure(*layout, tr("Gradient norm"));
    connect(m_run.get(), &RunController::progressChanged, this, &RunStrip::showFigures);
    connect(m_run.get(), &RunController::stateChanged, this, &RunStrip::showFigures);
    showFigures();
}

FigureLabel* RunStrip::addFigure(QHBoxLayout& layout, const QString& title)
{
    auto* column = new QVBoxLayout;
    column->setSpacing(1);
    column->addWidget(makeLabel(title, "tiny", "muted"));
    auto* value = new FigureLabel("mono");
    value->setAccessibleName(title);
    column->addWidget(value, 0, Qt::AlignLeft);
    layout.addLayout(column, 1);
    return value;
}

QString RunStrip::stepText() const
{
    const bool hasTotal = m_run->totalSteps() > 0;
    if (m_run->step() > 0 || !m_run->isActive()) {
        return hasTotal ? tr("Step %1 of %2").arg(m_run->step()).arg(m_run->totalSteps())
                        : tr("Step %1").arg(m_run->step());
    }
    if (m_run->state() == RunState::Waiting) return tr("Waiting for the run before it");
    const RunProgress& now = m_run->progress();
    if (now.phase.empty()) return tr("Starting");
    const QString phase = QString::fromStdString(now.phase);
    return now.total > 0 ? tr("%1: %2 of %3").arg(phase).arg(now.done).arg(now.total) : phase;
}

void RunStrip::showFigures()
{
    const bool isActive = m_run->isActive();
    const RunProgress& now = m_run->progress();
    const bool isPreparing = isActive && m_run->step() == 0 && now.total > 0;
    const double share = isPreparing ? static_cast<double>(now.done) / static_cast<double>(now.total) : m_run->share();
    m_step->setFigure(stepText());
    const double epoch = m_run->epoch();
    m_epoch->setFigure(std::isfinite(epoch) ? tr("epoch %1").arg(figureText(epoch, 3)) : QString());
    const bool isShareKnown = isPreparing || m_run->totalSteps() > 0;
    m_percent->setFigure(isShareKnown ? percentText(share) : QString());
    m_bar->setShare(share);
    m_left->setFigure(isActive ? spanText(m_run->secondsLeft()) : QStringLiteral("–"));
    m_elapsed->setFigure(clockText(m_run->elapsedSeconds()));
    const double speed = m_run->tokensPerSecond();
    m_speed->setFigure(std::isfinite(speed) ? tr("%1 tok/s").arg(figureText(speed, 3)) : QStringLiteral("–"));
    m_memory->setFigure(sizeText(m_run->memoryBytes()));
    m_rate->setFigure(figureText(m_run->learningRate(), 2));
    m_norm->setFigure(figureText(m_run->gradientNorm(), 3));
}

}  // namespace preflab
