// SPDX-License-Identifier: GPL-3.0-or-later
// The table that chooses, the pair that is read.
#pragma once

#include "ui/models/data/dataset_session.h"

#include <QPointer>
#include <QWidget>

class QSplitter;

namespace preflab {

class Button;
class DataToolbar;
class Note;
class PairFacts;
class PairView;
class StateView;
class TableView;
class Workspace;

/// A view of one DatasetSession; another one can be set at any time.
class PairsTab : public QWidget {
    Q_OBJECT

public:
    explicit PairsTab(Workspace& workspace, QWidget* parent = nullptr);
    void setSession(DatasetSession* session);
    void selectRow(std::uint32_t row);
    TableView& table() { return *m_table; }
    /// Keeps what is being typed: the pair's texts, its note, a tag.
    void keepTyped();

protected:
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makePair();
    QWidget* makeActions(QWidget& last);
    void connectSession();
    void setUpColumns();
    void applyQuery();
    void showState();
    void showFindings();
    void takeSelection();
    void followCurrentRow();
    void showCurrentPair();
    void showUnreadable(std::uint32_t row, const Error& error);
    void step(int by);
    std::vector<std::uint32_t> selectedRows() const;
    std::optional<TokenLengths> tokensOf(std::uint32_t row) const;

    Workspace& m_workspace;
    QPointer<DatasetSession> m_session;
    quint64 m_pairGeneration = 0;
    bool m_isSelecting = false;
    DataToolbar* m_toolbar;
    Note* m_findings;
    QWidget* m_findingsRow;
    StateView* m_state;
    TableView* m_table;
    PairView* m_pair;
    QList<Button*> m_votes;
    PairFacts* m_facts;
    QSplitter* m_split;
};

}  // namespace preflab
