// SPDX-License-Identifier: GPL-3.0-or-later
// The question before the window closes or another project opens.
#include "ui/window/close_question.h"

#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QVBoxLayout>

namespace preflab {

CloseQuestion::CloseQuestion(QWidget* window)
    : QFrame(window), m_title(makeLabel({}, "heading")), m_text(makeLabel({}, "", "secondary")),
      m_keep(new Button(QString())), m_finish(new Button(QString())),
      m_save(new Button(tr("Stop and save"), Button::Kind::Primary))
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("raised"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(24), theme.px(20), theme.px(24), theme.px(20));
    layout->setSpacing(theme.px(12));
    m_text->setWordWrap(true);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    auto* row = new QHBoxLayout;
    layout->addLayout(row);
    showPurpose(Purpose::Quit);
    m_keep->setPrintedKey(QStringLiteral("Esc"));
    m_save->setObjectName(QStringLiteral("stopAndSave"));
    m_finish->setObjectName(QStringLiteral("finishThenQuit"));
    m_keep->setObjectName(QStringLiteral("keepOpen"));
    row->addWidget(m_keep);
    row->addStretch(1);
    row->addWidget(m_finish);
    row->addWidget(m_save);
    connect(m_keep, &Button::clicked, this, [this] {
        hide();
        Q_EMIT kept();
    });
    connect(m_finish, &Button::clicked, this, &CloseQuestion::finishWanted);
    connect(m_save, &Button::clicked, this, &CloseQuestion::saveWanted);
    hide();
}

void CloseQuestion::ask(const QString& run, int runs, Purpose purpose)
{
    const bool isQuitting = purpose == Purpose::Quit;
    showPurpose(purpose);
    m_title->setText(runs > 1 ? tr("%n runs are not finished", nullptr, runs) : tr("%1 is not finished").arg(run));
    m_text->setText(isQuitting
                        ? tr("Stop and save ends it after the current step with a checkpoint. Finish, then quit "
                             "closes the window by itself when training is done.")
                        : tr("Another project is opened once nothing trains in this one. Stop and save ends it after "
                             "the current step with a checkpoint. Finish, then open waits until training is done."));
    for (Button* answer : {m_finish, m_save}) answer->show();
    place();
    show();
    raise();
    m_save->setFocus(Qt::TabFocusReason);
}

void CloseQuestion::showWaiting(Purpose purpose, bool isSaving)
{
    const bool isQuitting = purpose == Purpose::Quit;
    showPurpose(purpose);
    m_title->setText(isQuitting ? tr("PrefLab will close by itself") : tr("The other project will open by itself"));
    m_text->setText(isSaving     ? tr("The current step is being finished and saved.")
                    : isQuitting ? tr("Training goes on. The window closes when it is finished.")
                                 : tr("Training goes on. The other project opens when it is finished."));
    for (Button* answer : {m_finish, m_save}) answer->hide();
    place();
    show();
    m_keep->setFocus(Qt::TabFocusReason);
}

void CloseQuestion::showPurpose(Purpose purpose)
{
    const bool isQuitting = purpose == Purpose::Quit;
    m_keep->setText(isQuitting ? tr("Keep it open") : tr("Stay in this project"));
    m_finish->setText(isQuitting ? tr("Finish, then quit") : tr("Finish, then open"));
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
    auto* focused = qobject_cast<Button*>(focusWidget());
    if (event->key() == Qt::Key_Escape)
        m_keep->click();
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && focused != nullptr)
        focused->click();
    else
        QFrame::keyPressEvent(event);
}

}  // namespace preflab
