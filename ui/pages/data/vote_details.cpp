// SPDX-License-Identifier: GPL-3.0-or-later
// Strength and reasons in a row.
#include "ui/pages/data/vote_details.h"

#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace preflab {
namespace {

constexpr VoteStrength kStrengths[] = {VoteStrength::Unsaid, VoteStrength::Slightly, VoteStrength::Clearly,
                                       VoteStrength::Much};

QString idOf(VoteStrength strength)
{
    const std::string_view id = voteStrengthId(strength);
    return QString::fromLatin1(id.data(), static_cast<qsizetype>(id.size()));
}

}  // namespace

VoteDetailsRow::VoteDetailsRow(QWidget* parent) : QWidget(parent), m_strength(new Segmented)
{
    const Theme& theme = currentTheme();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme.px(8));
    m_strength->setObjectName(QStringLiteral("voteStrength"));
    m_strength->setAccessibleName(tr("How clear"));
    const QString names[] = {tr("Not said"), tr("Slightly"), tr("Clearly"), tr("Much")};
    for (std::size_t i = 0; i < std::size(kStrengths); ++i) m_strength->addSegment(idOf(kStrengths[i]), names[i]);
    row->addWidget(makeLabel(tr("How clear"), "small"));
    row->addWidget(m_strength);
    for (const auto& [key, name, step] : {std::tuple(",", tr("Less clear"), -1), std::tuple(".", tr("Clearer"), 1)}) {
        auto* button = new Button({}, Button::Kind::Bare);
        button->setDense();
        button->setKey(QLatin1String(key));
        button->setAccessibleName(name);
        button->setToolTip(name);
        keepMetrics(*button, [button] { button->setFixedWidth(currentTheme().px(28)); });
        connect(button, &Button::clicked, this, [this, by = step] { stepStrength(by); });
        row->addWidget(button);
    }
    row->addWidget(makeLabel(tr("Because"), "small"));
    m_chips = new FlowLayout(theme.px(6));
    auto* chips = new QVBoxLayout;
    chips->addSpacing(theme.px(2));  // chips are four pixels lower than segments
    chips->addLayout(m_chips);
    row->addLayout(chips, 1);
    // Ids are what the journal keeps, whatever the language.
    addReason("more helpful", tr("more helpful"), "Q");
    addReason("more correct", tr("more correct"), "W");
    addReason("clearer", tr("clearer"), "E");
    addReason("better tone", tr("better tone"), "R");
    connect(m_strength, &Segmented::chosen, this, [this](const QString& id) {
        for (const VoteStrength strength : kStrengths)
            if (idOf(strength) == id) setStrength(strength);
    });
}

void VoteDetailsRow::addReason(const char* id, const QString& text, const char* key)
{
    auto* chip = new Chip(text);
    chip->setObjectName(QLatin1String(id));
    chip->setCheckable(true);
    chip->setKey(QLatin1String(key));
    m_reasons.push_back(chip);
    m_chips->addWidget(chip);
    connect(chip, &Chip::toggled, this, [this, reason = std::string(id)](bool isOn) {
        std::erase(m_details.reasons, reason);
        if (isOn) m_details.reasons.push_back(reason);
        Q_EMIT changed(m_details);
    });
}

void VoteDetailsRow::setDetails(const VoteDetails& details)
{
    m_details = details;
    m_strength->setCurrent(idOf(details.strength));
    for (Chip* chip : m_reasons) {
        const QSignalBlocker blocker(chip);
        chip->setChecked(std::ranges::find(details.reasons, chip->objectName().toStdString()) != details.reasons.end());
    }
}

void VoteDetailsRow::setStrength(VoteStrength strength)
{
    if (strength == m_details.strength) return;
    m_details.strength = strength;
    m_strength->setCurrent(idOf(strength));
    Q_EMIT changed(m_details);
}

void VoteDetailsRow::stepStrength(int steps)
{
    const int now = static_cast<int>(std::ranges::find(kStrengths, m_details.strength) - std::begin(kStrengths));
    setStrength(kStrengths[std::clamp(now + steps, 0, static_cast<int>(std::size(kStrengths)) - 1)]);
}

}  // namespace preflab
