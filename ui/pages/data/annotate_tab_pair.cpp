// SPDX-License-Identifier: GPL-3.0-or-later
// The page of votes: the pair that is asked about, and what was said of it.
#include "core/data/journal/row_state.h"
#include "core/data/rows/row_text.h"
#include "ui/models/app/background.h"
#include "ui/models/app/workspace.h"
#include "ui/pages/data/annotate_tab.h"
#include "ui/pages/data/answer_card.h"
#include "ui/pages/data/vote_details.h"
#include "ui/widgets/button.h"
#include "ui/widgets/pair_text.h"
#include "ui/widgets/state_view.h"

#include <QLineEdit>

#include <algorithm>

namespace preflab {

void AnnotateTab::showPair()
{
    const auto row = m_queue.row();
    if (!row || !m_session) return;
    const bool isSamePlace = row == m_shownRow && m_queue.position() == m_shownPosition;
    if (isSamePlace && m_queue.isSwapped() == m_isShownSwapped) return;
    if (row != m_noteRow || m_queue.position() != m_shownPosition) {
        keepNote();
        m_noteRow = row;
        m_note->setText(QString::fromStdString(m_session->stateOf(*row).note));
        showDetails();
    }
    m_shownRow = row;
    m_shownPosition = m_queue.position();
    m_isShownSwapped = m_queue.isSwapped();
    readPair(*row);
}

void AnnotateTab::readPair(std::uint32_t row)
{
    const quint64 generation = ++m_generation;
    // A vote is about what is on the screen, and that is another pair until this one comes.
    m_isRead = false;
    whenDone(m_session->pair(row), this, [this, generation](const Result<PairDetails>& pair) {
        if (generation != m_generation) return;
        for (Button* button : std::as_const(m_votes)) button->setEnabled(pair.has_value());
        if (pair)
            showTexts(*pair);
        else
            m_pairState->showError(tr("This pair cannot be read"), pair.error(),
                                   {tr("Open the file again"), [this] {
                                        if (m_session) m_workspace.openDataset(m_session->path());
                                    }});
    });
}

void AnnotateTab::showTexts(const PairDetails& pair)
{
    m_isRead = true;
    m_shownState = pair.state;
    m_pairState->showContent();
    m_turns->setTurns(turnsOf(pair.shown.prompt, "prompt"));
    m_first->setText(m_isShownSwapped ? pair.rejectedText : pair.chosenText);
    m_second->setText(m_isShownSwapped ? pair.chosenText : pair.rejectedText);
    const bool isHidden = m_queue.isBlind();
    m_first->setSide(isHidden ? QString() : tr("chosen"), QStringLiteral("chosen"));
    m_second->setSide(isHidden ? QString() : tr("rejected"), QStringLiteral("rejected"));
}

void AnnotateTab::followRow(std::uint32_t row)
{
    if (m_queue.row() != row) return;
    showChoice();
    const RowState state = m_session->stateOf(row);
    if (!m_note->isModified()) m_note->setText(QString::fromStdString(state.note));
    // Not before all is acknowledged, or what was chosen since would be gone.
    if (m_session->pendingChanges() == 0) showDetails();
    if (!m_isRead || !haveEqualTexts(state, m_shownState)) readPair(row);
}

void AnnotateTab::showDetails()
{
    const std::optional<VoteRecord> vote = m_queue.voteHere();
    m_details->setDetails(vote ? VoteDetails{vote->strength, vote->reasons} : VoteDetails{});
}

QString AnnotateTab::choiceText(const QString& letter, VoteStrength strength) const
{
    switch (strength) {
    case VoteStrength::Unsaid:
        return tr("%1 is better").arg(letter);
    case VoteStrength::Slightly:
        return tr("%1 is slightly better").arg(letter);
    case VoteStrength::Clearly:
        return tr("%1 is clearly better").arg(letter);
    case VoteStrength::Much:
        return tr("%1 is much better").arg(letter);
    }
    return {};
}

void AnnotateTab::showChoice()
{
    const auto row = m_queue.row();
    const std::optional<VoteRecord> vote = m_queue.voteHere();
    const std::vector<std::string> tags = row && m_session ? m_session->stateOf(*row).tags : std::vector<std::string>();
    m_flag->setChecked(std::ranges::find(tags, kLaterTag) != tags.end());
    const bool isSwapped = m_queue.isSwapped();
    const Vote first = isSwapped ? Vote::RejectedBetter : Vote::ChosenBetter;
    const Vote second = isSwapped ? Vote::ChosenBetter : Vote::RejectedBetter;
    const Vote meaning[] = {first, second, Vote::Tie, Vote::BothBad, Vote::Skipped};
    for (qsizetype i = 0; i < m_votes.size(); ++i)
        m_votes[i]->setKind(vote && vote->vote == meaning[i] ? Button::Kind::Primary : Button::Kind::Outlined);
    m_first->setChoice(vote && vote->vote == first ? choiceText(tr("A"), vote->strength) : QString());
    m_second->setChoice(vote && vote->vote == second ? choiceText(tr("B"), vote->strength) : QString());
}

}  // namespace preflab
