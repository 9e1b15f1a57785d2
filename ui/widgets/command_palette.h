// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl+K: every command of the window by name.
#pragma once

#include <QFrame>
#include <QList>
#include <QPointer>

#include <functional>

class QLineEdit;
class QListWidget;

namespace preflab {

/// One thing that can be done.
struct PaletteCommand {
    QString text;
    QString key;  ///< portable; may be empty
    std::function<void()> run;
};

/// A panel over the window: type to narrow, arrows and Enter to choose, Esc to leave.
class CommandPalette : public QFrame {
    Q_OBJECT

public:
    explicit CommandPalette(QWidget* window);
    void setCommands(const QList<PaletteCommand>& commands);
    void open();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void narrow(const QString& text);
    void runCurrent();

    QList<PaletteCommand> m_commands;
    QLineEdit* m_field;
    QListWidget* m_list;
    QPointer<QWidget> m_focusBefore;
};

/// True if the letters of `typed` come in `text` in that order.
bool matchesLoosely(const QString& text, const QString& typed);

}  // namespace preflab
