// SPDX-License-Identifier: GPL-3.0-or-later
// The panel beside a pair.
#include "ui/pages/data/pair_facts.h"

#include "ui/models/data/dataset_table_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace preflab {
namespace {

/// Prompt and answer of both sides against the limit; what is cut off is hatched.
class TokenBars : public QWidget {
public:
    TokenBars() { setMinimumHeight(currentTheme().px(44)); }
    void setLengths(const std::optional<TokenLengths>& lengths, std::int64_t limit)
    {
        m_lengths = lengths;
        m_limit = limit;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        if (!m_lengths || !m_lengths->isKnown()) return;
        const Theme& theme = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const std::int64_t longest = m_lengths->prompt + std::max(m_lengths->chosen, m_lengths->rejected);
        const double whole = static_cast<double>(std::max<std::int64_t>({longest, m_limit, 1}));
        const QFontMetrics metrics(theme.mono);
        const auto figuresOf = [this](std::int64_t answer) {
            return QStringLiteral("%1 + %2").arg(m_lengths->prompt).arg(answer);
        };
        // Both bars are as long, so that they can be compared.
        const int figuresWidth = std::max(metrics.horizontalAdvance(figuresOf(m_lengths->chosen)),
                                          metrics.horizontalAdvance(figuresOf(m_lengths->rejected))) +
                                 theme.px(8);
        int y = 0;
        for (const bool isChosen : {true, false}) {
            const std::int64_t answer = isChosen ? m_lengths->chosen : m_lengths->rejected;
            painter.setFont(theme.small);
            painter.setPen(isChosen ? theme.chosen : theme.rejected);
            painter.drawText(QRect(0, y, theme.px(64), theme.px(20)), Qt::AlignVCenter,
                             isChosen ? PairFacts::tr("Chosen") : PairFacts::tr("Rejected"));
            painter.setFont(theme.mono);
            painter.setPen(theme.textPrimary);
            painter.drawText(QRect(width() - figuresWidth, y, figuresWidth, theme.px(20)),
                             Qt::AlignVCenter | Qt::AlignRight, figuresOf(answer));
            const QRectF track(theme.px(66), y + theme.px(6), width() - theme.px(66) - figuresWidth - theme.px(6),
                               theme.px(8));
            painter.fillRect(track, theme.bgPressed);
            const auto x = [&](std::int64_t tokens) { return static_cast<double>(tokens) / whole * track.width(); };
            painter.fillRect(QRectF(track.left(), track.top(), x(m_lengths->prompt), track.height()), theme.textMuted);
            painter.fillRect(QRectF(track.left() + x(m_lengths->prompt), track.top(), x(answer), track.height()),
                             isChosen ? theme.chosen : theme.rejected);
            if (m_limit > 0 && m_lengths->prompt + answer > m_limit) {
                const QRectF cut(track.left() + x(m_limit), track.top(), x(m_lengths->prompt + answer - m_limit),
                                 track.height());
                painter.fillRect(cut, theme.bgPanel);
                painter.fillRect(cut, QBrush(theme.danger, Qt::BDiagPattern));
            }
            y += theme.px(22);
        }
    }

private:
    std::optional<TokenLengths> m_lengths;
    std::int64_t m_limit = 0;
};

}  // namespace

PairFacts::PairFacts(QWidget* parent)
    : QFrame(parent), m_flags(new QVBoxLayout), m_tokenBars(new TokenBars),
      m_tokenText(makeLabel({}, "small", "muted")), m_limit(makeLabel({}, "small", "muted")),
      m_tagChips(new FlowLayout(currentTheme().px(6))), m_tagField(new QLineEdit), m_note(new QLineEdit),
      m_label(makeLabel({}))
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("side"));
    setMinimumWidth(theme.px(264));
    setMaximumWidth(theme.px(360));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12));
    layout->setSpacing(theme.px(8));
    layout->addWidget(makeLabel(tr("Findings"), "caption"));
    m_flags->setSpacing(theme.px(6));
    layout->addLayout(m_flags);
    layout->addWidget(makeLine());
    auto* tokenTitle = new QHBoxLayout;
    tokenTitle->addWidget(makeLabel(tr("Tokens"), "caption"));
    tokenTitle->addStretch(1);
    tokenTitle->addWidget(m_limit);
    layout->addLayout(tokenTitle);
    layout->addWidget(m_tokenBars);
    m_tokenText->setWordWrap(true);
    layout->addWidget(m_tokenText);
    layout->addWidget(makeLine());
    layout->addWidget(makeLabel(tr("Label, tags and note"), "caption"));
    layout->addWidget(m_label);
    layout->addLayout(m_tagChips);
    m_tagField->setObjectName(QStringLiteral("tagField"));
    m_tagField->setProperty("dense", true);
    m_tagField->setPlaceholderText(tr("Add a tag, then Enter"));
    m_tagField->setAccessibleName(tr("New tag"));
    m_tokenText->setObjectName(QStringLiteral("tokenText"));
    m_note->setObjectName(QStringLiteral("noteField"));
    m_note->setProperty("dense", true);
    m_note->setPlaceholderText(tr("Write a note"));
    m_note->setAccessibleName(tr("Note"));
    layout->addWidget(m_tagField);
    layout->addWidget(m_note);
    layout->addStretch(1);
    // By Enter, and by leaving the field: what was typed is not lost when another pair is chosen.
    connect(m_tagField, &QLineEdit::editingFinished, this, &PairFacts::keepTag);
    connect(m_note, &QLineEdit::editingFinished, this, &PairFacts::keepNote);
    clear();
}

