// SPDX-License-Identifier: GPL-3.0-or-later
// Answers side by side.
#include "ui/models/runs/run_center.h"
#include "ui/pages/compare/compare_tabs.h"
#include "ui/pages/compare/run_chip.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace preflab {
namespace {

QLabel* answerLabel(const std::optional<std::string>& answer)
{
    QLabel* label =
        makeLabel(answer ? QString::fromStdString(*answer).trimmed() : CompareAnswers::tr("No answer recorded"),
                  "reading", answer ? "" : "muted");
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAlignment(Qt::AlignTop);
    return label;
}

}  // namespace

CompareAnswers::CompareAnswers(ComparisonSet& set, QWidget* parent) : QScrollArea(parent), m_set(set)
{
    const Theme& theme = currentTheme();
    auto* list = new QWidget;
    m_list = new QVBoxLayout(list);
    m_list->setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12));
    m_list->setSpacing(theme.px(12));
    setWidget(list);
    setWidgetResizable(true);
    setAccessibleName(tr("Answers of the runs"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(&set, &ComparisonSet::comparisonChanged, this, &CompareAnswers::refresh);
}

void CompareAnswers::refresh()
{
    clearLayout(*m_list);
    std::vector<std::string> prompts;
    for (const auto& run : m_set.controllers()) {
        for (const SampleAnswer& sample : run->samples())
            if (std::ranges::find(prompts, sample.prompt) == prompts.end()) prompts.push_back(sample.prompt);
    }
    for (const std::string& prompt : prompts) m_list->addWidget(makePrompt(prompt));
    if (prompts.empty()) m_list->addWidget(makeLabel(tr("These runs have no sample answers."), "", "muted"));
    m_list->addStretch(1);
}

QWidget* CompareAnswers::makePrompt(const std::string& prompt)
{
    const Theme& theme = currentTheme();
    auto* card = new Card;
    QLabel* question = makeLabel(QString::fromStdString(prompt).trimmed(), "", "secondary");
    question->setWordWrap(true);
    card->body().addWidget(question);
    card->body().addWidget(makeLine());
    auto* columns = new QHBoxLayout;
    columns->setSpacing(theme.px(20));
    const auto addColumn = [&](const QString& name, QWidget* sample, const std::optional<std::string>& answer) {
        auto* column = new QVBoxLayout;
        column->setSpacing(theme.px(6));
        auto* head = new QHBoxLayout;
        head->setSpacing(theme.px(8));
        if (sample != nullptr) head->addWidget(sample);
        head->addWidget(makeLabel(name, "strong"));
        head->addStretch(1);
        column->addLayout(head);
        column->addWidget(answerLabel(answer), 1);
        columns->addLayout(column, 1);
    };
    const auto& runs = m_set.controllers();
    std::optional<std::string> base;
    for (const auto& run : runs)
        if (!base) base = answerTo(run->samples(), prompt, "before");
    addColumn(tr("Base model"), nullptr, base);
    for (const auto& run : runs)
        addColumn(run->name(), new LineSample(m_set.center()->seriesIndexOf(run->id())),
                  answerTo(run->samples(), prompt, "after"));
    card->body().addLayout(columns);
    return card;
}

}  // namespace preflab
