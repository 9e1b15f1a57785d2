// SPDX-License-Identifier: GPL-3.0-or-later
// Wiring of table, pair and facts to the session.
#include "ui/pages/data/pairs_tab.h"

#include "ui/models/app/app_settings.h"
#include "ui/models/app/background.h"
#include "ui/models/app/error_text.h"
#include "ui/models/app/workspace.h"
#include "ui/models/data/dataset_table_model.h"
#include "ui/models/data/findings_text.h"
#include "ui/pages/data/data_toolbar.h"
#include "ui/pages/data/pair_facts.h"
#include "ui/pages/data/pair_view.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/side_panel.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QSplitter>
#include <QVBoxLayout>

namespace preflab {

PairsTab::PairsTab(Workspace& workspace, QWidget* parent)
    : QWidget(parent), m_workspace(workspace), m_toolbar(new DataToolbar),
      m_findings(new Note(QStringLiteral("warning"))), m_table(new TableView), m_facts(new PairFacts),
      m_split(new QSplitter(Qt::Vertical))
{
    m_table->setObjectName(QStringLiteral("pairTable"));
    m_table->setAccessibleName(tr("Pairs"));
    m_state = new StateView(m_table);
    m_state->setObjectName(QStringLiteral("pairState"));
    m_split->setHandleWidth(5);
    m_split->setChildrenCollapsible(false);
    m_split->addWidget(m_state);
    m_split->addWidget(makePair());
    m_split->setStretchFactor(0, 2);
    m_split->setStretchFactor(1, 3);
    m_split->setSizes({currentTheme().px(280), currentTheme().px(400)});
    m_split->restoreState(workspace.settings().layout(QStringLiteral("pairs")));
    connect(m_split, &QSplitter::splitterMoved, this,
            [this] { m_workspace.settings().setLayout(QStringLiteral("pairs"), m_split->saveState()); });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_toolbar);
    m_findingsRow = new QWidget;
    auto* noteRow = new QVBoxLayout(m_findingsRow);
    noteRow->setContentsMargins(currentTheme().px(16), currentTheme().px(6), currentTheme().px(16),
                                currentTheme().px(6));
    noteRow->addWidget(m_findings);
    m_findingsRow->hide();
    layout->addWidget(m_findingsRow);
    layout->addWidget(m_split, 1);
    connect(m_toolbar, &DataToolbar::changed, this, &PairsTab::applyQuery);
    connect(&workspace, &Workspace::maxLengthChanged, this, &PairsTab::showCurrentPair);
    connect(m_table->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, &PairsTab::applyQuery);
    m_table->setCellKind(DatasetTableModel::Flags, CellKind::Badges);
    m_table->setCellKind(DatasetTableModel::LengthGap, CellKind::Gap);
    for (const int column :
         {DatasetTableModel::Number, DatasetTableModel::Turns, DatasetTableModel::PromptLength,
          DatasetTableModel::ChosenLength, DatasetTableModel::RejectedLength, DatasetTableModel::Similarity})
        m_table->setCellKind(column, CellKind::Number);
    m_table->setBadgeTone(DatasetTableModel::flagText(RowFlag::LengthGap), QStringLiteral("warning"));
    m_table->setBadgeTone(DatasetTableModel::flagText(RowFlag::IdenticalSides), QStringLiteral("danger"));
    m_table->setBadgeTone(DatasetTableModel::flagText(RowFlag::EmptySide), QStringLiteral("danger"));
    showState();
}

