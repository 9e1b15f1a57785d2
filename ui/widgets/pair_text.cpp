// SPDX-License-Identifier: GPL-3.0-or-later
// Marks by character formats; the text itself is only ever set as plain text.
#include "ui/widgets/pair_text.h"

#include "core/base/utf8.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QAbstractTextDocumentLayout>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>

#include <algorithm>

namespace preflab {
namespace {

constexpr std::size_t kShownTurns = 3;
constexpr double kLineHeight = 155;  // percent of the font's size
constexpr int kWidest = 720;         // longer lines are hard to follow

QTextCharFormat formatOf(TextMark::Kind kind)
{
    const Theme& theme = currentTheme();
    QTextCharFormat format;
    switch (kind) {
    // Their lines are two pixels, which character formats do not know: drawMark draws them.
    case TextMark::Kind::OnlyChosen:
        format.setBackground(theme.chosenMark);
        break;
    case TextMark::Kind::OnlyRejected:
        format.setBackground(theme.rejectedMark);
        break;
    case TextMark::Kind::CommonPrefix:
        format.setForeground(theme.textMuted);
        break;
    case TextMark::Kind::SearchHit:
        format.setBackground(theme.warningBg);
        break;
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
            if (isUtf8Continuation(m_utf8[m_byte])) continue;
            m_position += static_cast<unsigned char>(m_utf8[m_byte]) >= 0xF0 ? 2 : 1;
        }
        return m_position;
    }

private:
    const std::string& m_utf8;
    std::size_t m_byte = 0;
    int m_position = 0;
};

/// True if every line ends as in files of Windows.
bool hasOnlyCrLf(const std::string& text)
{
    std::size_t ends = 0;
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1), ++ends)
        if (at == 0 || text[at - 1] != '\r') return false;
    return ends > 0;
}

}  // namespace

PairText::PairText(QWidget* parent) : QTextEdit(parent)
{
    setProperty("role", QStringLiteral("reading"));
    setAcceptRichText(false);
    setTabChangesFocus(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
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
    document()->setModified(false);
}

std::string PairText::text() const
{
    // The document has forgotten what the ends of lines were: what nobody edited is not taken from it.
    if (!document()->isModified()) return m_text;
    // Not toPlainText(), which replaces no-break spaces and line separators, too.
    QString text = document()->toRawText();
    text.replace(QChar::ParagraphSeparator, hasOnlyCrLf(m_text) ? QStringLiteral("\r\n") : QStringLiteral("\n"));
    return text.toStdString();
}

void PairText::applyMarks()
{
    if (m_isMarking) return;
    m_isMarking = true;
    // Looks are no edit.
    const bool wasModified = document()->isModified();
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    cursor.select(QTextCursor::Document);
    QTextBlockFormat block;
    // Proportional means of the font's own line, which is more than its size.
    const QFontMetricsF metrics(font());
    block.setLineHeight(kLineHeight * font().pixelSize() / metrics.height(), QTextBlockFormat::ProportionalHeight);
    cursor.mergeBlockFormat(block);
    cursor.setCharFormat({});
    m_ranges.clear();
    if (isReadOnly()) {
        Positions positions(m_text);
        for (const TextMark& mark : m_marks) {
            const int begin = positions.of(mark.begin);
            m_ranges.emplace_back(begin, positions.of(mark.end));
            cursor.setPosition(begin);
            cursor.setPosition(m_ranges.back().second, QTextCursor::KeepAnchor);
            cursor.mergeCharFormat(formatOf(mark.kind));
        }
    }
    cursor.endEditBlock();
    document()->clearUndoRedoStacks();
    document()->setModified(wasModified);
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

bool PairText::event(QEvent* event)
{
    // Qt keeps letters for text that can be selected by keyboard; where nothing can be typed they belong to buttons.
    if (event->type() == QEvent::ShortcutOverride && !isEditable()) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (!key->text().isEmpty() && key->text().front().isPrint() && !(key->modifiers() & ~Qt::ShiftModifier)) {
            event->ignore();
            return false;
        }
    }
    return QTextEdit::event(event);
}

void PairText::keyPressEvent(QKeyEvent* event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEditable() && isEnter && event->modifiers().testFlag(Qt::ControlModifier))
        Q_EMIT editAccepted();
    else if (isEditable() && event->key() == Qt::Key_Escape)
        Q_EMIT editGivenUp();
    // Qt would take it for a line separator, which no other program makes of Shift+Enter in a plain text.
    else if (isEditable() && isEnter && event->modifiers().testFlag(Qt::ShiftModifier)) {
        textCursor().insertBlock();
        ensureCursorVisible();
    } else
        QTextEdit::keyPressEvent(event);
}

