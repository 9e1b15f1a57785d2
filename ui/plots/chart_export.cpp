// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures are painted on the UI thread, where the plot lives; what is slow comes after.
#include "ui/plots/chart_export.h"

#include <QBuffer>
#include <QSvgGenerator>

#include <cmath>

namespace preflab {
namespace {

QByteArray csvOf(const PlotTable& table)
{
    QByteArray text;
    for (qsizetype i = 0; i < table.headers.size(); ++i) {
        QString header = table.headers[i];
        header.replace(QLatin1Char('"'), QStringLiteral("\"\""));
        text += (i > 0 ? "," : "") + QByteArray("\"") + header.toUtf8() + "\"";
    }
    text += '\n';
    const std::size_t rows = table.columns.empty() ? 0 : table.columns.front().size();
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < table.columns.size(); ++column) {
            if (column > 0) text += ',';
            const double value = table.columns[column][row];
            if (std::isfinite(value)) text += QByteArray::number(value, 'g', 10);
        }
        text += '\n';
    }
    return text;
}

QByteArray svgOf(PlotArea& plot, const QSize& size, const Theme& theme)
{
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect({0, 0}, size));
    generator.setTitle(plot.title());
    QCPPainter painter;
    painter.begin(&generator);
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    plot.drawTo(painter, size, theme, Qt::white);
    painter.end();
    return buffer.data();
}

QImage imageOf(PlotArea& plot, const QSize& size, const Theme& theme)
{
    constexpr int kScale = 2;
    QImage image(size * kScale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(kScale);
    image.fill(Qt::white);
    QCPPainter painter;
    painter.begin(&image);
    painter.setMode(QCPPainter::pmNoCaching);
    plot.drawTo(painter, size, theme, Qt::white);
    painter.end();
    return image;
}

}  // namespace

QString exportSuffix(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Svg:
        return QStringLiteral(".svg");
    case ExportFormat::Csv:
        return QStringLiteral(".csv");
    case ExportFormat::Png:
        break;
    }
    return QStringLiteral(".png");
}

std::function<QByteArray()> exportOf(PlotArea& plot, ExportFormat format, const QSize& size)
{
    if (format == ExportFormat::Csv) return [table = plot.tableWork()] { return csvOf(table()); };
    const Theme theme = makeTheme(ThemeKind::Light);
    if (format == ExportFormat::Svg) return [bytes = svgOf(plot, size, theme)] { return bytes; };
    return [image = imageOf(plot, size, theme)] {
        QBuffer buffer;
        image.save(&buffer, "PNG");
        return buffer.data();
    };
}

}  // namespace preflab
