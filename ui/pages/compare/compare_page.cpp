// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing runs, and the tabs that show them.
#include "ui/pages/compare/compare_page.h"

#include "ui/models/app/workspace.h"
#include "ui/models/runs/run_center.h"
#include "ui/pages/compare/compare_tabs.h"
#include "ui/pages/compare/run_chip.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/state_view.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLocale>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace preflab {

ComparePage::ComparePage(Workspace& workspace, QWidget* parent)
    : Page(PageId::Compare, tr("Compare"), parent), m_workspace(workspace), m_tabs(new QStackedWidget),
      m_overview(new CompareOverview(m_set)), m_curves(new CompareCurves(m_set)), m_answers(new CompareAnswers(m_set))
{
    m_tabs->addWidget(m_overview);
    m_tabs->addWidget(m_curves);
    m_tabs->addWidget(m_answers);
    m_state = new StateView(m_tabs);
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_state, 1);
    setContent(content);
    header().addTab(QStringLiteral("overview"), tr("Overview"));
    header().addTab(QStringLiteral("curves"), tr("Curves"));
    header().addTab(QStringLiteral("answers"), tr("Answers"));
    connect(&header(), &PageHeader::tabChanged, this, [this](const QString& id) {
        m_tabs->setCurrentIndex(id == QLatin1String("overview") ? 0 : (id == QLatin1String("curves") ? 1 : 2));
    });
    m_report = new Button(tr("Report"), QStringLiteral("export"));
    m_report->setToolTip(tr("Writes these runs as a page that opens in any browser"));
    header().addAction(m_report);
    connect(m_report, &Button::clicked, this,
            [this] { m_set.writeReport(QStringLiteral("PrefLab ") + QCoreApplication::applicationVersion()); });
    connect(&m_set, &ComparisonSet::reportWritten, this, [this](const QString& file) {
        Q_EMIT toastWanted(tr("Report written: %1").arg(QFileInfo(file).fileName()), tr("Open"),
                           [file] { QDesktopServices::openUrl(QUrl::fromLocalFile(file)); });
    });
    connect(&m_set, &ComparisonSet::failed, this, &Page::failed);
    connect(&m_set, &ComparisonSet::runsChanged, this, &ComparePage::showRuns);
    connect(&m_set, &ComparisonSet::comparisonChanged, this, &ComparePage::showComparison);
    connect(&workspace, &Workspace::projectChanged, this, &ComparePage::followProject);
    followProject();
}

ComparePage::~ComparePage()
{
    // What it shows looks at the set, which would otherwise go first.
    delete m_state;
}

