// SPDX-License-Identifier: GPL-3.0-or-later
// Walking through rows and voting.
#include "ui/models/data/annotation_queue.h"

#include "ui/models/app/background.h"

#include <QRandomGenerator>

#include <algorithm>

namespace preflab {
namespace {

constexpr std::size_t kBetweenRepeats = 8;  // decisions
constexpr std::size_t kRemembered = 5;      // latest decisions, which a labeller may still have in mind

bool isSided(const VoteRecord& record)
{
    return record.vote == Vote::ChosenBetter || record.vote == Vote::RejectedBetter;
}

}  // namespace

AnnotationQueue::AnnotationQueue(QObject* parent) : QObject(parent), m_seed(QRandomGenerator::global()->generate64()) {}

void AnnotationQueue::start(DatasetSession* session, QueueKind kind)
{
    const quint64 generation = ++m_generation;
    if (session == nullptr || session != m_session) {
        m_decisions.clear();
        m_repeats.clear();
        m_decidedAtRepeat = 0;
    }
    if (m_session != session) {
        if (m_session) m_session->disconnect(this);
        m_session = session;
        // Every verb of the session ends in it, also one that changed nothing.
        if (session != nullptr) connect(session, &DatasetSession::undoChanged, this, &AnnotationQueue::followJournal);
    }
    m_places.clear();
    m_position = 0;
    m_error.reset();
    // A pair that still waited for its second answer is not asked in another queue.
    std::erase_if(m_repeats, [](const auto& repeat) { return !repeat.second; });
    m_isBuilding = session != nullptr;
    Q_EMIT moved();
    Q_EMIT changed();
    if (session == nullptr) return;
    ViewQuery query = kind == QueueKind::Filtered ? session->query() : ViewQuery();
    if (kind == QueueKind::Unlabelled) query.label = LabelFilter::Unlabelled;
    if (kind == QueueKind::Flagged) query.tag = kLaterTag;
    if (kind != QueueKind::Filtered) query.exclusion = ExclusionFilter::OnlyUsed;
    whenDone(session->buildView(query), this, [this, generation](const Result<std::shared_ptr<const ViewIndex>>& view) {
        if (generation != m_generation) return;
        m_isBuilding = false;
        if (view) {
            for (const std::uint32_t row : (*view)->rows()) m_places.push_back({row, false});
        } else {
            m_error = view.error();
        }
        Q_EMIT changed();
    });
}

std::optional<std::uint32_t> AnnotationQueue::row() const
{
    return m_position < m_places.size() ? std::optional(m_places[m_position].row) : std::nullopt;
}

bool AnnotationQueue::isRepeat() const
{
    return m_position < m_places.size() && m_places[m_position].isRepeat;
}

const Decision* AnnotationQueue::decisionOn(std::uint32_t row) const
{
    const auto found = std::ranges::find(m_decisions, row, &Decision::row);
    return found != m_decisions.end() ? &*found : nullptr;
}

void AnnotationQueue::setBlind(bool isBlind)
{
    m_isBlind = isBlind;
    Q_EMIT changed();
}

bool AnnotationQueue::isSwapped() const
{
    const auto current = row();
    if (!m_isBlind || !current) return false;
    if (isRepeat()) {
        const Decision* first = decisionOn(*current);
        return first != nullptr && !first->vote.wasSwapped;
    }
    // The same side every time a row is looked at in this sitting, or going back would give it away.
    std::uint64_t mixed = (m_seed ^ (*current + 0x9E3779B97F4A7C15ULL)) * 0xBF58476D1CE4E5B9ULL;
    mixed ^= mixed >> 31;
    return (mixed & 1) != 0;
}

void AnnotationQueue::vote(Shown shown, const VoteDetails& details)
{
    const auto current = row();
    if (!current || !m_session) return;
    VoteRecord record{Vote::Skipped, m_isBlind, isSwapped()};
    switch (shown) {
    case Shown::FirstBetter:
        record.vote = isSwapped() ? Vote::RejectedBetter : Vote::ChosenBetter;
        break;
    case Shown::SecondBetter:
        record.vote = isSwapped() ? Vote::ChosenBetter : Vote::RejectedBetter;
        break;
    case Shown::Tie:
        record.vote = Vote::Tie;
        break;
    case Shown::BothBad:
        record.vote = Vote::BothBad;
        break;
    case Shown::Skipped:
        record.vote = Vote::Skipped;
        break;
    }
    // How clear and why: only where a side was better.
    if (isSided(record)) {
        record.strength = details.strength;
        record.reasons = details.reasons;
    }
    if (isRepeat()) {
        m_repeats[*current] = record;
    } else {
        m_session->vote(*current, record);
        remember(*current, record);
    }
    Q_EMIT changed();
}

void AnnotationQueue::describe(const VoteDetails& details)
{
    const auto current = row();
    if (!current || !m_session || isRepeat()) return;
    // What was decided just now may still be on its way to the journal.
    const Decision* decision = decisionOn(*current);
    std::optional<VoteRecord> record = decision != nullptr ? decision->vote : m_session->stateOf(*current).vote;
    if (!record || !isSided(*record)) return;
    record->strength = details.strength;
    record->reasons = details.reasons;
    m_session->describeVote(*current, details.strength, details.reasons);
    remember(*current, *record);
    Q_EMIT changed();
}

void AnnotationQueue::remember(std::uint32_t row, const VoteRecord& record)
{
    std::erase_if(m_decisions, [&](const Decision& decision) { return decision.row == row; });
    m_decisions.insert(m_decisions.begin(), {row, record});
}

void AnnotationQueue::followJournal()
{
    // Votes on their way are decisions already; the journal answers them in a moment.
    if (!m_session || m_session->pendingChanges() > 0) return;
    const RowStates& states = m_session->inputs().states;
    bool isOther = false;
    std::vector<Decision> kept;
    for (Decision& decision : m_decisions) {
        const RowState* state = states.find(decision.row);
        const bool hasVote = state != nullptr && state->vote;
        const bool isSame = hasVote && *state->vote == decision.vote;
        isOther = isOther || !isSame;
        if (!hasVote || state->vote->vote != decision.vote.vote) forgetRepeat(decision.row, hasVote);
        if (!hasVote) continue;
        if (!isSame) decision.vote = *state->vote;
        kept.push_back(std::move(decision));
    }
    if (!isOther) return;
    m_decisions = std::move(kept);
    Q_EMIT changed();
}

void AnnotationQueue::forgetRepeat(std::uint32_t row, bool isAskedStill)
{
    const auto repeat = m_repeats.find(row);
    // What has not been answered yet is compared with whatever the first answer is by then.
    if (repeat == m_repeats.end() || (isAskedStill && !repeat->second)) return;
    m_repeats.erase(repeat);
    for (Place& place : m_places)
        if (place.row == row) place.isRepeat = false;
}

std::optional<VoteRecord> AnnotationQueue::voteHere() const
{
    const auto current = row();
    if (!current || !m_session) return std::nullopt;
    if (!isRepeat()) return m_session->stateOf(*current).vote;
    const auto found = m_repeats.find(*current);
    return found != m_repeats.end() ? found->second : std::nullopt;
}

void AnnotationQueue::planRepeat()
{
    if (!m_isRepeating || !m_isBlind || m_decisions.size() < m_decidedAtRepeat + kBetweenRepeats) return;
    std::vector<std::uint32_t> candidates;
    for (std::size_t i = kRemembered; i < m_decisions.size(); ++i) {
        const Decision& decision = m_decisions[i];
        if (decision.vote.wasBlind && decision.vote.vote != Vote::Skipped && !m_repeats.contains(decision.row))
            candidates.push_back(decision.row);
    }
    if (candidates.empty()) return;
    const auto chosen = QRandomGenerator::global()->bounded(static_cast<quint32>(candidates.size()));
    const auto here = m_places.begin() + static_cast<std::ptrdiff_t>(std::min(m_position + 1, m_places.size()));
    m_places.insert(here, {candidates[chosen], true});
    m_repeats.emplace(candidates[chosen], std::nullopt);
    m_decidedAtRepeat = m_decisions.size();
}

void AnnotationQueue::next()
{
    planRepeat();
    if (m_position < m_places.size()) ++m_position;
    Q_EMIT moved();
    Q_EMIT changed();
}

void AnnotationQueue::previous()
{
    if (m_position > 0) --m_position;
    Q_EMIT moved();
    Q_EMIT changed();
}

void AnnotationQueue::goTo(std::uint32_t row)
{
    const auto found =
        std::ranges::find_if(m_places, [row](const Place& place) { return place.row == row && !place.isRepeat; });
    if (found == m_places.end()) return;
    m_position = static_cast<std::size_t>(found - m_places.begin());
    Q_EMIT moved();
    Q_EMIT changed();
}

SelfCheck AnnotationQueue::selfCheck() const
{
    SelfCheck check;
    for (const Decision& decision : m_decisions) {
        const VoteRecord& record = decision.vote;
        if (record.vote == Vote::Skipped) continue;
        ++check.votes;
        if (!isSided(record))
            ++check.ties;
        else
            ++check.sided;
        if (isSided(record) && (record.vote == Vote::ChosenBetter) != record.wasSwapped) ++check.left;
        const auto repeat = m_repeats.find(decision.row);
        if (repeat == m_repeats.end() || !repeat->second || repeat->second->vote == Vote::Skipped) continue;
        ++check.repeats;
        if (repeat->second->vote == record.vote) ++check.same;
    }
    return check;
}

}  // namespace preflab
