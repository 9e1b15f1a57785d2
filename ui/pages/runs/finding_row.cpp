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

QString titleOf(RunFinding::Kind kind)
{
    switch (kind) {
    case RunFinding::Kind::FirstLossIsLn2:
        return FindingRow::tr("First loss was ln 2");
    case RunFinding::Kind::FirstLossIsNotLn2:
        return FindingRow::tr("First loss was not ln 2");
    case RunFinding::Kind::ChosenFalls:
        return FindingRow::tr("Chosen answers are getting less likely");
    case RunFinding::Kind::PreferenceIsWeak:
        return FindingRow::tr("The preference hardly counts");
    }
    return {};
}

QString textOf(const RunFinding& finding)
{
    const QString value = figureText(finding.value, 4);
    switch (finding.kind) {
    case RunFinding::Kind::FirstLossIsLn2:
        return FindingRow::tr("Step %1: %2. Model and reference agree.").arg(finding.from).arg(value);
    case RunFinding::Kind::FirstLossIsNotLn2:
        return FindingRow::tr("Step %1: %2 instead of 0.6931. The model differs from its reference before training.")
            .arg(finding.from)
            .arg(value);
    case RunFinding::Kind::ChosenFalls:
        return FindingRow::tr(
                   "Their log-probability fell by %1 since step %2, while the margin still grows. The rejected "
                   "ones fall faster. Check that sample answers still read well; a smaller learning rate or a "
                   "larger beta holds them.")
            .arg(figureText(finding.value, 2))
            .arg(finding.from);
    case RunFinding::Kind::PreferenceIsWeak:
        return FindingRow::tr(
                   "It makes up %1 of the loss; the rest is plain training on chosen answers. A larger lambda "
                   "weighs it more.")
            .arg(percentText(finding.value, 1));
    }
    return {};
}

}  // namespace

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
    for (QLabel* label : {makeLabel(titleOf(finding.kind), finding.isAlarm() ? "strong" : ""), m_text}) {
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
