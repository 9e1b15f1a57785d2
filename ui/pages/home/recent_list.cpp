// SPDX-License-Identifier: GPL-3.0-or-later
// Rows made anew when the list changes, refreshed when a project does.
#include "ui/pages/home/recent_list.h"

#include "ui/models/app/recent_projects_model.h"
#include "ui/pages/home/recent_row.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QVBoxLayout>

#include <algorithm>

namespace preflab {
namespace {

constexpr int kFewRows = 5;

}  // namespace

RecentList::RecentList(RecentProjectsModel& model, QWidget* parent)
    : QFrame(parent), m_model(model), m_layout(new QVBoxLayout(this))
{
    const int margin = currentTheme().px(8);
    setProperty("role", QStringLiteral("card"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    m_layout->setContentsMargins(margin, 0, margin, 0);
    m_layout->setSpacing(0);
    connect(&model, &RecentProjectsModel::modelReset, this, &RecentList::rebuild);
    connect(&model, &RecentProjectsModel::dataChanged, this, &RecentList::refresh);
    rebuild();
}

void RecentList::showAll()
{
    m_isShowingAll = true;
    rebuild();
}

QWidget* RecentList::makeRow(int row)
{
    auto* line = new RecentRow(m_model.index(row));
    connect(line, &RecentRow::clicked, this, [this, row] {
        if (!m_model.index(row).data(RecentProjectsModel::IsGoneRole).toBool()) Q_EMIT openWanted(row);
    });
    connect(line, &RecentRow::findWanted, this, [this, row] { Q_EMIT findWanted(row); });
    connect(line, &RecentRow::removeWanted, this, [this, row] { Q_EMIT removeWanted(row); });
    return line;
}

void RecentList::rebuild()
{
    clearLayout(*m_layout);
    const int count = m_model.rowCount();
    if (count == 0) {
        QLabel* none =
            makeLabel(tr("Projects that you open are listed here; each keeps its pairs, edits and runs in one folder."),
                      "", "muted");
        none->setWordWrap(true);
        const int margin = currentTheme().px(12);
        none->setContentsMargins(margin / 2, margin, margin / 2, margin);
        m_layout->addWidget(none);
        return;
    }
    const int shown = m_isShowingAll ? count : std::min(count, kFewRows);
    for (int row = 0; row < shown; ++row) {
        if (row > 0) m_layout->addWidget(makeLine());
        m_layout->addWidget(makeRow(row));
    }
    if (shown == count) return;
    auto* more = new Button(tr("Show all %1").arg(count), Button::Kind::Bare);
    more->setDense();
    connect(more, &Button::clicked, this, &RecentList::showAll);
    m_layout->addWidget(makeLine());
    m_layout->addWidget(more, 0, Qt::AlignLeft);
}

void RecentList::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    refresh();
}

void RecentList::refresh()
{
    if (!isVisible()) return;  // a run that computes tells of itself twice a second
    const QList<RecentRow*> rows = findChildren<RecentRow*>(QString(), Qt::FindDirectChildrenOnly);
    for (RecentRow* row : rows) row->refresh();
}

}  // namespace preflab