QWidget* PairsTab::makePair()
{
    m_pair = new PairView;
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_pair, 1);
    auto* aboutPair = new Button(tr("About this pair"), QStringLiteral("info"), Button::Kind::Bare);
    aboutPair->setDense();
    aboutPair->setToolTip(tr("Findings, tokens, label, tags and note"));
    column->addWidget(makeActions(*aboutPair));
    auto* both = new QWidget;
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(left, 1);
    new SidePanel(*both, *row, *m_pair, *m_facts, *aboutPair);
    connect(m_pair, &PairView::previousWanted, this, [this] { step(-1); });
    connect(m_pair, &PairView::nextWanted, this, [this] { step(1); });
    connect(m_pair, &PairView::diffUnitChanged, this, &PairsTab::showCurrentPair);
    connect(m_pair, &PairView::edited, this, [this](std::uint32_t number, const Row& after) {
        if (m_session) m_session->edit(number, after);
    });
    connect(m_pair, &PairView::swapWanted, this, [this](std::uint32_t number) {
        if (m_session) m_session->swapSides({number});
    });
    connect(m_facts, &PairFacts::tagAdded, this, [this](std::uint32_t number, const QString& tag) {
        if (m_session) m_session->addTag({number}, tag);
    });
    connect(m_facts, &PairFacts::tagRemoved, this, [this](std::uint32_t number, const QString& tag) {
        if (m_session) m_session->removeTag({number}, tag);
    });
    connect(m_facts, &PairFacts::noteWanted, this, [this](std::uint32_t number, const QString& note) {
        if (m_session) m_session->setNote(number, note);
    });
    return both;
}

QWidget* PairsTab::makeActions(QWidget& last)
{
    const Theme& theme = currentTheme();
    auto* bar = new QFrame;
    bar->setProperty("role", QStringLiteral("footer"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(theme.px(16), theme.px(5), theme.px(16), theme.px(5));
    const auto add = [&](const QString& text, const QString& icon, const QString& key, const char* name, auto&& act) {
        auto* button = new Button(text, icon, Button::Kind::Bare);
        button->setObjectName(QLatin1String(name));
        button->setDense();
        button->setKey(key);
        connect(button, &Button::clicked, this, act);
        row->addWidget(button);
        return button;
    };
    const auto voteAs = [this](Vote vote) {
        return [this, vote] {
            // What is on the screen is the pair before until the selected one was read.
            if (m_session && m_pair->isCurrent())
                m_session->vote(*m_session->currentRow(), VoteRecord{vote, false, false});
        };
    };
    m_votes = {
        add(tr("Agree"), QStringLiteral("check"), QStringLiteral("A"), "agree", voteAs(Vote::ChosenBetter)),
        add(tr("Disagree"), QStringLiteral("swap"), QStringLiteral("X"), "disagree", voteAs(Vote::RejectedBetter)),
        add(tr("Tie"), QStringLiteral("compare"), QStringLiteral("0"), "tie", voteAs(Vote::Tie))};
    add(tr("Leave out"), QStringLiteral("exclude"), QStringLiteral("Del"), "leaveOut", [this] {
        if (!m_session) return;
        std::vector<std::uint32_t> in, out;
        for (const std::uint32_t number : selectedRows())
            (m_session->stateOf(number).isExcluded ? out : in).push_back(number);
        if (!in.empty())
            m_session->exclude(in);
        else if (!out.empty())
            m_session->restore(out);
    });
    row->addStretch(1);
    row->addWidget(&last);
    return bar;
}

void PairsTab::setSession(DatasetSession* session)
{
    if (m_session) m_session->disconnect(this);
    m_pair->clear();
    m_facts->clear();
    ++m_pairGeneration;
    m_session = session;
    m_findingsRow->hide();
    if (session != nullptr) connectSession();
    showState();
}

void PairsTab::keepTyped()
{
    m_pair->keepTyped();
    m_facts->keepTyped();
}

void PairsTab::hideEvent(QHideEvent* event)
{
    // Whoever goes on to train or to vote means the pair as it was typed.
    keepTyped();
    QWidget::hideEvent(event);
}

void PairsTab::connectSession()
{
    m_table->setModel(m_session->table());
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PairsTab::takeSelection);
    connect(m_session, &DatasetSession::opened, this, [this] {
        showFindings();
        applyQuery();
        showState();
    });
    connect(m_session, &DatasetSession::failed, this, &PairsTab::showState);
    connect(m_session, &DatasetSession::progressChanged, this,
            [this](const QString& phase, quint64 done, quint64 total) {
                if (!m_session || m_session->phase() != DatasetSession::Phase::Opening || m_session->view()) return;
                const QLocale locale;
                m_state->showLoading(
                    total > 0 ? tr("%1: %2 of %3").arg(phase, locale.toString(done), locale.toString(total)) : phase,
                    [this] {
                        if (m_session) m_session->cancelOpening();
                    });
            });
    connect(m_session, &DatasetSession::viewChanged, this, [this] {
        showState();
        followCurrentRow();
    });
    connect(m_session, &DatasetSession::queryFailed, this,
            [this](const Error& error) { m_toolbar->setError(errorText(error)); });
    connect(m_session, &DatasetSession::currentRowChanged, this, [this] {
        followCurrentRow();
        showCurrentPair();
    });
    connect(m_session, &DatasetSession::rowChanged, this, [this](quint32 row) {
        if (m_session && m_session->currentRow() == row) showCurrentPair();
    });
    connect(m_session, &DatasetSession::tokenCountsChanged, this, &PairsTab::showCurrentPair);
    setUpColumns();
    if (m_session->phase() == DatasetSession::Phase::Open) showFindings();
}

void PairsTab::setUpColumns()
{
    QHeaderView* header = m_table->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Interactive);
    m_table->setColumnWidths({{DatasetTableModel::Number, 64},
                              {DatasetTableModel::Turns, 60},
                              {DatasetTableModel::PromptLength, 74},
                              {DatasetTableModel::ChosenLength, 78},
                              {DatasetTableModel::RejectedLength, 84},
                              {DatasetTableModel::LengthGap, 126},
                              {DatasetTableModel::Similarity, 74},
                              {DatasetTableModel::Flags, 150},
                              {DatasetTableModel::Label, 104}});
    header->setSectionResizeMode(DatasetTableModel::Prompt, QHeaderView::Stretch);
    header->setSortIndicator(DatasetTableModel::Number, Qt::AscendingOrder);
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(true);
}