void PairText::changeEvent(QEvent* event)
{
    QTextEdit::changeEvent(event);
    // Colours and sizes are in the document: they are set anew. Not while somebody edits, who has no marks anyway.
    const bool isThemed = event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange;
    if (isThemed && isReadOnly()) applyMarks();
}

void PairText::resizeEvent(QResizeEvent* event)
{
    QTextEdit::resizeEvent(event);
    const int spare = std::max(0, contentsRect().width() - currentTheme().px(kWidest));
    if (spare != viewportMargins().right()) setViewportMargins(0, 0, spare, 0);
}

void PairText::paintEvent(QPaintEvent* event)
{
    QTextEdit::paintEvent(event);
    QPainter painter(viewport());
    painter.translate(-horizontalScrollBar()->value(), -verticalScrollBar()->value());
    const int first = cursorForPosition({0, 0}).position();
    const int last = cursorForPosition({viewport()->width(), viewport()->height()}).position();
    for (std::size_t i = 0; i < m_ranges.size(); ++i)
        if (m_ranges[i].first <= last && m_ranges[i].second >= first) drawMark(painter, m_marks[i], m_ranges[i]);
}

void PairText::drawMark(QPainter& painter, const TextMark& mark, const std::pair<int, int>& range) const
{
    const Theme& theme = currentTheme();
    if (mark.kind == TextMark::Kind::CommonPrefix) return;
    for (QTextBlock block = document()->findBlock(range.first); block.isValid() && block.position() < range.second;
         block = block.next()) {
        const QPointF corner = document()->documentLayout()->blockBoundingRect(block).topLeft();
        for (int i = 0; i < block.layout()->lineCount(); ++i) {
            const QTextLine line = block.layout()->lineAt(i);
            const int begin = std::max(range.first - block.position(), line.textStart());
            const int end = std::min(range.second - block.position(), line.textStart() + line.textLength());
            if (begin >= end) continue;
            const qreal left = corner.x() + line.cursorToX(begin), right = corner.x() + line.cursorToX(end);
            const qreal base = corner.y() + line.y() + line.ascent();
            if (mark.kind == TextMark::Kind::SearchHit) {
                const QFontMetricsF metrics(font());
                painter.setPen(theme.warning);
                painter.drawRoundedRect(
                    QRectF(left - 0.5, base - metrics.ascent() - 0.5, right - left, metrics.height() + 1), 2, 2);
                continue;
            }
            const bool isChosen = mark.kind == TextMark::Kind::OnlyChosen;
            painter.setPen(
                QPen(isChosen ? theme.chosen : theme.rejected, 2, isChosen ? Qt::SolidLine : Qt::DotLine, Qt::FlatCap));
            painter.drawLine(QPointF(left, base + 4), QPointF(right, base + 4));
        }
    }
}

TurnsView::TurnsView(QWidget* parent) : QWidget(parent)
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(currentTheme().px(14), currentTheme().px(8), currentTheme().px(14), currentTheme().px(8));
    grid->setHorizontalSpacing(currentTheme().px(10));
    grid->setVerticalSpacing(currentTheme().px(8));
    grid->setColumnMinimumWidth(0, currentTheme().px(72));
    // Texts stop growing at 720 pixels; what is left over goes to their right.
    grid->setColumnStretch(1, 100);
    grid->setColumnStretch(2, 1);
    grid->setRowStretch(100, 1);
}

QString roleName(const std::string& role)
{
    if (role == "user") return TurnsView::tr("Person");
    if (role == "prompt") return TurnsView::tr("Prompt");  // a text as it is, whoever speaks in it
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
        const bool isEarlierAnswer = m_turns[i].role == "assistant";
        QLabel* text =
            makeLabel(QString::fromStdString(m_turns[i].content), "reading", isEarlierAnswer ? "secondary" : "");
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
