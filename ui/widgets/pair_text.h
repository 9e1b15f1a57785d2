// SPDX-License-Identifier: GPL-3.0-or-later
// Reading texts: an answer with its marks, a dialogue turn by turn. Plain text only, whatever the data says.
#pragma once

#include "core/base/message.h"

#include <QTextEdit>

#include <utility>
#include <vector>

namespace preflab {

/// A range of a text to mark; offsets are bytes of its UTF-8.
struct TextMark {
    enum class Kind { OnlyChosen, OnlyRejected, CommonPrefix, SearchHit };
    std::size_t begin = 0;
    std::size_t end = 0;
    Kind kind = Kind::OnlyChosen;
};

/// Read-only text for reading (14 px, 155 % line height, at most 720 wide), or the same as a field to edit in place.
class PairText : public QTextEdit {
    Q_OBJECT

public:
    explicit PairText(QWidget* parent = nullptr);
    void setText(const std::string& utf8, std::vector<TextMark> marks = {});
    /// What is in it now; byte for byte what was set as long as nobody edited it. Of a text that was edited, ends of
    /// lines are "\n", or "\r\n" where all of them were.
    std::string text() const;
    void setEditable(bool isEditable);
    bool isEditable() const { return !isReadOnly(); }

Q_SIGNALS:
    /// Ctrl+Enter while it is edited, and Esc.
    void editAccepted();
    void editGivenUp();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void applyMarks();
    void drawMark(QPainter& painter, const TextMark& mark, const std::pair<int, int>& range) const;

    std::string m_text;
    std::vector<TextMark> m_marks;
    std::vector<std::pair<int, int>> m_ranges;  ///< of the marks, as positions in the document
    bool m_isMarking = false;
};

/// The turns of a prompt: role in the gutter, text at its right; long dialogues fold to the last three turns.
class TurnsView : public QWidget {
    Q_OBJECT

public:
    explicit TurnsView(QWidget* parent = nullptr);
    void setTurns(const Messages& turns);
    /// All contents, for tests and the clipboard.
    QString plainText() const;

private:
    void rebuild();

    Messages m_turns;
    bool m_isUnfolded = false;
};

/// "Person", "Assistant", "System", or the role as the data calls it.
QString roleName(const std::string& role);

}  // namespace preflab
