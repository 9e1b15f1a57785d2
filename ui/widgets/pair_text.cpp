// SPDX-License-Identifier: GPL-3.0-or-later
// Marks by character formats; the text itself is only ever set as plain text.
#include "ui/widgets/pair_text.h"

#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QTextBlock>

#include <algorithm>

namespace preflab {
namespace {

constexpr std::size_t kShownTurns = 3;

QTextCharFormat formatOf(TextMark::Kind kind)
{
    const Theme& theme = currentTheme();
    QTextCharFormat format;
    switch (kind) {
        case TextMark::Kind::OnlyChosen:
            format.setBackground(theme.chosenMark);
            format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
            format.setUnderlineColor(theme.chosen);
            break;
        case TextMark::Kind::OnlyRejected:
            format.setBackground(theme.rejectedMark);
            format.setUnderlineStyle(QTextCharFormat::DotLine);
            format.setUnderlineColor(theme.rejected);
            break;
        case TextMark::Kind::CommonPrefix: format.setForeground(theme.textMuted); break;
        case TextMark::Kind::SearchHit: format.setBackground(theme.warningBg); break;
    }
    return format;
}

/// Byte offsets in UTF-8, ascending, to positions in the QString of the same text.
class Positions {
public:
    explicit Positions(const std::string& utf8) : m_utf8(utf8) {}
    int of(std::size_t byte)
    {
        byte = std::min(byte, m_utf8.size());
        if (byte < m_byte) m_byte = 0, m_position = 0;
        for (; m_byte < byte; ++m_byte) {
            const auto c = static_cast<unsigned char>(m_utf8[m_byte]);
            if ((c & 0xC0) != 0x80) m_position += c >= 0xF0 ? 2 : 1;
        }
        return m_position;
    }

private:
    const std::string& m_utf8;
    std::size_t m_byte = 0;
    int m_position = 0;
};

}  // namespace

PairText::PairText(QWidget* parent) : QTextEdit(parent)
{
    setProperty("role", QStringLiteral("reading"));
    setAcceptRichText(false);
    setTabChangesFocus(true);
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    document()->setDocumentMargin(currentTheme().px(14));
    document()->setUndoRedoEnabled(true);
}

void PairText::setText(const std::string& utf8, std::vector<TextMark> marks)
{
    m_text = utf8;
    m_marks = std::move(marks);
    setPlainText(QString::fromStdString(utf8));
    applyMarks();
}

std::string PairText::text() const
{
    return toPlainText().toStdString();
}

void PairText::applyMarks()
{
    if (m_isMarking) return;
    m_isMarking = true;
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    cursor.select(QTextCursor::Document);
    QTextBlockFormat block;
    block.setLineHeight(150, QTextBlockFormat::ProportionalHeight);
    cursor.mergeBlockFormat(block);
    cursor.setCharFormat({});
    if (isReadOnly()) {
        Positions positions(m_text);
        for (const TextMark& mark : m_marks) {
            cursor.setPosition(positions.of(mark.begin));
            cursor.setPosition(positions.of(mark.end), QTextCursor::KeepAnchor);
            cursor.mergeCharFormat(formatOf(mark.kind));
        }
    }
    cursor.endEditBlock();
    document()->clearUndoRedoStacks();
    m_isMarking = false;
}

void PairText::setEditable(bool isEditable)
{
    if (isEditable == this->isEditable()) return;
    setReadOnly(!isEditable);
    setTextInteractionFlags(isEditable ? Qt::TextEditorInteraction
                                       : Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setLook(*this, "role", isEditable ? QStringLiteral("field") : QStringLiteral("reading"));
    applyMarks();
}

void PairText::keyPressEvent(QKeyEvent* event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEditable() && isEnter && event->modifiers().testFlag(Qt::ControlModifier)) Q_EMIT editAccepted();
    else if (isEditable() && event->key() == Qt::Key_Escape) Q_EMIT editGivenUp();
    else QTextEdit::keyPressEvent(event);
}

void PairText::changeEvent(QEvent* event)
{
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && isReadOnly()) applyMarks();
}

TurnsView::TurnsView(QWidget* parent) : QWidget(parent)
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(currentTheme().px(14), currentTheme().px(8), currentTheme().px(14), currentTheme().px(8));
    grid->setHorizontalSpacing(currentTheme().px(10));
    grid->setVerticalSpacing(currentTheme().px(8));
    grid->setColumnMinimumWidth(0, currentTheme().px(72));
    grid->setColumnStretch(1, 1);
}

QString roleName(const std::string& role)
{
    if (role == "user") return TurnsView::tr("Person");
    if (role == "assistant") return TurnsView::tr("Assistant");
    if (role == "system") return TurnsView::tr("System");
    return QString::fromStdString(role);
}

void TurnsView::setTurns(const Messages& turns)
{
    if (turns == m_turns && layout()->count() > 0) return;
    m_turns = turns;
    m_isUnfolded = false;
    rebuild();
}

void TurnsView::rebuild()
{
    auto* grid = static_cast<QGridLayout*>(layout());
    clearLayout(*grid);
    const std::size_t first = m_isUnfolded || m_turns.size() <= kShownTurns ? 0 : m_turns.size() - kShownTurns;
    int line = 0;
    if (first > 0) {
        auto* unfold = new Button(tr("%n earlier turn(s)", nullptr, static_cast<int>(first)), Button::Kind::Bare);
        unfold->setDense();
        connect(unfold, &Button::clicked, this, [this] {
            m_isUnfolded = true;
            rebuild();
        });
        grid->addWidget(unfold, line++, 1, Qt::AlignLeft);
    }
    for (std::size_t i = first; i < m_turns.size(); ++i) {
        QLabel* role = makeLabel(roleName(m_turns[i].role), "small");
        setLook(*role, "tone", QStringLiteral("muted"));
        role->setAlignment(Qt::AlignRight | Qt::AlignTop);
        role->setMinimumHeight(currentTheme().px(20));
        QLabel* text = makeLabel(QString::fromStdString(m_turns[i].content), "", m_turns[i].role == "assistant" ? "secondary" : "");
        text->setFont(currentTheme().reading);
        text->setWordWrap(true);
        text->setMaximumWidth(currentTheme().px(720));
        text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        grid->addWidget(role, line, 0, Qt::AlignTop);
        grid->addWidget(text, line++, 1);
    }
}

QString TurnsView::plainText() const
{
    QStringList texts;
    for (const Message& turn : m_turns) texts.push_back(QString::fromStdString(turn.content));
    return texts.join(QLatin1String("\n\n"));
}

}  // namespace preflab
