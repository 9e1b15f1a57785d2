// SPDX-License-Identifier: GPL-3.0-or-later
// Figures as people read them, in their locale: real minus sign, units after a space.
#pragma once

#include <QString>

#include <cstdint>
#include <string>

namespace preflab {

/// So many significant digits, without an exponent from 0.001 to 999 999; a dash for what is no number.
QString figureText(double value, int digits = 3);
/// "134 515 008": whole, in groups of three behind narrow spaces.
QString groupedText(std::int64_t count);
/// "65 %"; with decimals "65.2 %".
QString percentText(double share, int decimals = 0);
/// A figure of a metric: accuracies as shares in percent, everything else by its digits.
QString metricText(const std::string& metric, double value);
/// True for metrics that are shares of pairs or tokens.
bool isShareMetric(const std::string& metric);
/// "17 min", "1 h 02 min", "12 s"; a dash for a negative one.
QString spanText(double seconds);
/// "28:41", "1:02:03".
QString clockText(double seconds);
/// "2.7 GB", in decimal units.
QString sizeText(std::uint64_t bytes);
/// A moment of a record (UTC) in local time: "14 Mar, 15:05".
QString momentText(const std::string& utc);

}  // namespace preflab
