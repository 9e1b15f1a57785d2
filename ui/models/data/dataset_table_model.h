// SPDX-License-Identifier: GPL-3.0-or-later
// A dataset's view as a table. Texts are read off the UI thread and appear when they are there.
#pragma once

#include "core/data/view/view_index.h"
#include "ui/models/app/table_roles.h"

#include <QAbstractTableModel>
#include <QCache>
#include <QList>
#include <QPair>
#include <QString>
#include <QThreadPool>
#include <QTimer>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace preflab {

/// What a row's text columns show.
struct RowPreview {
    QString text;                 ///< the prompt's last turn on one line, at most 200 characters
    QString toolTip;              ///< more of it
    QList<QPair<int, int>> hits;  ///< begin and length in `text` of what was searched for
};

/// UI thread. Holds some thousand previews, whatever the dataset's size.
class DatasetTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column {
        Number,
        Prompt,
        Turns,
        PromptLength,
        ChosenLength,
        RejectedLength,
        LengthGap,
        Similarity,
        Flags,
        Label,
        ColumnCount
    };
    enum Role {
        RowIdRole = Qt::UserRole,       ///< uint: the row in the source
        SortRole,                       ///< the number or text behind what is displayed
        HitsRole = SearchHitsRole,      ///< QList<QPair<int, int>> of RowPreview
        FlagsRole = Qt::UserRole + 2,   ///< uint: bits of RowFlag
        ExcludedRole = MutedRole,       ///< bool
        EditedRole = Qt::UserRole + 3,  ///< bool
        VoteRole,                       ///< int: the number of its Vote, -1 without one
        LoadedRole,                     ///< bool: false while the text is being read
        GapRole = GapShareRole,         ///< double, of LengthGap
        LabelToneRole = ToneRole,       ///< QString, of Label
    };

    explicit DatasetTableModel(QObject* parent = nullptr);
    ~DatasetTableModel() override;
    Q_DISABLE_COPY_MOVE(DatasetTableModel)

    /// Shows another view, in one reset.
    void setView(const ViewInputs& inputs, std::shared_ptr<const ViewIndex> view);
    /// Shows newer figures of the same view; rows and texts stay.
    void setFigures(const ViewInputs& inputs);
    /// Shows rows as they are now.
    void refreshRows(const std::vector<std::uint32_t>& rows, const ViewInputs& inputs);

    /// The position of a row of the source in the view, or -1.
    int positionOf(std::uint32_t row) const;
    /// The row of the source at a position.
    std::optional<std::uint32_t> rowAt(int position) const;
    /// What a column sorts by.
    static ViewColumn viewColumnOf(int column);
    /// True once lengths are in tokens; they are in characters until then.
    bool areLengthsTokens() const { return m_inputs.tokens != nullptr; }

    /// A flag in a word or two, and in a sentence.
    static QString flagText(RowFlag flag);
    static QString flagHelp(RowFlag flag);
    /// A vote in a word or two.
    static QString voteText(Vote vote);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    using PreviewPointer = std::shared_ptr<const RowPreview>;
    using Loaded = std::vector<std::pair<int, PreviewPointer>>;

    PreviewPointer preview(int position) const;
    void loadRequested();
    void take(const Loaded& loaded);
    QVariant previewData(int position, int role) const;
    QVariant figureData(std::uint32_t row, Column column, int role) const;
    QVariant rowData(std::uint32_t row, int role) const;
    std::optional<std::int64_t> figure(std::uint32_t row, Column column) const;
    QString flagsText(std::uint32_t row) const;
    QString labelText(std::uint32_t row) const;
    QString labelTone(std::uint32_t row) const;
    void takeInputs(const ViewInputs& inputs);

    ViewInputs m_inputs;
    double m_usualGap = 1.0;  ///< that only one row in twenty exceeds
    std::shared_ptr<const ViewIndex> m_view;
    mutable QCache<std::uint32_t, PreviewPointer> m_previews;
    mutable std::set<int> m_requested;  ///< positions whose previews are missing
    mutable QTimer m_loadTimer;         ///< starts reading once the view has asked for all it paints
    QThreadPool m_pool;                 ///< one thread, so that no long job of others holds up the texts
    bool m_isLoading = false;
    std::set<std::uint32_t> m_changedSince;  ///< rows that changed while previews were being read: those are old
    quint64 m_generation = 0;                ///< of the view; previews for an older one are dropped
};

}  // namespace preflab
