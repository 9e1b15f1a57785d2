// SPDX-License-Identifier: GPL-3.0-or-later
// Facts in a grid.
#include "ui/pages/model/model_overview.h"

#include "ui/models/model/model_facts.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>

namespace preflab {

ModelOverview::ModelOverview(QWidget* parent) : Card({}, parent), m_grid(new QGridLayout)
{
    const Theme& theme = currentTheme();
    m_grid->setHorizontalSpacing(theme.px(10));
    m_grid->setVerticalSpacing(theme.px(7));
    m_grid->setColumnMinimumWidth(0, theme.px(100));
    m_grid->setColumnMinimumWidth(3, theme.px(100));
    m_grid->setColumnMinimumWidth(2, theme.px(14));
    m_grid->setColumnMinimumWidth(1, theme.px(80));
    m_grid->setColumnMinimumWidth(4, theme.px(80));
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnStretch(4, 1);
    body().addLayout(m_grid);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

void ModelOverview::addFact(int row, int column, const QString& title, QWidget* text, const QString& plain)
{
    m_grid->addWidget(makeLabel(title, "", "muted"), row, 3 * column, Qt::AlignTop);
    // What does not grow would keep its whole column narrow, were it not aligned.
    const bool isFixed = text->sizePolicy().horizontalPolicy() == QSizePolicy::Fixed;
    m_grid->addWidget(text, row, 3 * column + 1, isFixed ? Qt::AlignTop | Qt::AlignLeft : Qt::Alignment(Qt::AlignTop));
    m_plainText += title + QStringLiteral(": ") + plain + QLatin1Char('\n');
}

void ModelOverview::setReport(const ModelReport& report)
{
    clearLayout(*m_grid);
    m_plainText.clear();
    const auto addAll = [this](int column, const QList<ModelFact>& facts) {
        for (int row = 0; row < facts.size(); ++row) {
            QLabel* text = makeLabel(facts[row].text);
            text->setWordWrap(true);
            text->setTextInteractionFlags(Qt::TextSelectableByMouse);
            addFact(row, column, facts[row].title, text, facts[row].text);
        }
        return static_cast<int>(facts.size());
    };
    addAll(0, structureFacts(report));
    const int next = addAll(1, storageFacts(report));
    auto* badge = new Badge(report.hasChatTemplate ? tr("in the folder") : tr("none"),
                            report.hasChatTemplate ? QStringLiteral("ok") : QStringLiteral("warning"));
    badge->setIconName(report.hasChatTemplate ? QStringLiteral("check") : QStringLiteral("warn"));
    badge->setToolTip(report.hasChatTemplate ? tr("The model's folder says how a dialogue becomes text.")
                                             : tr("The model's folder does not say how a dialogue becomes text; "
                                                  "training renders dialogues as chosen on Train."));
    addFact(next, 1, tr("Chat template"), badge, badge->text());
}

}  // namespace preflab
