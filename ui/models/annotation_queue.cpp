// SPDX-License-Identifier: GPL-3.0-or-later
// Walking through rows and voting.
#include "ui/models/annotation_queue.h"
#include "ui/models/background.h"


#include <QRandomGenerator>

#include <algorithm>

namespace preflab {

AnnotationQueue::AnnotationQueue(QObject* parent) : QObject(parent), m_seed(QRandomGenerator::global()->generate64()) {}

void AnnotationQueue::start(DatasetSession* session, QueueKind kind)
{
    const quint64 generation = ++m_generation;
    m_session = session;
    m_rows.clear();
    m_position = 0;
    m_isBuilding = session != nullptr;
    Q_EMIT changed();
    if (session == nullptr) return;
    ViewQuery query = kind == QueueKind::Filtered ? session->query() : ViewQuery();
    if (kind == QueueKind::Unlabelled) query.label = LabelFilter::Unlabelled;
    if (kind != QueueKind::Filtered) query.exclusion = ExclusionFilter::OnlyUsed;
    whenDone(session->buildView(query), this, [this, generation](const Result<std::shared_ptr<const ViewIndex>>& view) {
        if (generation != m_generation) return;
        m_isBuilding = false;
        if (view) m_rows = (*view)->rows();
        Q_EMIT changed();
    });
}

std::optional<std::uint32_t> AnnotationQueue::row() const
{
    return m_position < m_rows.size() ? std::optional(m_rows[m_position]) : std::nullopt;
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
    // The same side every time a row is looked at in this sitting, or going back would give it away.
    std::uint64_t mixed = (m_seed ^ (*current + 0x9E3779B97F4A7C15ULL)) * 0xBF58476D1CE4E5B9ULL;
    mixed ^= mixed >> 31;
    return (mixed & 1) != 0;
}

void AnnotationQueue::vote(Shown shown)
{
    const auto current = row();
    if (!current || !m_session) return;
    VoteRecord record{Vote::Skipped, m_isBlind, isSwapped()};
    switch (shown) {
        case Shown::FirstBetter: record.vote = isSwapped() ? Vote::RejectedBetter : Vote::ChosenBetter; break;
        case Shown::SecondBetter: record.vote = isSwapped() ? Vote::ChosenBetter : Vote::RejectedBetter; break;
        case Shown::Tie: record.vote = Vote::Tie; break;
        case Shown::BothBad: record.vote = Vote::BothBad; break;
        case Shown::Skipped: record.vote = Vote::Skipped; break;
    }
    m_session->vote(*current, record);
    std::erase_if(m_decisions, [&](const Decision& decision) { return decision.row == *current; });
    m_decisions.insert(m_decisions.begin(), {*current, record});
    Q_EMIT changed();
}

void AnnotationQueue::next()
{
    if (m_position < m_rows.size()) ++m_position;
    Q_EMIT changed();
}

void AnnotationQueue::previous()
{
    if (m_position > 0) --m_position;
    Q_EMIT changed();
}

void AnnotationQueue::goTo(std::uint32_t row)
{
    const auto found = std::find(m_rows.begin(), m_rows.end(), row);
    if (found == m_rows.end()) return;
    m_position = static_cast<std::size_t>(found - m_rows.begin());
    Q_EMIT changed();
}

}  // namespace preflab
