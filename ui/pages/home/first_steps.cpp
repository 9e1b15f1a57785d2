// SPDX-License-Identifier: GPL-3.0-or-later
// Three steps.
#include "ui/pages/home/first_steps.h"

#include "ui/models/app/workspace.h"
#include "ui/models/data/dataset_session.h"
#include "ui/models/runs/run_center.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace preflab {

/// A number in a circle, or a tick once the step was taken.
class StepNumber : public QWidget {
public:
    explicit StepNumber(int number) : m_number(number)
    {
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        setDone(false);
    }

    void setDone(bool isDone)
    {
        m_isDone = isDone;
        setAccessibleName(isDone ? FirstSteps::tr("Step %1, done").arg(m_number)
                                 : FirstSteps::tr("Step %1").arg(m_number));
        update();
    }

    QSize sizeHint() const override { return QSize(24, 24) * currentTheme().scale; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(m_isDone ? theme.ok : theme.borderControl);
        painter.setBrush(m_isDone ? theme.okBg : QColor(Qt::transparent));
        painter.drawEllipse(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5));
        if (m_isDone) {
            const int size = theme.px(12);
            painter.drawPixmap((width() - size) / 2, (height() - size) / 2,
                               iconPixmap(QStringLiteral("check"), size, theme.ok, devicePixelRatioF()));
            return;
        }
        painter.setFont(theme.small);
        painter.setPen(theme.textSecondary);
        painter.drawText(rect(), Qt::AlignCenter, QString::number(m_number));
    }

private:
    int m_number;
    bool m_isDone = false;
};

FirstSteps::FirstSteps(Workspace& workspace, QWidget* parent) : QFrame(parent), m_workspace(workspace)
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("side"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(theme.px(20), theme.px(24), theme.px(20), theme.px(14));
    head->setSpacing(theme.px(8));
    QLabel* intro = makeLabel(tr("From pairs of answers to a model that prefers the better one."), "small");
    intro->setWordWrap(true);
    head->addWidget(makeLabel(tr("What you can do here"), "heading"));
    head->addWidget(intro);
    layout->addLayout(head);
    m_read = addStep(*layout, tr("Read and correct pairs"),
                     tr("Chosen and rejected answers side by side; edit them, swap them, vote blind."), tr("Data"),
                     {PageId::Data, {}, {}, {}});
    m_train = addStep(*layout, tr("Train on them"),
                      tr("DPO or ORPO in five steps, with loss, rewards and log-odds drawn live."), tr("Train"),
                      {PageId::Train, QStringLiteral("wizard"), {}, {}});
    addStep(*layout, tr("See which did better"),
            tr("Two runs on the same held-out pairs, and what each of them answers."), tr("Compare"),
            {PageId::Compare, {}, {}, {}});
    layout->addWidget(makeLine());
    layout->addStretch(1);
    if (const QString version = QCoreApplication::applicationVersion(); !version.isEmpty()) {
        QLabel* foot = makeLabel(tr("Version %1").arg(version), "small", "muted");
        foot->setContentsMargins(theme.px(20), theme.px(11), theme.px(20), theme.px(11));
        foot->setAlignment(Qt::AlignRight);
        layout->addWidget(makeLine());
        layout->addWidget(foot);
    }
    connect(&workspace, &Workspace::projectChanged, this, [this] {
        followRuns();
        updateTicks();
    });
    connect(&workspace, &Workspace::datasetChanged, this, &FirstSteps::updateTicks);
    followRuns();
    updateTicks();
}

StepNumber* FirstSteps::addStep(QVBoxLayout& layout, const QString& title, const QString& sentence,
                                const QString& button, const Destination& destination)
{
    const Theme& theme = currentTheme();
    auto* number = new StepNumber(++m_steps);
    layout.addWidget(makeLine());
    auto* row = new QHBoxLayout;
    row->setContentsMargins(theme.px(20), theme.px(11), theme.px(20), theme.px(11));
    row->setSpacing(theme.px(12));
    auto* texts = new QVBoxLayout;
    texts->setSpacing(theme.px(2));
    QLabel* name = makeLabel(title, "strong");
    QLabel* what = makeLabel(sentence, "small", "muted");
    for (QLabel* label : {name, what}) {
        label->setWordWrap(true);
        texts->addWidget(label);
    }
    auto* go = new Button(button);
    go->setDense();
    go->setAccessibleDescription(title);
    connect(go, &Button::clicked, this, [this, destination] { Q_EMIT wentTo(destination); });
    row->addWidget(number, 0, Qt::AlignVCenter);
    row->addLayout(texts, 1);
    row->addWidget(go, 0, Qt::AlignVCenter);
    layout.addLayout(row);
    return number;
}

void FirstSteps::followRuns()
{
    if (RunCenter* runs = m_workspace.runs()) connect(runs, &RunCenter::listChanged, this, &FirstSteps::updateTicks);
}

void FirstSteps::updateTicks()
{
    m_read->setDone(m_workspace.dataset() != nullptr);
    const RunCenter* runs = m_workspace.runs();
    const auto isFinished = [](const RunEntry& entry) { return entry.record.outcome == "finished"; };
    m_train->setDone(runs != nullptr && std::ranges::any_of(runs->runs(), isFinished));
}

}  // namespace preflab
