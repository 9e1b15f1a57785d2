// SPDX-License-Identifier: GPL-3.0-or-later
// QLocale with the design's signs.
#include "ui/models/app/number_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace preflab {
namespace {

QString dash()
{
    return QStringLiteral("–");
}

QString localText(double value, char format, int precision)
{
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    QString text = locale.toString(value, format, precision);
    return text.replace(QLatin1Char('-'), QChar(0x2212));
}

}  // namespace

QString figureText(double value, int digits)
{
    if (!std::isfinite(value)) return dash();
    if (value == 0.0) return QStringLiteral("0");
    const double size = std::abs(value);
    if (size < 1e-3 || size >= 1e6) {
        // "1.7e-6" rather than "1.7e-06"
        const int exponent = static_cast<int>(std::floor(std::log10(size)));
        const QString mantissa = localText(value / std::pow(10.0, exponent), 'g', std::max(digits, 1));
        return mantissa + QLatin1Char('e') + QString::number(exponent).replace(QLatin1Char('-'), QChar(0x2212));
    }
    const int whole = static_cast<int>(std::floor(std::log10(size))) + 1;
    return localText(value, 'f', std::clamp(digits - whole, 0, 6));
}

QString groupedText(std::int64_t count)
{
    QString text = QString::number(count);
    const qsizetype first = count < 0 ? 1 : 0;
    for (qsizetype at = text.size() - 3; at > first; at -= 3) text.insert(at, QChar(0x202F));
    return text.replace(QLatin1Char('-'), QChar(0x2212));
}

QString percentText(double share, int decimals)
{
    if (!std::isfinite(share)) return dash();
    return localText(100.0 * share, 'f', decimals) + QStringLiteral("\u00A0%");
}

bool isShareMetric(const std::string& metric)
{
    return metric.find("accurac") != std::string::npos || metric == "preference_share";
}

QString metricText(const std::string& metric, double value)
{
    if (isShareMetric(metric)) return percentText(value);
    if (metric == "learning_rate") return figureText(value, 2);
    return figureText(value, std::abs(value) >= 100.0 ? 4 : 3);
}

QString spanText(double seconds)
{
    if (!(seconds >= 0.0) || !std::isfinite(seconds)) return dash();
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (whole < 100) return QCoreApplication::translate("units", "%1 s").arg(whole);
    if (whole < 5940) return QCoreApplication::translate("units", "%1 min").arg((whole + 30) / 60);
    const qint64 minutes = (whole + 30) / 60;
    return QCoreApplication::translate("units", "%1 h %2 min")
        .arg(minutes / 60)
        .arg(minutes % 60, 2, 10, QLatin1Char('0'));
}

QString clockText(double seconds)
{
    if (!(seconds >= 0.0) || !std::isfinite(seconds)) return dash();
    const auto whole = static_cast<qint64>(seconds);
    const QString rest = QStringLiteral("%1:%2")
                             .arg(whole / 60 % 60, whole >= 3600 ? 2 : 1, 10, QLatin1Char('0'))
                             .arg(whole % 60, 2, 10, QLatin1Char('0'));
    return whole >= 3600 ? QStringLiteral("%1:%2").arg(whole / 3600).arg(rest) : rest;
}

QString sizeText(std::uint64_t bytes)
{
    if (bytes == 0) return dash();
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat);
}

QString momentText(const std::string& utc)
{
    const QDateTime moment = QDateTime::fromString(QString::fromStdString(utc), Qt::ISODateWithMs).toLocalTime();
    return moment.isValid() ? QLocale().toString(moment, QStringLiteral("d MMM, HH:mm")) : QString::fromStdString(utc);
}

}  // namespace preflab
