// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of words.
#include "ui/pages/runs/run_tables.h"

#include "ui/models/app/number_text.h"
#include "ui/widgets/table_view.h"

#include <utility>

namespace preflab {
namespace {

QString valueText(const ParamValue& value)
{
    const auto* number = std::get_if<double>(&value);
    return number != nullptr ? figureText(*number, 3) : QString::fromStdString(toText(value));
}

}  // namespace

RunSettingsModel::RunSettingsModel(const RunController& run, const ComponentDescription& method, QObject* parent)
    : QStandardItemModel(parent)
{
    setHorizontalHeaderLabels({tr("Setting"), tr("Value"), tr("Default")});
    const RunSpec& spec = run.record().spec;
    addRow(tr("Method"), QString::fromStdString(method.title), {});
    addRow(tr("Model"), QString::fromStdString(spec.model.string()), {});
    addRow(tr("Pairs"), QString::fromStdString(spec.data.string()), {});
    if (spec.evalData) addRow(tr("Held-out pairs"), QString::fromStdString(spec.evalData->string()), {});
    for (const auto* specs : {&method.params, &trainingParams()}) {
        for (const ParamSpec& param : *specs) {
            const auto given = spec.params.find(param.key);
            const auto own = method.defaults.find(param.key);
            const ParamValue& usual = own != method.defaults.end() ? own->second : param.defaultValue;
            const ParamValue& value = given != spec.params.end() ? given->second : usual;
            const QString title = QString::fromStdString(param.title.empty() ? param.key : param.title);
            addRow(title, valueText(value), value == usual ? QString() : valueText(usual));
        }
    }
}

void RunSettingsModel::addRow(const QString& title, const QString& value, const QString& usual)
{
    QList<QStandardItem*> row{new QStandardItem(title), new QStandardItem(value), new QStandardItem(usual)};
    for (QStandardItem* item : row) item->setEditable(false);
    if (!usual.isEmpty()) row[1]->setData(QStringLiteral("accent"), ToneRole);
    appendRow(row);
}

RunLogModel::RunLogModel(std::shared_ptr<RunController> run, QObject* parent)
    : QStandardItemModel(parent), m_run(std::move(run))
{
    setHorizontalHeaderLabels({tr("Time"), tr("Step"), tr("Kind"), tr("What")});
    connect(m_run.get(), &RunController::eventsArrived, this, &RunLogModel::takeNews);
    takeNews();
}

QString RunLogModel::kindText(RunEvent::Kind kind) const
{
    switch (kind) {
    case RunEvent::Kind::Phase:
        return tr("phase");
    case RunEvent::Kind::Warning:
        return tr("warning");
    case RunEvent::Kind::Note:
        return tr("note");
    case RunEvent::Kind::Checkpoint:
        return tr("checkpoint");
    case RunEvent::Kind::Sample:
        return tr("sample");
    case RunEvent::Kind::End:
        return tr("end");
    }
    return {};
}

void RunLogModel::takeNews()
{
    const auto& events = m_run->events();
    for (; m_taken < events.size(); ++m_taken) {
        const RunEvent& event = events[m_taken];
        QList<QStandardItem*> row{
            new QStandardItem(momentText(event.time)), new QStandardItem(QString::number(event.step)),
            new QStandardItem(kindText(event.kind)), new QStandardItem(QString::fromStdString(event.text))};
        for (QStandardItem* item : row) item->setEditable(false);
        row[3]->setToolTip(row[3]->text());
        if (event.kind == RunEvent::Kind::Warning) row[2]->setData(QStringLiteral("warning"), ToneRole);
        appendRow(row);
    }
}

}  // namespace preflab
