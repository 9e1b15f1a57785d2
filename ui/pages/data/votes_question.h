// SPDX-License-Identifier: GPL-3.0-or-later
// Asked before pairs follow their votes.
#pragma once

#include "core/data/journal/vote_rules.h"
#include "ui/widgets/question.h"

class QCheckBox;

namespace preflab {

class DatasetSession;

/// Which kinds of votes are followed, with their counts, and how many pairs are used before and after.
class VotesQuestion : public Question {
    Q_OBJECT

public:
    explicit VotesQuestion(QWidget* window);
    /// Asks about the pairs of `session` as they are now.
    void ask(const DatasetSession& session);

Q_SIGNALS:
    void wanted(const preflab::VoteRules& rules);

private:
    QCheckBox* addKind(const char* name, const QString& text);
    void showResult();
    VoteRules rules() const;

    VoteCounts m_counts;
    std::uint64_t m_rows = 0;
    QCheckBox* m_exchange = nullptr;
    QCheckBox* m_ties = nullptr;
    QCheckBox* m_bad = nullptr;
    QLabel* m_agreeing = nullptr;
    QLabel* m_result = nullptr;
    Button* m_apply = nullptr;
};

}  // namespace preflab
