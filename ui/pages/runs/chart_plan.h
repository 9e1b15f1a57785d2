// SPDX-License-Identifier: GPL-3.0-or-later
// Which curves a run of a method has.
#pragma once

#include "core/runs/backend.h"
#include "ui/models/runs/run_controller.h"
#include "ui/plots/line_chart.h"

#include <QCoreApplication>
#include <QList>
#include <QString>

#include <memory>
#include <vector>

namespace preflab {

/// One chart: its lines by metric, and what its reference lines mean.
struct ChartPlan {
    enum class Format { Figures, Percent };
    enum class Base { Free, Zero };

    QString id;  ///< "loss"
    QString title;
    std::vector<ChartLine> lines;  ///< still without a store
    QList<ReferenceLine> references;
    Format format = Format::Figures;
    Base base = Base::Free;
};

/// Charts for a method, in reading order; those whose metrics the method logs.
class ChartPlans {
    Q_DECLARE_TR_FUNCTIONS(preflab::ChartPlans)

public:
    static std::vector<ChartPlan> of(const ComponentDescription& method);
    /// A chart as planned, over a run's metrics.
    static LineChart* make(const ChartPlan& plan, const std::shared_ptr<RunController>& run);

private:
    static ChartPlan loss(const ComponentDescription& method);
    static ChartPlan terms();
    static ChartPlan sides(const QString& id, const QString& title, const char* prefix);
    static ChartPlan single(const QString& id, const QString& title, const char* metric);
    static ChartPlan rateAndNorm();
};

}  // namespace preflab
