// SPDX-License-Identifier: GPL-3.0-or-later
// One line of a form: label, editor, help, error, and a dot where the value differs from its default.
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace preflab {

/// The label is the editor's buddy. Reset by the context menu or Ctrl+Backspace.
class FormRow : public QWidget {
    Q_OBJECT

public:
    FormRow(const QString& label, QWidget* editor, const QString& help = {}, QWidget* parent = nullptr);

    /// Another widget right of the editor: a slider's field, a unit.
    void addBeside(QWidget* widget, int stretch = 0);
    void setHelp(const QString& help);
    /// Empty: no error.
    void setError(const QString& sentence);
    QString error() const;
    void setChanged(bool isChanged);
    QString label() const;
    QWidget* editor() const { return m_editor; }

Q_SIGNALS:
    void resetWanted();

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    QWidget* m_editor;
    QLabel* m_label;
    QWidget* m_dot;
    QLabel* m_help;
    QWidget* m_errorLine;
    QLabel* m_error;
    QHBoxLayout* m_line;
};

/// A heading with a line, between groups of rows.
QWidget* makeGroupHeading(const QString& text);

}  // namespace preflab