void PairsTab::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    // The prompt is what tells pairs apart: in a narrow window it gets the room of what is looked at least.
    constexpr int kNarrow = 1000;  // design pixels, without room for all columns
    const bool isNarrow = width() < currentTheme().px(kNarrow);
    for (const int column : {DatasetTableModel::Turns, DatasetTableModel::PromptLength, DatasetTableModel::Similarity})
        m_table->setColumnHidden(column, isNarrow);
}

void PairsTab::applyQuery()
{
    if (!m_session || m_session->phase() != DatasetSession::Phase::Open) return;
    m_toolbar->setError({});
    ViewQuery query = m_toolbar->applied(m_session->query());
    const QHeaderView* header = m_table->horizontalHeader();
    query.sort = DatasetTableModel::viewColumnOf(header->sortIndicatorSection());
    query.order = header->sortIndicatorOrder() == Qt::AscendingOrder ? ViewOrder::Ascending : ViewOrder::Descending;
    if (!(query == m_session->query()) || !m_session->view()) m_session->setQuery(query);
}

void PairsTab::showState()
{
    if (!m_session) {
        m_state->showEmpty(
            QStringLiteral("data"), tr("No pairs are open"),
            tr("Open a file of chosen and rejected answers: JSONL, JSON, CSV or Parquet. Or drop it here."));
        return;
    }
    if (m_session->phase() == DatasetSession::Phase::Failed) {
        m_state->showError(tr("This file cannot be read"), *m_session->error(),
                           {tr("Try again"), [this] { m_workspace.openDataset(m_session->path()); }});
        return;
    }
    if (m_session->phase() == DatasetSession::Phase::Opening || !m_session->view()) {
        m_state->showLoading(tr("Reading rows"), [this] {
            if (m_session) m_session->cancelOpening();
        });
        return;
    }
    m_toolbar->setCount(m_session->view()->size(), m_session->rowCount());
    if (m_session->view()->size() > 0) {
        m_state->showContent();
        return;
    }
    m_state->showEmpty(
        QStringLiteral("filter"), tr("No pairs match"),
        tr("%1 leave none of %2.").arg(m_toolbar->filterText(), QLocale().toString(m_session->rowCount())),
        {tr("Clear filters"), [this] { m_toolbar->clearFilters(); }});
}

