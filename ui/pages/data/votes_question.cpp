// SPDX-License-Identifier: GPL-3.0-or-later
// Kinds of votes, and what following them comes to.
#include "ui/pages/data/votes_question.h"

#include "ui/models/data/dataset_session.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QCheckBox>
#include <QLocale>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace preflab {
namespace {

QString countText(std::uint64_t count)
{
    return QLocale().toString(static_cast<qulonglong>(count));
}

void offer(QCheckBox& kind, const QString& text, std::uint64_t count)
{
    const QSignalBlocker blocker(kind);
    kind.setText(text);
    kind.setEnabled(count > 0);
    kind.setChecked(count > 0);
    kind.updateGeometry();
}

}  // namespace

VotesQuestion::VotesQuestion(QWidget* window)
    : Question(window), m_agreeing(makeLabel({}, "small", "secondary")), m_result(makeLabel({}, "strong")),
      m_apply(new Button(tr("Apply votes"), Button::Kind::Primary))
{
    setObjectName(QStringLiteral("votesQuestion"));
    setHeading(tr("Apply votes"), tr("A vote changes nothing until it is applied. This is one step of undo, and the "
                                     "file itself stays as it is."));
    m_exchange = addKind("exchangeVoted", tr("Exchange answers"));
    m_ties = addKind("leaveOutTies", tr("Leave out ties"));
    m_bad = addKind("leaveOutBad", tr("Leave out pairs of two bad answers"));
    body().addWidget(m_agreeing);
    m_result->setObjectName(QStringLiteral("votesResult"));
    m_result->setWordWrap(true);
    body().addWidget(m_result);
    auto* cancel = new Button(tr("Cancel"));
    m_apply->setObjectName(QStringLiteral("applyVotesNow"));
    setWayBack(cancel);
    addAnswer(m_apply);
    connect(m_apply, &Button::clicked, this, [this] {
        accept();
        Q_EMIT wanted(rules());
    });
}

QCheckBox* VotesQuestion::addKind(const char* name, const QString& text)
{
    auto* kind = new QCheckBox(text);
    kind->setObjectName(QLatin1String(name));
    body().addWidget(kind);
    connect(kind, &QCheckBox::toggled, this, &VotesQuestion::showResult);
    return kind;
}

void VotesQuestion::ask(const DatasetSession& session)
{
    m_counts = session.votes();
    m_rows = session.rowCount();
    const auto count = [](std::uint64_t votes) { return static_cast<int>(votes); };
    offer(*m_exchange, tr("Exchange %Ln pair(s) whose rejected answer is better", nullptr, count(m_counts.rejected)),
          m_counts.rejected);
    offer(*m_ties, tr("Leave out %Ln tie(s)", nullptr, count(m_counts.ties)), m_counts.ties);
    offer(*m_bad, tr("Leave out %Ln pair(s) of two bad answers", nullptr, count(m_counts.bothBad)), m_counts.bothBad);
    m_agreeing->setText(tr("Votes that agree with their pair already: %1. Skipped: %2.")
                            .arg(countText(m_counts.chosen), countText(m_counts.skipped)));
    showResult();
    open();
    m_apply->setFocus(Qt::TabFocusReason);
}

VoteRules VotesQuestion::rules() const
{
    return {m_exchange->isChecked(), m_ties->isChecked(), m_bad->isChecked()};
}

void VotesQuestion::showResult()
{
    const VoteRules chosen = rules();
    const std::uint64_t used = m_rows - m_counts.excluded;
    const std::uint64_t exchanged = chosen.areSidesExchanged ? m_counts.rejected : 0;
    const std::uint64_t leftOut =
        (chosen.areTiesLeftOut ? m_counts.ties : 0) + (chosen.areBadPairsLeftOut ? m_counts.bothBad : 0);
    m_apply->setEnabled(exchanged + leftOut > 0);
    m_result->setText(m_counts.open() == 0 ? tr("Nothing to apply: every pair in use follows its vote.")
                                           : tr("In use now: %1 of %2 pairs. Afterwards: %3, of which %4 exchanged.")
                                                 .arg(countText(used), countText(m_rows), countText(used - leftOut),
                                                      countText(exchanged)));
}

}  // namespace preflab
