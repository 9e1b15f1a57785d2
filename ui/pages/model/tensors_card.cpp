// SPDX-License-Identifier: GPL-3.0-or-later
// Table and search of tensors.
#include "ui/pages/model/tensors_card.h"

#include "ui/models/app/number_text.h"
#include "ui/models/model/tensors_model.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/table_view.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QShortcut>
#include <QVBoxLayout>

#include <utility>

namespace preflab {

TensorsCard::TensorsCard(QWidget* parent)
    : QFrame(parent), m_model(new TensorsModel(this)), m_count(new Badge({})), m_search(new QLineEdit)
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("card"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 0, 1, theme.px(8));
    layout->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8));
    top->setSpacing(theme.px(8));
    QLabel* title = makeLabel(tr("Tensors"), "strong");
    title->setBuddy(m_search);
    m_search->setProperty("dense", true);
    m_search->setPlaceholderText(tr("Find by name"));
    m_search->setAccessibleName(tr("Find tensors by name"));
    m_search->setToolTip(tr("Shows tensors whose name holds every word (Ctrl+F)"));
    m_search->setClearButtonEnabled(true);
    m_search->setFixedWidth(theme.px(200));
    QAction* lens = m_search->addAction(QIcon(), QLineEdit::LeadingPosition);
    keepMetrics(*m_search, [lens] { lens->setIcon(icon(QStringLiteral("search"), QStringLiteral("text.muted"))); });
    top->addWidget(title);
    top->addWidget(m_count);
    top->addStretch(1);
    top->addWidget(m_search);
    layout->addLayout(top);
    makeTable();
    layout->addWidget(m_state, 1);
    connect(m_search, &QLineEdit::textChanged, this, &TensorsCard::search);
    auto* find = new QShortcut(QKeySequence::Find, this);
    connect(find, &QShortcut::activated, m_search, [this] { m_search->setFocus(Qt::ShortcutFocusReason); });
}

void TensorsCard::makeTable()
{
    const Theme& theme = currentTheme();
    m_table = new TableView;
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Tensors"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setCellKind(TensorsModel::Shape, CellKind::Number);
    m_table->setCellKind(TensorsModel::Parameters, CellKind::Number);
    QHeaderView& header = *m_table->horizontalHeader();
    header.setStretchLastSection(false);
    header.setSectionResizeMode(TensorsModel::Name, QHeaderView::Stretch);
    header.resizeSection(TensorsModel::Shape, theme.px(120));
    header.resizeSection(TensorsModel::Type, theme.px(62));
    header.resizeSection(TensorsModel::Parameters, theme.px(110));
    m_state = new StateView(m_table);
}

void TensorsCard::setTensors(std::vector<ModelReport::Tensor> tensors)
{
    m_model->setTensors(std::move(tensors));
    search(m_search->text());
}

void TensorsCard::search(const QString& text)
{
    m_model->setFilter(text);
    const int shown = m_model->rowCount();
    m_count->setText(shown == m_model->total() ? groupedText(shown)
                                               : tr("%1 of %2").arg(groupedText(shown), groupedText(m_model->total())));
    if (shown > 0 || m_model->total() == 0) {
        m_state->showContent();
        return;
    }
    m_state->showEmpty(QStringLiteral("search"), tr("No tensors match"),
                       tr("No name among %1 holds “%2”.").arg(groupedText(m_model->total()), text),
                       {tr("Clear the search"), [this] { m_search->clear(); }});
}

}  // namespace preflab
