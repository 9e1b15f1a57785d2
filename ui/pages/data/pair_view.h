// SPDX-License-Identifier: GPL-3.0-or-later
// One pair for reading and editing: prompt above, chosen and rejected side by side or stacked, with difference marks.
#pragma once

#include "core/data/rows/row.h"
#include "ui/models/data/dataset_session.h"

#include <QPointer>
#include <QWidget>

#include <functional>
#include <optional>

class QBoxLayout;
class QLabel;
class QScrollArea;

namespace preflab {

class Badge;
class Button;
class PairText;
class Segmented;
class StateView;
class TurnsView;

/// Shows what it is given and says what the user wants; it changes nothing itself.
class PairView : public QWidget {
    Q_OBJECT

public:
    explicit PairView(QWidget* parent = nullptr);

    /// Shows a pair; `search` is marked in the texts. Ends the editing of this pair once it has what was saved; otherwise
    /// what is being typed stays.
    void showPair(const PairDetails& pair, const QString& search, const std::optional<TokenLengths>& tokens);
    /// Says in its place why a pair cannot be read; `openAgain` is the way out. What is being typed in that pair stays.
    void showUnreadable(std::uint32_t row, std::uint64_t sourceNumber, const Error& error,
                        std::function<void()> openAgain);
    void clear();
    /// Another pair is on its way: what was typed in the one that is still shown is kept, and it is not changed any more.
    void expect(std::uint32_t row);
    /// Ends editing with what was typed.
    void keepTyped();
    /// True if a pair is shown, and no other one is on its way.
    bool isCurrent() const { return m_pair && m_pair->row == m_expected; }
    /// The unit the user wants the diff in; nothing when marks are off.
    std::optional<DiffUnit> diffUnit() const;
    void startEditing();

Q_SIGNALS:
    void previousWanted();
    void nextWanted();
    void diffUnitChanged();
    /// The row with its texts as they were typed.
    void edited(std::uint32_t row, const preflab::Row& after);
    void swapWanted(std::uint32_t row);

private:
    QWidget* makeToolbar();
    QWidget* makeSide(const QString& title, const char* tone, Badge*& badge, PairText*& text);
    void setStacked(bool isStacked);
    void acceptEdit();
    void endEditing();
    void empty(const QString& title);
    void showSides();
    /// The pair with what is in the fields.
    Row typed() const;

    std::optional<PairDetails> m_pair;
    std::optional<std::uint32_t> m_expected;  ///< the row that is selected
    QString m_search;                         ///< that is marked
    bool m_isEditing = false;
    bool m_isSaving = false;            ///< what was typed is on its way to the journal
    QPointer<QWidget> m_beforeEditing;  ///< had the keyboard
    QLabel* m_title = nullptr;
    Segmented* m_arrangement = nullptr;
    Segmented* m_marks = nullptr;
    Button* m_edit = nullptr;
    Button* m_swap = nullptr;
    Button* m_accept = nullptr;
    Button* m_giveUp = nullptr;
    StateView* m_state = nullptr;
    QScrollArea* m_promptArea = nullptr;
    TurnsView* m_turns = nullptr;
    PairText* m_promptField = nullptr;
    QBoxLayout* m_sides = nullptr;
    Badge* m_chosenBadge = nullptr;
    Badge* m_rejectedBadge = nullptr;
    PairText* m_chosen = nullptr;
    PairText* m_rejected = nullptr;
};

/// The row with the given texts put where its columns have them: texts as they are, of message lists the last turn.
Row withTexts(const Row& row, const std::string& prompt, const std::string& chosen, const std::string& rejected);
/// The text of a column that is edited: a text as it is, the last turn of a message list.
std::string editableText(const RowText& text);

}  // namespace preflab
