// SPDX-License-Identifier: GPL-3.0-or-later
// Narrowing and running commands.
#include "ui/widgets/command_palette.h"

#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/paint.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace preflab {
namespace {

constexpr int kKeyRole = Qt::UserRole + 1;

/// A command's name, and its key at the right.
class CommandDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const QString key = index.data(kKeyRole).toString();
        if (key.isEmpty() || !Button::areKeysShown()) return;
        const QString text = keyText(key);
        const int left = option.rect.right() - keyCapWidth(text) - currentTheme().px(8);
        drawKeyCap(*painter, QRect(left, option.rect.top(), keyCapWidth(text), option.rect.height()), text);
    }
};

}  // namespace

bool matchesLoosely(const QString& text, const QString& typed)
{
    qsizetype at = 0;
    for (const QChar letter : typed) {
        if (letter.isSpace()) continue;
        at = text.indexOf(letter, at, Qt::CaseInsensitive);
        if (at < 0) return false;
        ++at;
    }
    return true;
}

CommandPalette::CommandPalette(QWidget* window) : QFrame(window), m_field(new QLineEdit), m_list(new QListWidget)
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("raised"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(8), theme.px(8), theme.px(8), theme.px(8));
    m_field->setPlaceholderText(tr("What do you want to do?"));
    m_field->setAccessibleName(tr("Command"));
    m_list->setAccessibleName(tr("Commands"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setItemDelegate(new CommandDelegate(m_list));
    layout->addWidget(m_field);
    layout->addWidget(m_list);
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::narrow);
    connect(m_list, &QListWidget::itemClicked, this, [this] { runCurrent(); });
    hide();
}

void CommandPalette::setCommands(const QList<PaletteCommand>& commands)
{
    m_commands = commands;
}

void CommandPalette::open()
{
    const Theme& theme = currentTheme();
    m_focusBefore = QApplication::focusWidget();
    const int width = std::min(theme.px(560), parentWidget()->width() - theme.px(40));
    setGeometry((parentWidget()->width() - width) / 2, theme.px(80), width, theme.px(360));
    m_field->clear();
    narrow({});
    show();
    raise();
    m_field->setFocus();
}

void CommandPalette::narrow(const QString& text)
{
    m_list->clear();
    for (qsizetype i = 0; i < m_commands.size(); ++i) {
        if (!matchesLoosely(m_commands[i].text, text)) continue;
        auto* item = new QListWidgetItem(m_commands[i].text);
        item->setData(Qt::UserRole, i);
        item->setData(kKeyRole, m_commands[i].key);
        item->setData(Qt::AccessibleDescriptionRole, m_commands[i].key);
        m_list->addItem(item);
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::runCurrent()
{
    const QListWidgetItem* item = m_list->currentItem();
    hide();
    if (m_focusBefore != nullptr) m_focusBefore->setFocus();
    if (item != nullptr) m_commands[item->data(Qt::UserRole).toLongLong()].run();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_field) return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut) hide();
    if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Escape) {
        hide();
        if (m_focusBefore != nullptr) m_focusBefore->setFocus();
    } else if (key == Qt::Key_Down || key == Qt::Key_Up) {
        const int next = m_list->currentRow() + (key == Qt::Key_Down ? 1 : -1);
        if (next >= 0 && next < m_list->count()) m_list->setCurrentRow(next);
    } else if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        runCurrent();
    } else {
        return false;
    }
    return true;
}

}  // namespace preflab
