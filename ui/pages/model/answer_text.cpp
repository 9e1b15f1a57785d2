// SPDX-License-Identifier: GPL-3.0-or-later
// Appending with a line height.
#include "ui/pages/model/answer_text.h"

#include <QScrollBar>
#include <QTextBlockFormat>
#include <QTextCursor>

namespace preflab {

AnswerText::AnswerText(QWidget* parent) : QTextEdit(parent)
{
    setProperty("role", QStringLiteral("reading"));
    setReadOnly(true);
    setAcceptRichText(false);
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    document()->setDocumentMargin(0);
    clearText();
}

void AnswerText::clearText()
{
    clear();
    QTextBlockFormat format;
    format.setLineHeight(155, QTextBlockFormat::ProportionalHeight);
    QTextCursor(document()).setBlockFormat(format);
}

void AnswerText::append(const QString& piece)
{
    QScrollBar& bar = *verticalScrollBar();
    const bool isAtEnd = bar.value() == bar.maximum();
    QTextCursor end(document());
    end.movePosition(QTextCursor::End);
    end.insertText(piece);
    if (isAtEnd) bar.setValue(bar.maximum());
}

}  // namespace preflab
