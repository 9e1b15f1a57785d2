// SPDX-License-Identifier: GPL-3.0-or-later
// Painted whole: a title and rows of sample, name, value.
#include "ui/plots/readout.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace preflab {
namespace {

constexpr int kSample = 14, kGap = 8, kPadding = 8;  ///< design pixels

}  // namespace

Readout::Readout(QWidget* plot) : QFrame(plot)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

void Readout::setRows(const QString& title, QList<Row> rows)
{
    // What is no number stands below all others.
    const auto rank = [](const Row& row) { return std::isnan(row.number) ? -HUGE_VAL : row.number; };
    std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) { return rank(a) > rank(b); });
    m_title = title;
    m_rows = std::move(rows);
    resize(sizeHint());
    update();
}

QString Readout::text() const
{
    QStringList parts;
    for (const Row& row : m_rows) parts.push_back(QStringLiteral("%1 %2").arg(row.name, row.value));
    return QStringLiteral("%1: %2").arg(m_title, parts.join(QStringLiteral(", ")));
}

QSize Readout::sizeHint() const
{
    const Theme& theme = currentTheme();
    const QFontMetrics names(theme.tiny), values(PlotStyle(theme).tickFont());
    int width = values.horizontalAdvance(m_title);
    for (const Row& row : m_rows) {
        width = std::max(width, theme.px(kSample + 2 * kGap) + names.horizontalAdvance(row.name) +
                                    values.horizontalAdvance(row.value));
    }
    const int line = std::max(names.height(), values.height()) + theme.px(2);
    return {width + 2 * theme.px(kPadding), line * (static_cast<int>(m_rows.size()) + 1) + theme.px(12)};
}

void Readout::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    const QFont mono = PlotStyle(theme).tickFont();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.borderStrong);
    painter.setBrush(theme.bgRaised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(6), theme.px(6));
    const int left = theme.px(kPadding), right = width() - left;
    const int line = (height() - theme.px(12)) / (static_cast<int>(m_rows.size()) + 1);
    QRect at(left, theme.px(6), right - left, line);
    painter.setFont(mono);
    painter.setPen(theme.textSecondary);
    painter.drawText(at, Qt::AlignVCenter, m_title);
    for (const Row& row : m_rows) {
        at.translate(0, line);
        painter.setOpacity(row.isRaw ? 0.4 : 1.0);
        drawLineSample(painter, QRectF(at.left(), at.top(), theme.px(kSample), line), row.look, theme);
        painter.setOpacity(1.0);
        painter.setPen(theme.textPrimary);
        painter.setFont(theme.tiny);
        painter.drawText(at.adjusted(theme.px(kSample + kGap), 0, 0, 0), Qt::AlignVCenter, row.name);
        painter.setFont(mono);
        painter.drawText(at, Qt::AlignVCenter | Qt::AlignRight, row.value);
    }
}

}  // namespace preflab
