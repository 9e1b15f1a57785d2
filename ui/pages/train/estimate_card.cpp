// SPDX-License-Identifier: GPL-3.0-or-later
// Figures and the bar of memory.
#include "ui/pages/train/estimate_card.h"

#include "ui/models/app/error_text.h"
#include "ui/models/app/number_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace preflab {
namespace {

QVBoxLayout* makeColumn(const QString& title, QLabel* figure, QWidget* badge, QLabel* note)
{
    auto* column = new QVBoxLayout;
    column->setSpacing(currentTheme().px(2));
    column->addWidget(makeLabel(title, "tiny", "muted"));
    auto* line = new QHBoxLayout;
    line->setSpacing(currentTheme().px(8));
    line->addWidget(figure);
    if (badge) line->addWidget(badge);
    line->addStretch(1);
    column->addLayout(line);
    note->setWordWrap(true);
    column->addWidget(note);
    return column;
}

}  // namespace

QString aboutText(double seconds)
{
    return seconds < 1.0 ? EstimateCard::tr("about a second") : EstimateCard::tr("about %1").arg(spanText(seconds));
}

EstimateCard::EstimateCard(TrainSetup& setup, QWidget* parent)
    : Card({}, parent), m_setup(setup), m_time(makeLabel({}, "heading")), m_timeNote(makeLabel({}, "tiny", "muted")),
      m_memory(makeLabel({}, "heading")), m_memoryNote(makeLabel({}, "tiny", "muted")), m_badge(new Badge({})),
      m_parts(new PartsBar)
{
    auto* columns = new QHBoxLayout;
    columns->setSpacing(currentTheme().px(16));
    columns->addLayout(makeColumn(tr("Time"), m_time, nullptr, m_timeNote), 10);
    columns->addLayout(makeColumn(tr("Memory"), m_memory, m_badge, m_memoryNote), 11);
    body().addLayout(columns);
    body().addWidget(m_parts);
    m_parts->setAccessibleName(tr("What the memory is needed for"));
    connect(&setup, &TrainSetup::estimateChanged, this, &EstimateCard::takeEstimate);
    connect(&setup, &TrainSetup::findingsChanged, this, &EstimateCard::takeEstimate);
    takeEstimate();
}

void EstimateCard::takeEstimate()
{
    const auto& estimate = m_setup.estimate();
    m_badge->setVisible(estimate.has_value());
    m_parts->setVisible(estimate.has_value());
    if (estimate)
        showEstimate(*estimate);
    else
        showNothing();
}

void EstimateCard::showNothing()
{
    const auto steps = m_setup.draft().steps();
    m_time->setText(steps ? tr("%1 steps").arg(groupedText(*steps)) : tr("unknown"));
    m_memory->setText(tr("unknown"));
    m_memoryNote->setText({});
    if (m_setup.isEstimating()) {
        m_timeNote->setText(tr("Timing one step: %1").arg(m_setup.estimatePhase()));
    } else if (m_setup.estimateError()) {
        m_timeNote->setText(errorText(*m_setup.estimateError()));
    } else {
        m_timeNote->setText(tr("Known once a step was tried."));
    }
}

void EstimateCard::showEstimate(const DraftEstimate& estimate)
{
    const Estimate& largest = estimate.largest();
    const bool isFitting = largest.memoryBytes <= largest.availableBytes;
    m_time->setText(aboutText(estimate.seconds()));
    const QString steps = tr("%1 steps of %2 s, one of them measured")
                              .arg(groupedText(largest.steps), figureText(largest.secondsPerStep, 2));
    m_timeNote->setText(
        estimate.runs.size() > 1
            ? tr("%n run(s), one after the other; %1", nullptr, static_cast<int>(estimate.runs.size())).arg(steps)
            : steps);
    m_memory->setText(sizeText(largest.memoryBytes));
    const QString free = sizeText(largest.availableBytes);
    m_badge->setText(isFitting ? tr("fits, %1 free").arg(free) : tr("does not fit, %1 free").arg(free));
    m_badge->setTone(isFitting ? QStringLiteral("ok") : QStringLiteral("danger"));
    m_badge->setIconName(isFitting ? QStringLiteral("check") : QStringLiteral("warn"));
    m_memoryNote->setText(m_setup.draft().choice().needsReference() ? tr("No second model: reference scores are stored")
                                                                    : tr("No reference model"));
    QList<PartsBar::Part> parts;
    // What is below a hundredth could not be seen, and its name takes the room of others.
    const auto add = [&parts, total = largest.memoryBytes](const QString& name, std::uint64_t bytes) {
        if (bytes > total / 100)
            parts.append({QStringLiteral("%1 %2").arg(name, sizeText(bytes)), static_cast<double>(bytes)});
    };
    add(tr("weights"), largest.memory.weights);
    add(tr("gradients"), largest.memory.gradients);
    add(tr("optimiser"), largest.memory.optimizer);
    add(tr("activations"), largest.memory.activations);
    add(tr("reference"), largest.memory.reference);
    add(tr("program"), largest.memory.program);
    m_parts->setParts(parts);
}

}  // namespace preflab
