// SPDX-License-Identifier: GPL-3.0-or-later
// The sheet's nine cards in a grid.
#include "ui/pages/components/components_page.h"

#include "ui/pages/components/component_cards.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QScrollArea>

namespace preflab {

ComponentsPage::ComponentsPage(QWidget* parent) : Page(PageId::Settings, tr("Components"), parent)
{
    const Theme& theme = currentTheme();
    header().setContext(makeLabel(tr("controls, states and marks used on all pages"), "small", "muted"));
    auto* sheet = new QWidget;
    auto* grid = new QGridLayout(sheet);
    grid->setContentsMargins(theme.px(16), theme.px(14), theme.px(16), theme.px(14));
    grid->setSpacing(theme.px(12));
    grid->addWidget(makeButtonsCard(), 0, 0);
    grid->addWidget(makeFieldsCard(), 0, 1);
    grid->addWidget(makeChipsCard(), 0, 2);
    grid->addWidget(makeNotesCard(), 1, 0);
    grid->addWidget(makeColoursCard(), 1, 1);
    grid->addWidget(makeIconsCard(), 1, 2);
    grid->addWidget(makeEmptyCard(), 2, 0);
    grid->addWidget(makeLoadingCard(), 2, 1);
    grid->addWidget(makeErrorCard(), 2, 2);
    for (const int column : {0, 1, 2}) {
        grid->setColumnStretch(column, 1);
        grid->setColumnMinimumWidth(column, theme.px(300));
    }
    grid->setRowStretch(2, 1);
    grid->setRowMinimumHeight(2, theme.px(220));
    auto* scroll = new QScrollArea;
    scroll->setAccessibleName(tr("Components"));
    scroll->setWidgetResizable(true);
    scroll->setWidget(sheet);
    setContent(scroll);
}

}  // namespace preflab
