// SPDX-License-Identifier: GPL-3.0-or-later
// Edits and labels of a dataset session: posted from a thread of their own, shown when the journal has them.
#include "core/data/journal/edited_rows.h"
#include "core/data/journal/side_changes.h"
#include "ui/models/app/background.h"
#include "ui/models/data/dataset_session.h"
#include "ui/models/data/dataset_table_model.h"

#include <QtConcurrent>

#include <algorithm>
#include <memory>
#include <string>

namespace preflab {
namespace {

using FigureList = std::vector<std::pair<std::uint32_t, EditedFigures>>;

/// What a change comes to besides the rows' states.
struct Remeasured {
    FigureList figures;
    VoteCounts votes;
};

/// Rows that cannot be read have no figures; whoever shows them says why.
FigureList measured(const RowStates& states, const RowSource& source, const std::vector<std::uint32_t>& rows,
                    const Tokenisation* counting, const std::stop_token& stop)
{
    FigureList list;
    for (const std::uint32_t row : rows) {
        const RowState* state = states.find(row);
        if (stop.stop_requested()) break;
        if (state == nullptr || !state->isEdited()) continue;
        const auto read = source.row(row);
        if (!read) continue;
        const Row now = rowNow(*state, *read);
        list.emplace_back(row,
                          EditedFigures{figuresOf(now), counting ? tokenLengthsOf(now, *counting) : TokenLengths{}});
    }
    return list;
}

}  // namespace

RowState DatasetSession::stateOf(std::uint32_t row) const
{
    const RowState* state = m_inputs.states.find(row);
    return state != nullptr ? *state : RowState();
}

std::vector<JournalRecord> DatasetSession::latestChanges(std::size_t count) const
{
    return m_journal ? m_journal->latest(count) : std::vector<JournalRecord>();
}

void DatasetSession::post(std::function<void(Journal&, Journal::Acknowledgement)> send)
{
    if (!m_journal) return;
    ++m_pendingChanges;
    const auto answer = [this, journal = m_journal.get()](const Result<JournalRecord>& record) {
        const auto take = [this, record, now = JournalNow::of(*journal)] { takeRecord(record, now); };
        QMetaObject::invokeMethod(this, take, Qt::QueuedConnection);
    };
    m_edits.start([send = std::move(send), journal = m_journal.get(), answer] { send(*journal, answer); });
    Q_EMIT undoChanged();
}

void DatasetSession::change(JournalAction action, std::vector<std::uint32_t> rows, Journal::Modify modify)
{
    post([action, rows = std::move(rows), modify = std::move(modify)](Journal& journal, Journal::Acknowledgement done) {
        journal.post(action, rows, modify, std::move(done));
    });
}

void DatasetSession::edit(std::uint32_t row, const Row& texts)
{
    post([row, texts, source = m_inputs.source](Journal& journal, const Journal::Acknowledgement& done) {
        const auto before = source->row(row);
        if (!before) return done(tl::unexpected(before.error()));
        journal.post(
            JournalAction::Edit, {row}, [&](std::uint32_t, RowState& state) { setTexts(state, texts, *before); }, done);
    });
}

void DatasetSession::swapSides(const std::vector<std::uint32_t>& rows)
{
    change(JournalAction::Swap, rows, [](std::uint32_t, RowState& state) { exchangeSides(state); });
}

void DatasetSession::exclude(const std::vector<std::uint32_t>& rows)
{
    change(JournalAction::Exclude, rows, [](std::uint32_t, RowState& state) { state.isExcluded = true; });
}

void DatasetSession::restore(const std::vector<std::uint32_t>& rows)
{
    change(JournalAction::Restore, rows, [](std::uint32_t, RowState& state) { state.isExcluded = false; });
}

void DatasetSession::addTag(const std::vector<std::uint32_t>& rows, const QString& tag)
{
    const std::string text = tag.simplified().toStdString();
    if (text.empty()) return;
    change(JournalAction::Tag, rows, [text](std::uint32_t, RowState& state) {
        if (std::find(state.tags.begin(), state.tags.end(), text) == state.tags.end()) state.tags.push_back(text);
    });
}

void DatasetSession::removeTag(const std::vector<std::uint32_t>& rows, const QString& tag)
{
    change(JournalAction::Tag, rows, [text = tag.toStdString()](std::uint32_t, RowState& state) {
        state.tags.erase(std::remove(state.tags.begin(), state.tags.end(), text), state.tags.end());
    });
}

void DatasetSession::setNote(std::uint32_t row, const QString& note)
{
    change(JournalAction::Note, {row},
           [text = note.toStdString()](std::uint32_t, RowState& state) { state.note = text; });
}

void DatasetSession::vote(std::uint32_t row, std::optional<VoteRecord> vote)
{
    change(JournalAction::Vote, {row}, [vote](std::uint32_t, RowState& state) { state.vote = vote; });
}

void DatasetSession::describeVote(std::uint32_t row, VoteStrength strength, const std::vector<std::string>& reasons)
{
    // The vote is the journal's, not the caller's: an undo or an exchange of sides may be on its way there.
    change(JournalAction::Vote, {row}, [strength, reasons](std::uint32_t, RowState& state) {
        const bool isSided =
            state.vote && (state.vote->vote == Vote::ChosenBetter || state.vote->vote == Vote::RejectedBetter);
        if (!isSided) return;
        state.vote->strength = strength;
        state.vote->reasons = reasons;
    });
}

void DatasetSession::acceptVotes(const VoteRules& rules)
{
    post([rules, states = m_inputs.states](Journal& journal, Journal::Acknowledgement done) {
        const auto modify = [rules](std::uint32_t, RowState& state) { acceptVote(state, rules); };
        journal.post(JournalAction::Accept, rowsChangedBy(rules, states), modify, std::move(done));
    });
}

void DatasetSession::undo()
{
    post([](Journal& journal, Journal::Acknowledgement done) { journal.undo(std::move(done)); });
}

void DatasetSession::redo()
{
    post([](Journal& journal, Journal::Acknowledgement done) { journal.redo(std::move(done)); });
}

void DatasetSession::takeRecord(const Result<JournalRecord>& record, const JournalNow& now)
{
    takeUndo(now);
    if (!record || record->changes.empty()) {
        --m_pendingChanges;
        Q_EMIT undoChanged();
        if (!record) Q_EMIT changeFailed(record.error());
        return;
    }
    m_inputs.states = now.view.states;
    m_inputs.rows = makeEditedRows(m_inputs.source, m_inputs.states);
    m_journalPosition = now.view.position;
    std::vector<std::uint32_t> rows;
    for (const RowChange& change : record->changes) rows.push_back(change.row);
    const auto measure = [states = m_inputs.states, source = m_inputs.source, rows, counting = m_counting,
                          stop = m_stop.get_token()] {
        return Remeasured{measured(states, *source, rows, counting.get(), stop), countVotes(states)};
    };
    whenDone(QtConcurrent::run(&m_edits, measure), this, [this, rows](const Remeasured& after) {
        --m_pendingChanges;
        m_votes = after.votes;
        for (const std::uint32_t row : rows) m_inputs.edited.set(row, std::nullopt);
        takeFigures(after.figures);
        m_table->refreshRows(rows, m_inputs);
        Q_EMIT undoChanged();
        for (const std::uint32_t row : rows) Q_EMIT rowChanged(row);
    });
}

void DatasetSession::takeFigures(const FigureList& list)
{
    for (const auto& [row, figures] : list) {
        // A later change may have made the row the source's again.
        const RowState* state = m_inputs.states.find(row);
        if (state != nullptr && state->isEdited()) m_inputs.edited.set(row, figures);
    }
}

void DatasetSession::refigureEdited()
{
    const auto work = [states = m_inputs.states, source = m_inputs.source, rows = m_inputs.edited.rows(),
                       counting = m_counting,
                       stop = m_stop.get_token()] { return measured(states, *source, rows, counting.get(), stop); };
    whenDone(QtConcurrent::run(&m_edits, work), this, [this](const FigureList& list) {
        takeFigures(list);
        m_table->setFigures(m_inputs);
        Q_EMIT tokenCountsChanged();
    });
}

DatasetSession::JournalNow DatasetSession::JournalNow::of(const Journal& journal)
{
    return {journal.view(), journal.undoable(), journal.redoable()};
}

void DatasetSession::takeUndo(const JournalNow& now)
{
    const auto textOrNothing = [this](const std::optional<JournalRecord>& record) {
        return record ? textOf(*record) : QString();
    };
    m_undoText = textOrNothing(now.undoable);
    m_redoText = textOrNothing(now.redoable);
}

QString DatasetSession::textOf(const JournalRecord& record) const
{
    const auto count = static_cast<int>(record.changes.size());
    const std::uint32_t row = count > 0 ? record.changes.front().row : 0;
    const QString number = QString::number(m_inputs.source->sourceNumber(std::min(row, rowCount() - 1)));
    switch (record.action) {
    case JournalAction::Edit:
        return tr("edit of pair %1").arg(number);
    case JournalAction::Swap:
        return count == 1 ? tr("swap of pair %1").arg(number) : tr("swap of %n pair(s)", nullptr, count);
    case JournalAction::Exclude:
        return count == 1 ? tr("exclusion of pair %1").arg(number) : tr("exclusion of %n pair(s)", nullptr, count);
    case JournalAction::Restore:
        return count == 1 ? tr("return of pair %1").arg(number) : tr("return of %n pair(s)", nullptr, count);
    case JournalAction::Tag:
        return count == 1 ? tr("tags of pair %1").arg(number) : tr("tags of %n pair(s)", nullptr, count);
    case JournalAction::Note:
        return tr("note on pair %1").arg(number);
    case JournalAction::Vote:
        return tr("label of pair %1").arg(number);
    case JournalAction::Accept:
        return count == 1 ? tr("acceptance of the label of pair %1").arg(number)
                          : tr("acceptance of %n label(s)", nullptr, count);
    case JournalAction::Undo:
    case JournalAction::Redo:
        break;
    }
    return {};
}

}  // namespace preflab
