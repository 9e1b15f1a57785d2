// SPDX-License-Identifier: GPL-3.0-or-later
// Header and tabs of the data page.
#include "ui/pages/data/data_page.h"

#include "ui/models/app/workspace.h"
#include "ui/models/data/dataset_export.h"
#include "ui/models/data/dataset_session.h"
#include "ui/pages/data/annotate_tab.h"
#include "ui/pages/data/export_question.h"
#include "ui/pages/data/pairs_tab.h"
#include "ui/pages/data/votes_question.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"

#include <QFileInfo>
#include <QLocale>
#include <QStackedWidget>

namespace preflab {

DataPage::DataPage(Workspace& workspace, FileChooser chooser, QWidget* parent)
    : Page(PageId::Data, tr("Data"), parent), m_workspace(workspace), m_chooser(std::move(chooser)),
      m_exporter(new DatasetExport(this)), m_pairs(new PairsTab(workspace)), m_annotate(new AnnotateTab(workspace)),
      m_tabs(new QStackedWidget), m_exportQuestion(new ExportQuestion(this)), m_votesQuestion(new VotesQuestion(this))
{
    m_tabs->addWidget(m_pairs);
    m_tabs->addWidget(m_annotate);
    setContent(m_tabs);
    makeHeader();
    connect(&workspace, &Workspace::datasetChanged, this, &DataPage::followSession);
    connect(&workspace, &Workspace::datasetClosing, this, &DataPage::keepTyped);
    connect(&workspace, &Workspace::modelChanged, this, &DataPage::countTokens);
    connect(m_exporter, &DatasetExport::finished, this, [this](const QString& file, quint64 rows, quint64 leftOut) {
        m_export->setEnabled(true);
        const QLocale locale;
        const QString left = leftOut > 0 ? tr(", %1 left out").arg(locale.toString(leftOut)) : QString();
        Q_EMIT toastWanted(tr("%1 pair(s) written to %2%3", nullptr, static_cast<int>(rows))
                               .arg(locale.toString(rows), QFileInfo(file).fileName(), left),
                           {}, {});
    });
    connect(m_exporter, &DatasetExport::failed, this, [this](const Error& error) {
        m_export->setEnabled(true);
        Q_EMIT failed(error);
    });
    connect(m_exportQuestion, &ExportQuestion::wanted, this, &DataPage::exportPairs);
    connect(m_votesQuestion, &VotesQuestion::wanted, this, &DataPage::applyVotes);
    connect(m_annotate, &AnnotateTab::applyWanted, this, [this] {
        if (m_workspace.dataset() != nullptr) m_votesQuestion->ask(*m_workspace.dataset());
    });
    followSession();
}

DataPage::~DataPage()
{
    // That has to be while the page is still whole.
    keepTyped();
    hide();
}

void DataPage::keepTyped()
{
    m_pairs->keepTyped();
    m_annotate->keepTyped();
}

void DataPage::makeHeader()
{
    m_datasets = new ComboBox;
    m_datasets->setObjectName(QStringLiteral("datasets"));
    m_datasets->setAccessibleName(tr("Dataset"));
    m_datasets->setProperty("dense", true);
    m_datasets->setMinimumWidth(currentTheme().px(190));
    m_datasets->setMaximumWidth(currentTheme().px(320));
    header().setContext(m_datasets);
    connect(m_datasets, &ComboBox::activated, this, &DataPage::openChosen);
    header().addTab(QStringLiteral("pairs"), tr("Pairs"));
    header().addTab(QStringLiteral("annotate"), tr("Annotate"));
    connect(&header(), &PageHeader::tabChanged, this, [this](const QString& id) {
        m_tabs->setCurrentWidget(id == QLatin1String("annotate") ? static_cast<QWidget*>(m_annotate) : m_pairs);
    });
    m_undo = new Button({}, QStringLiteral("undo"), Button::Kind::Bare);
    m_undo->setObjectName(QStringLiteral("undo"));
    m_undo->setKey(QStringLiteral("Ctrl+Z"));
    m_redo = new Button({}, QStringLiteral("redo"), Button::Kind::Bare);
    m_redo->setObjectName(QStringLiteral("redo"));
    m_redo->setKey(QStringLiteral("Ctrl+Shift+Z"));
    m_redo->setPrintedKey({});
    m_export = new Button(tr("Export"), QStringLiteral("export"));
    m_export->setObjectName(QStringLiteral("exportPairs"));
    m_train = new Button(tr("Train on these"), QStringLiteral("train"), Button::Kind::Primary);
    for (Button* button : {m_undo, m_redo, m_export, m_train}) {
        button->setDense();
        header().addAction(button);
    }
    const auto inSession = [this](void (DatasetSession::*verb)()) {
        return [this, verb] {
            if (m_workspace.dataset() != nullptr) (m_workspace.dataset()->*verb)();
        };
    };
    connect(m_undo, &Button::clicked, this, inSession(&DatasetSession::undo));
    connect(m_redo, &Button::clicked, this, inSession(&DatasetSession::redo));
    connect(m_export, &Button::clicked, this, [this] {
        if (m_workspace.dataset() != nullptr) m_exportQuestion->ask(*m_workspace.dataset());
    });
    connect(m_train, &Button::clicked, this, [this] {
        Q_EMIT wentTo({PageId::Train, QStringLiteral("setup"), {}, {}});
    });
}

void DataPage::arrive(const Destination& destination)
{
    Page::arrive(destination);
    if (destination.row) m_pairs->selectRow(*destination.row);
}

void DataPage::followSession()
{
    DatasetSession* session = m_workspace.dataset();
    m_pairs->setSession(session);
    m_annotate->setSession(session);
    showDatasets();
    showUndo();
    if (session == nullptr) return;
    connect(session, &DatasetSession::undoChanged, this, &DataPage::showUndo);
    connect(session, &DatasetSession::opened, this, [this] {
        showUndo();
        countTokens();
    });
}

void DataPage::showDatasets()
{
    m_datasets->clear();
    for (const std::filesystem::path& path : m_workspace.state().datasets)
        m_datasets->addItem(QString::fromStdString(path.filename().string()), QString::fromStdString(path.string()));
    if (m_datasets->count() > 0) m_datasets->insertSeparator(m_datasets->count());
    m_datasets->addItem(tr("Open pairs…"));
    m_datasets->setCurrentIndex(0);
}

void DataPage::openChosen(int index)
{
    const QString path = m_datasets->itemData(index).toString();
    if (!path.isEmpty()) {
        m_workspace.openDataset(path.toStdString());
        return;
    }
    m_datasets->setCurrentIndex(0);
    m_chooser(*this, FileQuestion::Pairs,
              [this](const std::filesystem::path& chosen) { m_workspace.openDataset(chosen); });
}

void DataPage::showUndo()
{
    const DatasetSession* session = m_workspace.dataset();
    const bool isOpen = session != nullptr && session->phase() == DatasetSession::Phase::Open;
    const QString undo = isOpen ? session->undoText() : QString();
    const QString redo = isOpen ? session->redoText() : QString();
    m_undo->setEnabled(!undo.isEmpty());
    m_redo->setEnabled(!redo.isEmpty());
    m_undo->setToolTip(undo.isEmpty() ? tr("Nothing to undo") : tr("Undo: %1").arg(undo));
    m_redo->setToolTip(redo.isEmpty() ? tr("Nothing to redo") : tr("Redo: %1 (Ctrl+Shift+Z)").arg(redo));
    m_undo->setAccessibleName(m_undo->toolTip());
    m_redo->setAccessibleName(m_redo->toolTip());
    m_export->setEnabled(isOpen && !m_exporter->isRunning());
    m_train->setEnabled(isOpen);
    m_train->setToolTip(isOpen ? tr("Set up training on these pairs") : tr("Open pairs first"));
}

void DataPage::countTokens()
{
    DatasetSession* session = m_workspace.dataset();
    if (session == nullptr || !m_workspace.model()) return;
    TokenRequest request;
    request.modelFolder = m_workspace.modelPath();
    session->countTokens(request);
}

void DataPage::exportPairs(bool areLabelsWritten)
{
    m_chooser(*this, FileQuestion::ExportTarget, [this, areLabelsWritten](const std::filesystem::path& target) {
        if (m_workspace.dataset() == nullptr) return;
        m_export->setEnabled(false);
        m_exporter->start(*m_workspace.dataset(), target, areLabelsWritten);
    });
}

void DataPage::applyVotes(const VoteRules& rules)
{
    if (DatasetSession* session = m_workspace.dataset()) session->acceptVotes(rules);
}

}  // namespace preflab