void PairFacts::clear()
{
    keepTyped();
    m_row.reset();
    clearLayout(*m_flags);
    clearLayout(*m_tagChips);
    static_cast<TokenBars*>(m_tokenBars)->setLengths({}, 0);
    m_tokenText->setText({});
    m_label->setText({});
    // Not QLineEdit::clear(): that counts as an edit of the user's, and an emptied note would be kept.
    m_note->setText({});
    m_tagField->setText({});
    setEnabled(false);
}

void PairFacts::show(const PairDetails& pair, const RowState& state, const std::optional<TokenLengths>& tokens,
                     std::int64_t limit)
{
    setEnabled(true);
    const bool isOther = pair.row != m_row;
    if (isOther) keepTyped();
    m_row = pair.row;
    showFlags(pair);
    showTokens(tokens, limit);
    showTags(state);
    if (isOther || !m_note->isModified()) m_note->setText(QString::fromStdString(state.note));
    if (!state.vote)
        m_label->setText(tr("No label yet"));
    else
        switch (state.vote->vote) {
        case Vote::ChosenBetter:
            m_label->setText(tr("Chosen is better"));
            break;
        case Vote::RejectedBetter:
            m_label->setText(tr("Rejected is better"));
            break;
        case Vote::Tie:
            m_label->setText(tr("Tie"));
            break;
        case Vote::BothBad:
            m_label->setText(tr("Both are bad"));
            break;
        case Vote::Skipped:
            m_label->setText(tr("Skipped"));
            break;
        }
}

void PairFacts::keepTyped()
{
    keepNote();
    keepTag();
}

void PairFacts::keepTag()
{
    const QString tag = m_tagField->text().trimmed();
    m_tagField->clear();
    if (m_row && !tag.isEmpty()) Q_EMIT tagAdded(*m_row, tag);
}

void PairFacts::keepNote()
{
    if (m_row && m_note->isModified()) Q_EMIT noteWanted(*m_row, m_note->text());
    m_note->setModified(false);
}

void PairFacts::showFlags(const PairDetails& pair)
{
    clearLayout(*m_flags);
    const Theme& theme = currentTheme();
    bool hasAny = false;
    for (const RowFlag flag : kRowFlags) {
        if (!pair.figures.has(flag)) continue;
        hasAny = true;
        const bool isGrave = flag == RowFlag::IdenticalSides || flag == RowFlag::EmptySide;
        const bool isWarning = isGrave || flag == RowFlag::LengthGap;
        auto* line = new QHBoxLayout;
        line->setSpacing(theme.px(8));
        line->addWidget(new IconLabel(isWarning ? QStringLiteral("warn") : QStringLiteral("info"),
                                      isGrave ? QStringLiteral("danger")
                                              : (isWarning ? QStringLiteral("warning") : QStringLiteral("accent")),
                                      16),
                        0, Qt::AlignTop);
        QLabel* text = makeLabel(DatasetTableModel::flagHelp(flag), "small");
        text->setWordWrap(true);
        line->addWidget(text, 1);
        m_flags->addLayout(line);
    }
    if (!hasAny) m_flags->addWidget(makeLabel(tr("Nothing to look at"), "small", "muted"));
}

void PairFacts::showTokens(const std::optional<TokenLengths>& tokens, std::int64_t limit)
{
    static_cast<TokenBars*>(m_tokenBars)->setLengths(tokens, limit);
    m_tokenBars->setVisible(tokens && tokens->isKnown());
    m_limit->setText(limit > 0 ? tr("limit %1").arg(limit) : QString());
    if (!tokens) {
        m_tokenText->setText(tr("Open a model to count tokens."));
        return;
    }
    if (!tokens->isKnown()) {
        m_tokenText->setText(tr("Training cannot use this pair."));
        return;
    }
    const std::int64_t longest = tokens->prompt + std::max(tokens->chosen, tokens->rejected);
    m_tokenText->setText(
        limit > 0 && longest > limit
            ? tr("Hatched: %n token(s) are cut off at this limit.", nullptr, static_cast<int>(longest - limit))
            : (limit > 0 ? tr("Grey: prompt. Nothing is cut off at this limit.")
                         : tr("Grey: prompt. No limit is set on Train.")));
}

void PairFacts::showTags(const RowState& state)
{
    clearLayout(*m_tagChips);
    for (const std::string& text : state.tags) {
        const QString tag = QString::fromStdString(text);
        auto* chip = new Chip(tag);
        chip->setRemovable();
        connect(chip, &Chip::removed, this, [this, tag] {
            if (m_row) Q_EMIT tagRemoved(*m_row, tag);
        });
        m_tagChips->addWidget(chip);
    }
}

}  // namespace preflab
