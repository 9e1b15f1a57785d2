// SPDX-License-Identifier: GPL-3.0-or-later
// Letter, badges, text.
#include "ui/pages/data/answer_card.h"

#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pair_text.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace preflab {
namespace {

/// "A" on a tile, filled for the better answer.
class LetterTile : public QWidget {
public:
    explicit LetterTile(const QString& letter) : m_letter(letter)
    {
        keepMetrics(*this, [this] { setFixedSize(currentTheme().px(24), currentTheme().px(24)); });
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = currentTheme();
        const bool isFilled = property("isChosen").toBool();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(isFilled ? theme.accentFill : theme.borderStrong);
        painter.setBrush(isFilled ? theme.accentFill : theme.bgInset);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
        painter.setFont(theme.strong);
        painter.setPen(isFilled ? theme.accentOnFill : theme.textPrimary);
        painter.drawText(rect(), Qt::AlignCenter, m_letter);
    }

private:
    QString m_letter;
};

}  // namespace

AnswerCard::AnswerCard(const QString& letter, QWidget* parent)
    : Card({}, parent), m_letter(new LetterTile(letter)), m_side(new Badge({})),
      m_choice(new Badge({}, QStringLiteral("accent"))), m_text(new PairText)
{
    const Theme& theme = currentTheme();
    setAccessibleName(tr("Answer %1").arg(letter));
    m_side->hide();
    m_choice->hide();
    m_choice->setIconName(QStringLiteral("check"));
    auto* head = new QHBoxLayout;
    head->setSpacing(theme.px(8));
    head->addWidget(m_letter);
    head->addWidget(m_side);
    head->addStretch(1);
    head->addWidget(m_choice);
    body().addLayout(head);
    body().addWidget(makeLine());
    m_text->setAccessibleName(tr("Answer %1").arg(letter));
    m_text->setMinimumHeight(theme.px(80));
    body().addWidget(m_text, 1);
}

void AnswerCard::setText(const std::string& utf8)
{
    m_text->setText(utf8);
}

void AnswerCard::setSide(const QString& name, const QString& tone)
{
    m_side->setVisible(!name.isEmpty());
    m_side->setText(name);
    m_side->setTone(tone);
}

void AnswerCard::setChoice(const QString& text)
{
    m_choice->setVisible(!text.isEmpty());
    m_choice->setText(text);
    m_letter->setProperty("isChosen", !text.isEmpty());
    m_letter->update();
    setLook(*this, "tone", text.isEmpty() ? QVariant() : QVariant(QStringLiteral("accent")));
}

}  // namespace preflab
