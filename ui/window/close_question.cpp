// SPDX-License-Identifier: GPL-3.0-or-later
// The question before the window closes or another project opens.
#include "ui/window/close_question.h"

#include "ui/widgets/button.h"

namespace preflab {

CloseQuestion::CloseQuestion(QWidget* window)
    : Question(window), m_keep(new Button(QString())), m_finish(new Button(QString())),
      m_save(new Button(tr("Stop and save"), Button::Kind::Primary))
{
    showPurpose(Purpose::Quit);
    m_save->setObjectName(QStringLiteral("stopAndSave"));
    m_finish->setObjectName(QStringLiteral("finishThenQuit"));
    m_keep->setObjectName(QStringLiteral("keepOpen"));
    setWayBack(m_keep);
    addAnswer(m_finish);
    addAnswer(m_save);
    connect(this, &QDialog::rejected, this, &CloseQuestion::kept);
    connect(m_finish, &Button::clicked, this, &CloseQuestion::finishWanted);
    connect(m_save, &Button::clicked, this, &CloseQuestion::saveWanted);
}

void CloseQuestion::ask(const QString& run, int runs, Purpose purpose)
{
    const bool isQuitting = purpose == Purpose::Quit;
    showPurpose(purpose);
    setHeading(runs > 1 ? tr("%n runs are not finished", nullptr, runs) : tr("%1 is not finished").arg(run),
               isQuitting ? tr("Stop and save ends it after the current step with a checkpoint. Finish, then quit "
                               "closes the window by itself when training is done.")
                          : tr("Another project is opened once nothing trains in this one. Stop and save ends it after "
                               "the current step with a checkpoint. Finish, then open waits until training is done."));
    for (Button* answer : {m_finish, m_save}) answer->show();
    hide();
    open();
    m_save->setFocus(Qt::TabFocusReason);
}

void CloseQuestion::showWaiting(Purpose purpose, bool isSaving)
{
    const bool isQuitting = purpose == Purpose::Quit;
    showPurpose(purpose);
    setHeading(isQuitting ? tr("PrefLab will close by itself") : tr("The other project will open by itself"),
               isSaving     ? tr("The current step is being finished and saved.")
               : isQuitting ? tr("Training goes on. The window closes when it is finished.")
                            : tr("Training goes on. The other project opens when it is finished."));
    for (Button* answer : {m_finish, m_save}) answer->hide();
    hide();  // a dialog that is shown keeps the modality it has
    setWindowModality(Qt::NonModal);
    show();
    m_keep->setFocus(Qt::TabFocusReason);
}

void CloseQuestion::showPurpose(Purpose purpose)
{
    const bool isQuitting = purpose == Purpose::Quit;
    m_keep->setText(isQuitting ? tr("Keep it open") : tr("Stay in this project"));
    m_finish->setText(isQuitting ? tr("Finish, then quit") : tr("Finish, then open"));
}

}  // namespace preflab