QWidget* ComparePage::makeBar()
{
    const Theme& theme = currentTheme();
    auto* bar = new QFrame;
    bar->setProperty("role", QStringLiteral("toolbar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(theme.px(16), theme.px(7), theme.px(16), theme.px(7));
    row->setSpacing(theme.px(8));
    m_chips = new QHBoxLayout;
    m_chips->setSpacing(theme.px(8));
    row->addLayout(m_chips);
    m_add = new ComboBox;
    m_add->setObjectName(QStringLiteral("addRun"));
    m_add->setProperty("dense", true);
    m_add->setAccessibleName(tr("Add a run to the comparison"));
    row->addWidget(m_add);
    m_matched = new Badge({});
    row->addWidget(m_matched);
    row->addStretch(1);
    connect(m_add, &ComboBox::activated, this, [this](int index) {
        const QString run = m_add->itemData(index).toString();
        if (run.isEmpty()) return;
        m_isChosen = true;
        m_set.add(run);
    });
    return bar;
}

void ComparePage::followProject()
{
    m_isChosen = false;
    m_set.setCenter(m_workspace.runs());
    if (m_workspace.runs() != nullptr) {
        connect(m_workspace.runs(), &RunCenter::listChanged, this, [this] {
            chooseRuns();
            showRuns();
        });
    }
    chooseRuns();
    showRuns();
    showComparison();
}

void ComparePage::chooseRuns()
{
    RunCenter* center = m_workspace.runs();
    // What somebody looks at stays, unless there is nothing to see of it yet.
    if (center == nullptr || m_isChosen || (isVisible() && isFinished(m_set.runs()))) return;
    QStringList chosen;
    const auto add = [&](const auto& isWanted) {
        for (auto run = center->runs().rbegin(); run != center->runs().rend() && chosen.size() < 2; ++run) {
            const QString id = QString::fromStdString(run->record.id);
            if (!chosen.contains(id) && isWanted(run->record)) chosen.push_back(id);
        }
    };
    const auto hasFinished = [](const RunRecord& run) { return run.outcome == "finished"; };
    add([&](const RunRecord& run) {
        return hasFinished(run) && (chosen.isEmpty() || run.method != center->find(chosen.front())->record.method);
    });
    add(hasFinished);
    add([](const RunRecord&) { return true; });
    // In the order in which they were made.
    std::ranges::sort(chosen, {}, [&](const QString& run) { return center->find(run)->record.number; });
    if (chosen.size() == 2 && chosen != m_set.runs()) m_set.setRuns(chosen);
}

bool ComparePage::isFinished(const QStringList& runs) const
{
    return runs.size() >= 2 && std::ranges::all_of(runs, [this](const QString& run) {
               const RunEntry* entry = m_workspace.runs()->find(run);
               return entry != nullptr && entry->record.outcome == "finished";
           });
}

void ComparePage::arrive(const Destination& destination)
{
    Page::arrive(destination);
    if (destination.run.isEmpty()) return chooseRuns();
    m_isChosen = true;
    m_set.setRuns(destination.run.split(QLatin1Char(','), Qt::SkipEmptyParts));
}

void ComparePage::showRuns()
{
    clearLayout(*m_chips);
    RunCenter* center = m_workspace.runs();
    for (const auto& run : m_set.controllers()) {
        auto* chip = new RunChip(*run, center->seriesIndexOf(run->id()));
        connect(chip, &RunChip::removed, this, [this, id = run->id()] {
            m_isChosen = true;
            m_set.remove(id);
        });
        m_chips->addWidget(chip);
    }
    m_add->clear();
    m_add->addItem(tr("Add run"));
    if (center == nullptr) return;
    for (const RunEntry& entry : center->runs()) {
        const QString id = QString::fromStdString(entry.record.id);
        if (!m_set.runs().contains(id)) m_add->addItem(QString::fromStdString(entry.record.name), id);
    }
    m_add->setVisible(m_add->count() > 1);
}

void ComparePage::showComparison()
{
    const auto& comparison = m_set.comparison();
    m_matched->setVisible(comparison.has_value());
    m_report->setEnabled(comparison.has_value());
    if (!comparison) {
        if (const RunController* run = m_set.unreadable())
            showTrouble(*run);
        else if (m_set.runs().size() >= 2)
            m_state->showLoading(tr("Reading runs"));
        else
            m_state->showEmpty(
                QStringLiteral("compare"), tr("Choose two runs"),
                tr("Train DPO and ORPO as a matched pair, or choose two runs above, and see which did better on what."),
                {tr("Set up training"), [this] {
                     Q_EMIT wentTo({PageId::Train, {}, {}, {}});
                 }});
        return;
    }
    QStringList reasons;
    for (const Unjudged& unjudged : comparison->unjudged) {
        const QString name = m_set.controllers()[unjudged.run]->name();
        reasons.push_back(unjudged.reason == Unjudged::Reason::NotMeasured
                              ? tr("%1 was not measured after training").arg(name)
                              : tr("the settings of %1 cannot be read").arg(name));
    }
    const qsizetype unjudged = reasons.size();
    for (const std::string& reason : comparison->unmatched) reasons.push_back(QString::fromStdString(reason));
    m_matched->setTone(comparison->isMatched() ? QStringLiteral("ok") : QStringLiteral("warning"));
    m_matched->setIconName(comparison->isMatched() ? QStringLiteral("check") : QStringLiteral("warn"));
    m_matched->setText(comparison->isMatched()
                           ? tr("matched: same data order, seed and budget")
                           : tr("not matched: %1").arg(reasons.mid(0, 3).join(QStringLiteral(", "))));
    const QString differing = reasons.mid(unjudged).join(QStringLiteral(", "));
    m_matched->setToolTip(differing.isEmpty() ? QString() : tr("They also differ in: %1").arg(differing));
    m_state->showContent();
}

void ComparePage::showTrouble(const RunController& run)
{
    const auto leaveOut = [this, id = run.id()] {
        m_isChosen = true;
        m_set.remove(id);
    };
    m_state->showError(tr("%1 cannot be read").arg(run.name()), run.trouble().value_or(Error{}),
                       {tr("Leave it out"), leaveOut});
}

}  // namespace preflab
