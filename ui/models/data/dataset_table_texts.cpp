// SPDX-License-Identifier: GPL-3.0-or-later
// The words of DatasetTableModel: headers, flags, labels.
#include "ui/models/data/dataset_table_model.h"

namespace preflab {

QString DatasetTableModel::flagText(RowFlag flag)
{
    switch (flag) {
    case RowFlag::IdenticalSides:
        return tr("identical");
    case RowFlag::EmptySide:
        return tr("empty");
    case RowFlag::LengthGap:
        return tr("length");
    case RowFlag::NearCopy:
        return tr("near copy");
    case RowFlag::CommonPrefix:
        return tr("prefix");
    }
    return {};
}

QString DatasetTableModel::flagHelp(RowFlag flag)
{
    switch (flag) {
    case RowFlag::IdenticalSides:
        return tr("Chosen and rejected are the same; there is nothing to prefer.");
    case RowFlag::EmptySide:
        return tr("An answer has no text.");
    case RowFlag::LengthGap:
        return tr("One answer is much longer than the other. Length alone may decide.");
    case RowFlag::NearCopy:
        return tr("The answers have nearly the same words.");
    case RowFlag::CommonPrefix:
        return tr("Both answers begin with the same words.");
    }
    return {};
}

QString DatasetTableModel::voteText(Vote vote)
{
    switch (vote) {
    case Vote::ChosenBetter:
        return tr("chosen");
    case Vote::RejectedBetter:
        return tr("rejected");
    case Vote::Tie:
        return tr("tie");
    case Vote::BothBad:
        return tr("both bad");
    case Vote::Skipped:
        return tr("skipped");
    }
    return {};
}

QString DatasetTableModel::labelText(std::uint32_t row) const
{
    const RowState* state = m_inputs.states.find(row);
    return state != nullptr && state->vote ? voteText(state->vote->vote) : tr("no label");
}

QString DatasetTableModel::labelTone(std::uint32_t row) const
{
    const RowState* state = m_inputs.states.find(row);
    if (state == nullptr || !state->vote) return QStringLiteral("text.muted");
    switch (state->vote->vote) {
    case Vote::ChosenBetter:
        return QStringLiteral("chosen");
    case Vote::RejectedBetter:
        return QStringLiteral("rejected");
    default:
        return {};
    }
}

namespace {

struct ColumnText {
    const char* title;
    const char* help;
    const char* helpInTokens;
};

constexpr ColumnText kTexts[DatasetTableModel::ColumnCount] = {
    {QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "#"),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Line or record of the file."), nullptr},
    {QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Prompt, last turn"),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "What the answers reply to."), nullptr},
    {QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Turns"),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Turns of the conversation before the answers."), nullptr},
    {QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Prompt"),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Length of the prompt in characters."),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Length of the prompt in tokens.")},
    {QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Chosen"),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Length of the chosen answer in characters."),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Length of the chosen answer in tokens.")},
    {QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Rejected"),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Length of the rejected answer in characters."),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Length of the rejected answer in tokens.")},
    {QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Length gap"),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel",
                       "Characters by which chosen is longer (+) or shorter than rejected."),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Tokens by which chosen is longer (+) or shorter than rejected.")},
    {QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Similar"),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Words that both answers have, in percent of all their words."),
     nullptr},
    {QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Flags"),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "What may be wrong with the pair or is worth a look."), nullptr},
    {QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Label"),
     QT_TRANSLATE_NOOP("preflab::DatasetTableModel", "Your judgement of the pair."), nullptr},
};

}  // namespace

QVariant DatasetTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    const ColumnText& text = kTexts[section];
    switch (role) {
    case Qt::DisplayRole:
        return tr(text.title);
    case Qt::ToolTipRole:
        return tr(areLengthsTokens() && text.helpInTokens != nullptr ? text.helpInTokens : text.help);
    case Qt::TextAlignmentRole: {
        const bool isText = section == Prompt || section == Flags || section == Label;
        return QVariant((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    default:
        return {};
    }
}

}  // namespace preflab