void PairsTab::showFindings()
{
    const Findings& findings = m_session->dataset()->findings;
    m_findings->clearButtons();
    const QString text = findingsText(*m_session);
    m_findingsRow->setVisible(!text.isEmpty());
    if (text.isEmpty()) return;
    m_findings->setText(text);
    std::uint8_t flags = findings.identicalSides > 0 ? static_cast<std::uint8_t>(RowFlag::IdenticalSides) : 0;
    if (findings.emptySides > 0)
        flags = static_cast<std::uint8_t>(flags | static_cast<std::uint8_t>(RowFlag::EmptySide));
    if (flags != 0) m_findings->addButton(tr("Show rows"), [this, flags] { m_toolbar->setFlags(flags); });
}

std::vector<std::uint32_t> PairsTab::selectedRows() const
{
    std::vector<std::uint32_t> rows;
    if (!m_session || m_table->selectionModel() == nullptr) return rows;
    const QModelIndexList selected = m_table->selectionModel()->selectedRows();
    for (const QModelIndex& index : selected)
        if (const auto row = m_session->table()->rowAt(index.row())) rows.push_back(*row);
    return rows;
}

void PairsTab::takeSelection()
{
    if (m_isSelecting || !m_session) return;
    const QModelIndex current = m_table->selectionModel()->currentIndex();
    if (current.isValid()) m_session->setCurrentRow(m_session->table()->rowAt(current.row()));
}

void PairsTab::followCurrentRow()
{
    if (!m_session || !m_session->view() || m_session->view()->size() == 0) return;
    if (!m_session->currentRow()) {
        m_session->setCurrentRow(m_session->table()->rowAt(0));
        return;
    }
    const int position = m_session->table()->positionOf(*m_session->currentRow());
    if (position < 0) return;
    m_isSelecting = true;
    if (m_table->currentIndex().row() != position || !m_table->selectionModel()->hasSelection()) {
        // Not selectRow: it asks the keyboard for modifiers, which have no say here.
        const QModelIndex index = m_session->table()->index(position, 0);
        m_table->selectionModel()->setCurrentIndex(index,
                                                   QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        m_table->scrollTo(index);
    }
    m_isSelecting = false;
}

void PairsTab::selectRow(std::uint32_t row)
{
    if (m_session) m_session->setCurrentRow(row);
}

void PairsTab::step(int by)
{
    if (!m_session || !m_session->currentRow()) return;
    const int position = m_session->table()->positionOf(*m_session->currentRow()) + by;
    if (const auto row = m_session->table()->rowAt(position)) m_session->setCurrentRow(*row);
}

std::optional<TokenLengths> PairsTab::tokensOf(std::uint32_t row) const
{
    const TokenLengths* lengths = m_session->inputs().tokenLengths(row);
    return lengths != nullptr ? std::optional(*lengths) : std::nullopt;
}

void PairsTab::showCurrentPair()
{
    const quint64 generation = ++m_pairGeneration;
    if (!m_session || !m_session->currentRow()) {
        m_pair->clear();
        m_facts->clear();
        return;
    }
    const std::uint32_t row = *m_session->currentRow();
    m_pair->expect(row);
    whenDone(m_session->pair(row, m_pair->diffUnit().value_or(DiffUnit::Words)), this,
             [this, generation, row](const Result<PairDetails>& pair) {
                 if (generation != m_pairGeneration || !m_session) return;
                 if (!pair) return showUnreadable(row, pair.error());
                 const auto tokens = tokensOf(row);
                 m_pair->showPair(*pair, m_toolbar->search(), tokens);
                 m_facts->show(*pair, m_session->stateOf(row), tokens, m_workspace.maxLength());
                 for (Button* button : std::as_const(m_votes)) button->setEnabled(true);
             });
}

void PairsTab::showUnreadable(std::uint32_t row, const Error& error)
{
    // Asked for before the dataset was open: it is asked for again.
    if (error.code == ErrorCode::Cancelled) return;
    m_pair->showUnreadable(row, m_session->inputs().source->sourceNumber(row), error, [this] {
        if (m_session) m_workspace.openDataset(m_session->path());
    });
    if (m_pair->isCurrent()) return;
    m_facts->clear();
    for (Button* button : std::as_const(m_votes)) button->setEnabled(false);
}

}  // namespace preflab
