// SPDX-License-Identifier: GPL-3.0-or-later
// Alarms first, then what is well, then one sample answer.
#include "ui/pages/runs/findings_panel.h"

#include "ui/pages/runs/answer_changes.h"
#include "ui/pages/runs/finding_row.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pair_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QResizeEvent>

#include <algorithm>

namespace preflab {
namespace {

constexpr qint64 kLookEvery =
    3000;  ///< milliseconds; no finding is so urgent that the panel must be laid out more often

bool areSame(const std::vector<RunFinding>& a, const std::vector<RunFinding>& b)
{
    return std::ranges::equal(a, b, [](const RunFinding& one, const RunFinding& other) {
        return one.kind == other.kind && one.from == other.from && one.to == other.to && one.value == other.value &&
               one.start == other.start;
    });
}

}  // namespace

FindingsPanel::FindingsPanel(std::shared_ptr<RunController> run, ComponentDescription method, QWidget* parent)
    : QFrame(parent), m_run(std::move(run)), m_method(std::move(method)),
      m_count(new Badge({}, QStringLiteral("warning"))), m_list(new QVBoxLayout),
      m_nothing(makeLabel(tr("Nothing to worry about so far."), "small", "muted")),
      m_sampleSteps(makeLabel({}, "small", "muted")), m_prompt(makeLabel({}, "small", "secondary")),
      m_answer(new PairText), m_sample(new QWidget)
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("side"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHead(tr("Findings"), m_count));
    layout->addWidget(makeLine());
    m_list->setContentsMargins(0, 0, 0, 0);
    m_list->setSpacing(0);
    m_nothing->setContentsMargins(theme.px(14), theme.px(10), theme.px(14), theme.px(10));
    layout->addLayout(m_list);
    layout->addWidget(m_nothing);
    m_sampleHead = makeHead(tr("Sample answer"), m_sampleSteps);
    layout->addWidget(m_sampleHead);
    auto* all = new Button(tr("All sample answers"), Button::Kind::Bare);
    all->setDense();
    connect(all, &Button::clicked, this, &FindingsPanel::answersWanted);
    m_prompt->setWordWrap(true);
    m_answer->setAccessibleName(tr("Latest sample answer"));
    m_answer->document()->setDocumentMargin(0);
    m_answer->viewport()->installEventFilter(this);
    auto* sample = new QVBoxLayout(m_sample);
    sample->setContentsMargins(theme.px(14), 0, theme.px(14), theme.px(10));
    sample->addWidget(m_prompt);
    sample->addWidget(m_answer);
    sample->addWidget(all, 0, Qt::AlignLeft);
    layout->addWidget(m_sample);
    layout->addStretch(1);
    connect(m_run.get(), &RunController::metricsArrived, this, &FindingsPanel::look);
    connect(m_run.get(), &RunController::stateChanged, this, [this] {
        m_sinceLook.invalidate();
        look();
    });
    connect(m_run.get(), &RunController::eventsArrived, this, &FindingsPanel::showSample);
    rebuild();
    look();
    showSample();
}

QWidget* FindingsPanel::makeHead(const QString& title, QWidget* end)
{
    const Theme& theme = currentTheme();
    auto* head = new QWidget;
    head->setFixedHeight(theme.px(40));
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(theme.px(14), 0, theme.px(14), 0);
    row->addWidget(makeLabel(title, "strong"));
    row->addWidget(end);
    if (qobject_cast<QLabel*>(end) != nullptr)
        row->insertStretch(1, 1);
    else
        row->addStretch(1);
    return head;
}

void FindingsPanel::look()
{
    if (m_sinceLook.isValid() && m_sinceLook.elapsed() < kLookEvery) return;
    m_sinceLook.start();
    const MetricsStore& metrics = m_run->metrics();
    std::vector<RunFinding> findings =
        findingsOf([&metrics](std::string_view metric) { return metrics.curve(metric); }, m_method);
    if (areSame(findings, m_findings)) return;
    m_findings = std::move(findings);
    const bool hasSameKinds = std::ranges::equal(m_findings, m_rows, {}, &RunFinding::kind, &FindingRow::kind);
    if (!hasSameKinds)
        rebuild();
    else
        for (std::size_t i = 0; i < m_findings.size(); ++i) m_rows[i]->setFinding(m_findings[i]);
    Q_EMIT findingsChanged();
}

void FindingsPanel::rebuild()
{
    clearLayout(*m_list);
    m_rows.clear();
    for (const RunFinding& finding : m_findings) {
        auto* row = new FindingRow(finding);
        connect(row, &FindingRow::showWanted, this, &FindingsPanel::showWanted);
        m_rows.push_back(row);
        m_list->addWidget(row);
        m_list->addWidget(makeLine());
    }
    const auto alarms = std::ranges::count_if(m_findings, &RunFinding::isAlarm);
    m_count->setText(QString::number(alarms));
    m_count->setVisible(alarms > 0);
    m_nothing->setVisible(m_findings.empty());
}

void FindingsPanel::showSample()
{
    const auto change = latestChange(m_run->samples());
    m_sampleHead->setVisible(change.has_value());
    m_sample->setVisible(change.has_value());
    if (!change) return;
    m_sampleSteps->setText(change->before ? tr("step %1 → %2").arg(change->before->step).arg(change->after.step)
                                          : tr("step %1").arg(change->after.step));
    m_prompt->setText(QString::fromStdString(change->after.prompt));
    m_answer->setText(change->after.answer, change->marks());
    fitAnswer();
}

void FindingsPanel::fitAnswer()
{
    // As high as its text, and no higher than half of the panel: then it scrolls.
    const int width = m_answer->viewport()->width();
    m_answer->document()->setTextWidth(width);
    const int needed = static_cast<int>(m_answer->document()->size().height()) + currentTheme().px(4);
    m_answer->setFixedHeight(std::clamp(needed, currentTheme().px(40), std::max(height() / 2, currentTheme().px(80))));
}

void FindingsPanel::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    fitAnswer();
}

bool FindingsPanel::eventFilter(QObject* watched, QEvent* event)
{
    // A scroll bar or a wider panel breaks the lines elsewhere.
    const bool isWidth = event->type() == QEvent::Resize && static_cast<QResizeEvent*>(event)->size().width() !=
                                                                static_cast<QResizeEvent*>(event)->oldSize().width();
    if (isWidth) fitAnswer();
    return QFrame::eventFilter(watched, event);
}

}  // namespace preflab
