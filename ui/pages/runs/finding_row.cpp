// SPDX-License-Identifier: GPL-3.0-or-later
// Words of findings.
#include "ui/pages/runs/finding_row.h"

#include "ui/models/app/number_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>

namespace preflab {
namespace {

QString textOf(const RunFinding& finding)
{
    const QString value = figureText(finding.value, 4);
    switch (finding.kind) {
    case RunFinding::Kind::ReferenceAgrees:
        return FindingRow::tr("Step %1: all rewards were 0 before the first update.").arg(finding.from);
    case RunFinding::Kind::ReferenceDiffers:
        return FindingRow::tr("Step %1: rewards were as large as %2 instead of 0. The model differs from its reference "
                              "before training.")
            .arg(finding.from)
            .arg(value);
    case RunFinding::Kind::ChosenFalls:
        return FindingRow::tr(
                   "Their reward fell by %1 since step %2, while the margin of rewards still grows. The rejected "
                   "ones fall faster. Check that sample answers still read well; a smaller learning rate or a "
                   "larger beta holds them.")
            .arg(figureText(finding.value, 2))
            .arg(finding.from);
    case RunFinding::Kind::HeldOutChosenFalls:
        return FindingRow::tr("By %1 nats per token since step %2, while their margin still grows. Check that sample "
                              "answers still read well; a smaller learning rate holds them.")
            .arg(figureText(finding.value, 2))
            .arg(finding.from);
    case RunFinding::Kind::LossDiverges:
        return FindingRow::tr("The loss of the last steps is %1 on average and was %2 at step %3. Take a learning rate "
                              "a tenth as large.")
            .arg(figureText(finding.value, 2), figureText(finding.start, 2))
            .arg(finding.from);
    case RunFinding::Kind::HeldOutDiverges:
        return FindingRow::tr("Held-out chosen answers cost %1 nats per token at step %2, and %3 before training. Take "
                              "a learning rate a tenth as large, or fewer epochs.")
            .arg(figureText(finding.value, 2))
            .arg(finding.to)
            .arg(figureText(finding.start, 2));
    case RunFinding::Kind::PreferenceIsWeak:
        return FindingRow::tr(
                   "It makes up %1 of the loss; the rest is plain training on chosen answers. A larger lambda "
                   "weighs it more.")
            .arg(percentText(finding.value, 1));
    }
    return {};
}

}  // namespace

QString FindingRow::title(RunFinding::Kind kind)
{
    switch (kind) {
    case RunFinding::Kind::ReferenceAgrees:
        return tr("Model and reference agree");
    case RunFinding::Kind::ReferenceDiffers:
        return tr("Model and reference differ");
    case RunFinding::Kind::ChosenFalls:
        return tr("Chosen answers are getting less likely");
    case RunFinding::Kind::HeldOutChosenFalls:
        return tr("Held-out chosen answers are getting less likely");
    case RunFinding::Kind::LossDiverges:
        return tr("Training diverges");
    case RunFinding::Kind::HeldOutDiverges:
        return tr("Training makes the model worse");
    case RunFinding::Kind::PreferenceIsWeak:
        return tr("The preference hardly counts");
    }
    return {};
}

FindingRow::FindingRow(const RunFinding& finding, QWidget* parent)
    : QWidget(parent), m_finding(finding), m_text(makeLabel(textOf(finding), "small", "secondary"))
{
    const Theme& theme = currentTheme();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.px(14), theme.px(10), theme.px(14), theme.px(10));
    row->setSpacing(theme.px(10));
    row->addWidget(new IconLabel(finding.isAlarm() ? QStringLiteral("warn") : QStringLiteral("check"),
                                 finding.isAlarm() ? QStringLiteral("warning") : QStringLiteral("ok")),
                   0, Qt::AlignTop);
    auto* words = new QVBoxLayout;
    words->setSpacing(theme.px(3));
    for (QLabel* label : {makeLabel(title(finding.kind), finding.isAlarm() ? "strong" : ""), m_text}) {
        label->setWordWrap(true);
        words->addWidget(label);
    }
    if (finding.kind == RunFinding::Kind::ChosenFalls) {
        auto* show = new Button(tr("Show"), Button::Kind::Bare);
        show->setDense();
        show->setAccessibleDescription(tr("Zooms the log-probabilities to the stretch"));
        connect(show, &Button::clicked, this, [this] { Q_EMIT showWanted(m_finding); });
        words->addWidget(show, 0, Qt::AlignLeft);
    }
    row->addLayout(words, 1);
}

void FindingRow::setFinding(const RunFinding& finding)
{
    m_finding = finding;
    m_text->setText(textOf(finding));
}

}  // namespace preflab
