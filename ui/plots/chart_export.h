// SPDX-License-Identifier: GPL-3.0-or-later
// Plots as files.
#pragma once

#include "core/base/result.h"
#include "ui/plots/plot_area.h"

#include <QByteArray>
#include <QSize>

#include <filesystem>
#include <functional>

namespace preflab {

/// What a plot can be saved as.
enum class ExportFormat { Png, Svg, Csv };

/// ".png", ".svg", ".csv".
QString exportSuffix(ExportFormat format);

/// Takes what is shown now and returns the work of making the file's bytes of it, which may be done on any thread. The
/// light theme on white. UI thread.
std::function<QByteArray()> exportOf(PlotArea& plot, ExportFormat format, const QSize& size = {900, 560});

}  // namespace preflab
