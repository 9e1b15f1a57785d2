// SPDX-License-Identifier: GPL-3.0-or-later
// Beside a pair: its flags, its tokens against the limit, tags, note and label.
#pragma once

#include "core/data/journal/row_state.h"
#include "ui/models/data/dataset_session.h"

#include <QFrame>

#include <cstdint>
#include <optional>

class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace preflab {

class FlowLayout;

/// Shows and lets tag and note; changes nothing itself.
class PairFacts : public QFrame {
    Q_OBJECT

public:
    explicit PairFacts(QWidget* parent = nullptr);
    /// `limit` 0: no limit.
    void show(const PairDetails& pair, const RowState& state, const std::optional<TokenLengths>& tokens,
              std::int64_t limit);
    void clear();
    /// Keeps a note and a tag that are being typed.
    void keepTyped();

Q_SIGNALS:
    /// One tag each: what is shown may be older than what was asked for a moment ago.
    void tagAdded(std::uint32_t row, const QString& tag);
    void tagRemoved(std::uint32_t row, const QString& tag);
    void noteWanted(std::uint32_t row, const QString& note);

private:
    void keepNote();
    void keepTag();
    void showFlags(const PairDetails& pair);
    void showTokens(const std::optional<TokenLengths>& tokens, std::int64_t limit);
    void showTags(const RowState& state);

    std::optional<std::uint32_t> m_row;  ///< that is shown
    QVBoxLayout* m_flags;
    QWidget* m_tokenBars;
    QLabel* m_tokenText;
    QLabel* m_limit;
    FlowLayout* m_tagChips;
    QLineEdit* m_tagField;
    QLineEdit* m_note;
    QLabel* m_label;
};

}  // namespace preflab
