// SPDX-License-Identifier: GPL-3.0-or-later
// Table, toolbar, note.
#include "ui/pages/runs/runs_list.h"

#include "ui/models/app/number_text.h"
#include "ui/models/runs/runs_model.h"
#include "ui/pages/runs/runs_proxy.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/side_panel.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QShortcut>
#include <QVBoxLayout>

namespace preflab {

RunsList::RunsList(RunCenter& center, QWidget* parent)
    : QFrame(parent), m_center(center), m_proxy(new RunsProxy(this)), m_table(new TableView), m_state(nullptr)
{
    auto* content = new QWidget;
    auto* row = new QHBoxLayout(content);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_table, 1);
    m_about = new Button(tr("About this run"), QStringLiteral("info"), Button::Kind::Bare);
    m_about->setToolTip(tr("Its figures and your note"));
    new SidePanel(*content, *row, *m_table, *makeSide(), *m_about);
    m_state = new StateView(content);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeToolbar());
    layout->addWidget(m_state, 1);
    makeTable();
    connect(&m_center, &RunCenter::listChanged, this, &RunsList::updateState);
    updateState();
}

QWidget* RunsList::makeToolbar()
{
    const Theme& theme = currentTheme();
    auto* bar = new QFrame;
    bar->setProperty("role", QStringLiteral("toolbar"));
    bar->setFixedHeight(theme.px(44));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(theme.px(16), 0, theme.px(16), 0);
    row->setSpacing(theme.px(8));
    m_filter = new QLineEdit;
    m_filter->setProperty("dense", true);
    m_filter->setPlaceholderText(tr("Filter by name, method, outcome or note"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(theme.px(340));
    auto* label = makeLabel(tr("Fi&lter"), "small", "secondary");
    label->setBuddy(m_filter);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_proxy->setWords(words);
        updateState();
    });
    auto* find = new QShortcut(QKeySequence::Find, this);
    connect(find, &QShortcut::activated, m_filter, qOverload<>(&QWidget::setFocus));
    m_open = new Button(tr("Open"));
    m_open->setPrintedKey(QStringLiteral("Enter"));
    m_rename = new Button(tr("Rename"));
    m_rename->setKey(QStringLiteral("F2"));
    m_compare = new Button(tr("Compare"), QStringLiteral("compare"));
    m_remove = new Button(tr("Delete"));
    m_remove->setPrintedKey(QStringLiteral("Del"));
    row->addWidget(label);
    row->addWidget(m_filter, 1);
    row->addStretch(1);
    for (Button* button : {m_open, m_rename, m_compare, m_remove, m_about}) {
        button->setDense();
        row->addWidget(button);
    }
    connect(m_open, &Button::clicked, this, &RunsList::open);
    connect(m_rename, &Button::clicked, this, &RunsList::renameSelected);
    connect(m_compare, &Button::clicked, this, [this] { Q_EMIT compareWanted(selected()); });
    connect(m_remove, &Button::clicked, this, &RunsList::removeSelected);
    return bar;
}

QWidget* RunsList::makeSide()
{
    const Theme& theme = currentTheme();
    auto* side = new QFrame;
    side->setProperty("role", QStringLiteral("side"));
    keepMetrics(*side, [side] { side->setFixedWidth(currentTheme().px(264)); });
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12));
    layout->setSpacing(theme.px(8));
    m_name = makeLabel({}, "strong");
    m_facts = makeLabel({}, "small", "secondary");
    m_note = new QPlainTextEdit;
    m_note->setPlaceholderText(tr("What you want to remember of this run"));
    m_note->setTabChangesFocus(true);
    m_note->installEventFilter(this);
    auto* label = makeLabel(tr("&Note"), "small", "secondary");
    label->setBuddy(m_note);
    for (QLabel* text : {m_name, m_facts}) text->setWordWrap(true);
    layout->addWidget(m_name);
    layout->addWidget(m_facts);
    layout->addSpacing(theme.px(8));
    layout->addWidget(label);
    m_note->setMaximumHeight(theme.px(160));
    layout->addWidget(m_note, 1);
    layout->addWidget(makeLabel(tr("Kept when you leave the field."), "tiny", "muted"));
    layout->addStretch(0);
    return side;
}

