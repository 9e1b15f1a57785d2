// SPDX-License-Identifier: GPL-3.0-or-later
// How clear a vote is, and why.
#pragma once

#include "ui/models/data/annotation_queue.h"

#include <QList>
#include <QWidget>

namespace preflab {

class Chip;
class FlowLayout;
class Segmented;

/// A row below the votes: strength by segments or the keys comma and full stop, reasons as chips with keys. What is
/// chosen before a vote goes with it; what is chosen after it is added to it.
class VoteDetailsRow : public QWidget {
    Q_OBJECT

public:
    explicit VoteDetailsRow(QWidget* parent = nullptr);
    /// Shows what was said of a row. Reasons that have no chip here stay in details().
    void setDetails(const VoteDetails& details);
    const VoteDetails& details() const { return m_details; }

Q_SIGNALS:
    /// The user changed them.
    void changed(const preflab::VoteDetails& details);

private:
    void addReason(const char* id, const QString& text, const char* key);
    void setStrength(VoteStrength strength);
    void stepStrength(int steps);

    VoteDetails m_details;
    Segmented* m_strength = nullptr;
    FlowLayout* m_chips = nullptr;
    QList<Chip*> m_reasons;
};

}  // namespace preflab
