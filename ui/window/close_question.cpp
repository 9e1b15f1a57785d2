// SPDX-License-Identifier: GPL-3.0-or-later
// The question before the window closes.
#include "ui/window/close_question.h"

#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QVBoxLayout>

namespace preflab {

CloseQuestion::CloseQuestion(QWidget* window)
    : QFrame(window), m_title(makeLabel({}, "heading")), m_text(makeLabel({}, "", "secondary")), m_answers(new QWidget)
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("raised"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(24), theme.px(20), theme.px(24), theme.px(20));
    layout->setSpacing(theme.px(12));
    m_text->setWordWrap(true);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    layout->addWidget(m_answers);
    auto* row = new QHBoxLayout(m_answers);
    row->setContentsMargins(0, 0, 0, 0);
    auto* keep = new Button(tr("Keep it open"));
    keep->setPrintedKey(QStringLiteral("Esc"));
    auto* finish = new Button(tr("Finish, then quit"));
    auto* save = new Button(tr("Stop and save"), Button::Kind::Primary);
    save->setObjectName(QStringLiteral("stopAndSave"));
    finish->setObjectName(QStringLiteral("finishThenQuit"));
    keep->setObjectName(QStringLiteral("keepOpen"));
    row->addWidget(keep);
    row->addStretch(1);
    row->addWidget(finish);
    row->addWidget(save);
    connect(keep, &Button::clicked, this, [this] {
        hide();
        Q_EMIT keptOpen();
    });
    connect(finish, &Button::clicked, this, &CloseQuestion::finishWanted);
    connect(save, &Button::clicked, this, &CloseQuestion::saveWanted);
    hide();
}

void CloseQuestion::ask(const QString& run, int runs)
{
    m_title->setText(runs > 1 ? tr("%n runs are not finished", nullptr, runs) : tr("%1 is not finished").arg(run));
    m_text->setText(tr("Stop and save ends it after the current step with a checkpoint. Finish, then quit closes the "
                       "window by itself when training is done."));
    m_answers->show();
    place();
    show();
    raise();
    if (auto* save = findChild<Button*>(QStringLiteral("stopAndSave"))) save->setFocus(Qt::TabFocusReason);
}

void CloseQuestion::showWaiting(const QString& text)
{
    m_title->setText(tr("PrefLab will close by itself"));
    m_text->setText(text);
    m_answers->hide();
    place();
    show();
}

void CloseQuestion::place()
{
    const int width = qMin(currentTheme().px(520), parentWidget()->width() - 40);
    m_text->setFixedWidth(width - currentTheme().px(50));
    adjustSize();
    resize(width, sizeHint().height());
    move((parentWidget()->width() - width) / 2, parentWidget()->height() / 3);
}

void CloseQuestion::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape) {
        QFrame::keyPressEvent(event);
        return;
    }
    hide();
    Q_EMIT keptOpen();
}

}  // namespace preflab