void RunsList::makeTable()
{
    m_proxy->setSourceModel(&m_center.model());
    m_table->setModel(m_proxy);
    m_table->setAccessibleName(tr("Runs"));
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(RunsModel::Created, Qt::DescendingOrder);
    for (const auto column :
         {RunsModel::Steps, RunsModel::Loss, RunsModel::Accuracy, RunsModel::Margin, RunsModel::Duration})
        m_table->setCellKind(column, CellKind::Number);
    m_table->setCellKind(RunsModel::Outcome, CellKind::Badges);
    m_table->setCellKind(RunsModel::Curve, CellKind::Sparkline);
    for (const auto& [outcome, tone] : {std::pair("finished", "ok"), std::pair("failed", "danger"),
                                        std::pair("interrupted", "warning"), std::pair("running", "accent")})
        m_table->setBadgeTone(RunsModel::outcomeText(outcome), QString::fromLatin1(tone));
    QHeaderView& header = *m_table->horizontalHeader();
    header.setStretchLastSection(false);
    m_table->setMinimumColumnWidth(60);
    // Together they leave room for a name beside the panel in a window of 1280 pixels.
    m_table->setColumnWidths({{RunsModel::Method, 142},
                              {RunsModel::Outcome, 96},
                              {RunsModel::Steps, 62},
                              {RunsModel::Loss, 66},
                              {RunsModel::Accuracy, 86},
                              {RunsModel::Margin, 76},
                              {RunsModel::Curve, 90},
                              {RunsModel::Created, 108},
                              {RunsModel::Duration, 80}});
    header.setSectionResizeMode(RunsModel::Name, QHeaderView::Stretch);
    m_table->installEventFilter(this);
    connect(m_table, &QTableView::doubleClicked, this, &RunsList::open);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsList::updateSelection);
    connect(m_proxy, &QAbstractItemModel::modelReset, this, &RunsList::updateSelection);
    // A run that computes goes on while it is selected.
    connect(m_proxy, &QAbstractItemModel::dataChanged, this, [this] {
        if (isVisible()) updateFacts();
    });
}

QStringList RunsList::selected() const
{
    QStringList runs;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        runs.push_back(index.data(RunsModel::RunIdRole).toString());
    return runs;
}

void RunsList::updateState()
{
    if (!m_center.isLoaded()) {
        m_state->showLoading(tr("Reading the runs"));
    } else if (m_center.runs().empty()) {
        m_state->showEmpty(QStringLiteral("runs"), tr("No runs yet"),
                           tr("A run appears here as soon as it is started, and stays with its curves."),
                           {tr("Set up a run"), [this] { Q_EMIT trainWanted(); }});
    } else if (m_proxy->rowCount() == 0) {
        m_state->showEmpty(QStringLiteral("filter"), tr("No runs match"),
                           tr("The filter is \"%1\".").arg(m_filter->text()),
                           {tr("Clear filter"), [this] { m_filter->clear(); }});
    } else {
        m_state->showContent();
        if (!m_table->currentIndex().isValid()) m_table->selectRow(0);
    }
    updateSelection();
}

