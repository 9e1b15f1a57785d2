// SPDX-License-Identifier: GPL-3.0-or-later
// What an export takes along.
#include "ui/pages/data/export_question.h"

#include "ui/models/data/dataset_session.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"

#include <QCheckBox>
#include <QLocale>
#include <QVBoxLayout>

namespace preflab {

ExportQuestion::ExportQuestion(QWidget* window)
    : Question(window), m_labels(new QCheckBox(tr("Labels, reasons, tags and notes as columns"))),
      m_votes(new Note(QStringLiteral("warning"))), m_choose(new Button(tr("Choose file…"), Button::Kind::Primary))
{
    setObjectName(QStringLiteral("exportQuestion"));
    m_labels->setObjectName(QStringLiteral("exportLabels"));
    m_labels->setToolTip(tr("Adds the columns label, strength, reasons, tags and note"));
    m_choose->setObjectName(QStringLiteral("chooseExportFile"));
    body().addWidget(m_labels);
    body().addWidget(m_votes);
    setWayBack(new Button(tr("Cancel")));
    addAnswer(m_choose);
    connect(m_choose, &Button::clicked, this, [this] {
        accept();
        Q_EMIT wanted(m_labels->isChecked());
    });
}

void ExportQuestion::ask(const DatasetSession& session)
{
    const VoteCounts& votes = session.votes();
    const auto rows = static_cast<int>(session.rowCount() - votes.excluded);
    const QString left = votes.excluded > 0
                             ? tr("; %1 left out").arg(QLocale().toString(static_cast<qulonglong>(votes.excluded)))
                             : QString();
    setHeading(tr("Export pairs"), tr("%Ln pair(s) are written as they are now, with your edits", nullptr, rows) +
                                       left + tr(". The ending of the file's name chooses JSONL, CSV or Parquet."));
    m_votes->setText(
        tr("%Ln vote(s) not applied; the export takes pairs as they stand.", nullptr, static_cast<int>(votes.open())));
    m_votes->setVisible(votes.open() > 0);
    open();
    m_choose->setFocus(Qt::TabFocusReason);
}

}  // namespace preflab
