// SPDX-License-Identifier: GPL-3.0-or-later
// One of the two answers that are voted on.
#pragma once

#include "ui/widgets/blocks.h"

#include <string>

namespace preflab {

class Badge;
class PairText;

/// A letter, the text, and what was said of it: the answer that is better has the accent's frame and says by how much.
class AnswerCard : public Card {
    Q_OBJECT

public:
    explicit AnswerCard(const QString& letter, QWidget* parent = nullptr);
    void setText(const std::string& utf8);
    /// Which side of the pair it is, with its tone; empty while sides are hidden.
    void setSide(const QString& name, const QString& tone = {});
    /// "A is clearly better"; empty: it is not the better one.
    void setChoice(const QString& text);
    PairText& text() const { return *m_text; }

private:
    QWidget* m_letter;
    Badge* m_side;
    Badge* m_choice;
    PairText* m_text;
};

}  // namespace preflab