void RunsList::updateSelection()
{
    const QStringList runs = selected();
    m_open->setEnabled(runs.size() == 1);
    m_rename->setEnabled(runs.size() == 1);
    m_compare->setEnabled(runs.size() >= 2);
    m_compare->setToolTip(runs.size() >= 2 ? QString() : tr("Select two or more runs with Ctrl or Shift"));
    const QString obstacle = removeObstacle();
    m_remove->setEnabled(!runs.isEmpty() && obstacle.isEmpty());
    m_remove->setToolTip(obstacle);
    const RunEntry* entry = runs.size() == 1 ? m_center.find(runs.front()) : nullptr;
    m_note->setEnabled(entry != nullptr);
    m_name->setText(entry != nullptr ? QString::fromStdString(entry->record.name)
                                     : tr("Selected runs: %1").arg(runs.size()));
    updateFacts();
    const QString shown = entry != nullptr ? runs.front() : QString();
    if (shown == m_noteOf && m_note->document()->isModified()) return;
    keepNote();
    m_noteOf = shown;
    m_note->setPlainText(entry != nullptr ? QString::fromStdString(entry->record.note) : QString());
}

void RunsList::updateFacts()
{
    const QStringList runs = selected();
    const RunEntry* entry = runs.size() == 1 ? m_center.find(runs.front()) : nullptr;
    m_facts->setText(entry != nullptr ? factsOf(*entry) : QString());
}

void RunsList::showEvent(QShowEvent* event)
{
    updateFacts();
    QFrame::showEvent(event);
}

QString RunsList::factsOf(const RunEntry& entry) const
{
    QStringList lines;
    if (!entry.record.reason.empty()) lines.push_back(QString::fromStdString(entry.record.reason));
    for (const char* metric : {"loss", "heldout/accuracy_sum", "heldout/margin_mean"}) {
        const auto summary = m_center.model().summaryOf(entry, metric);
        if (!summary) continue;
        const bool isLoss = std::string_view(metric) == "loss";
        const QString title = isLoss                                              ? tr("Loss")
                              : std::string_view(metric) == "heldout/margin_mean" ? tr("Held-out margin")
                                                                                  : tr("Held-out accuracy");
        lines.push_back(tr("%1: first %2, last %3, best %4 at step %5")
                            .arg(title, metricText(metric, summary->first), metricText(metric, summary->last),
                                 metricText(metric, isLoss ? summary->lowest : summary->highest))
                            .arg(isLoss ? summary->lowestStep : summary->highestStep));
    }
    lines.push_back(tr("Checkpoints: %1").arg(m_center.model().checkpointsOf(entry)));
    return lines.join(QLatin1Char('\n'));
}

void RunsList::open()
{
    const QStringList runs = selected();
    if (runs.size() == 1) Q_EMIT openWanted(runs.front());
}

void RunsList::renameSelected()
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows(RunsModel::Name);
    if (rows.size() == 1) m_table->edit(rows.front());
}

QString RunsList::removeObstacle() const
{
    for (const QString& run : selected()) {
        if (const auto live = m_center.live(run))
            return tr("%1 is not over yet. Stop it first, then delete it.").arg(live->name());
    }
    return {};
}

void RunsList::removeSelected()
{
    const QStringList runs = selected();
    if (runs.isEmpty()) return;
    if (const QString obstacle = removeObstacle(); !obstacle.isEmpty()) {
        Q_EMIT toastWanted(obstacle, {}, {});
        return;
    }
    const QString done = runs.size() == 1
                             ? tr("%1 deleted.").arg(QString::fromStdString(m_center.find(runs.front())->record.name))
                             : tr("%1 runs deleted.").arg(runs.size());
    m_center.remove(runs);
    Q_EMIT toastWanted(done, tr("Undo"), [center = QPointer<RunCenter>(&m_center), runs] {
        if (center) center->restore(runs);
    });
}

void RunsList::keepNote()
{
    if (!m_note->document()->isModified()) return;
    m_note->document()->setModified(false);
    if (m_center.find(m_noteOf) != nullptr) m_center.setNote(m_noteOf, m_note->toPlainText());
}

bool RunsList::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_note && event->type() == QEvent::FocusOut) keepNote();
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter)
            open();
        else if (key == Qt::Key_Delete)
            removeSelected();
        else
            return QFrame::eventFilter(watched, event);
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

}  // namespace preflab
