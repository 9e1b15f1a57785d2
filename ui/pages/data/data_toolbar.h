// SPDX-License-Identifier: GPL-3.0-or-later
// Search and filters above the table of pairs.
#pragma once

#include "core/data/view/view_index.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QLineEdit;

namespace preflab {

class Chip;

/// Makes a ViewQuery of what the user types and chooses; sorting is the table's.
class DataToolbar : public QFrame {
    Q_OBJECT

public:
    explicit DataToolbar(QWidget* parent = nullptr);

    /// Search and filters put into `query`; its sort stays.
    ViewQuery applied(ViewQuery query) const;
    QString search() const;
    void clearFilters();
    /// Shows only the rows of a finding.
    void setFlags(std::uint8_t flags);
    /// "214 of 2 354 pairs".
    void setCount(std::uint32_t shown, std::uint32_t all);
    void setError(const QString& sentence);
    /// The chosen filters in words, for "nothing matches".
    QString filterText() const;

Q_SIGNALS:
    void changed();

private:
    Chip* addChip(const QString& id, const QString& text, const QString& help);

    QLineEdit* m_field;
    QTimer m_delay;
    QList<Chip*> m_chips;
    QLabel* m_count;
    QLabel* m_error;
    std::uint8_t m_flags = 0;  ///< of a finding; 0: the "flagged" chip decides
};

}  // namespace preflab
