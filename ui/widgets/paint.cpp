// SPDX-License-Identifier: GPL-3.0-or-later
// Key caps, badges and rings.
#include "ui/widgets/paint.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <QKeySequence>
#include <QPainter>

#include <algorithm>

namespace preflab {
namespace {

QFont badgeFont()
{
    QFont font = currentTheme().tiny;
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont keyFont()
{
    QFont font = currentTheme().mono;
    font.setPixelSize(currentTheme().tiny.pixelSize());
    return font;
}

}  // namespace

ToneColors toneColors(const QString& tone)
{
    const Theme& t = currentTheme();
    if (tone == QLatin1String("chosen")) return {t.chosen, t.chosenBg};
    if (tone == QLatin1String("rejected")) return {t.rejected, t.rejectedBg};
    if (tone == QLatin1String("ok")) return {t.ok, t.okBg};
    if (tone == QLatin1String("warning")) return {t.warning, t.warningBg};
    if (tone == QLatin1String("danger")) return {t.danger, t.dangerBg};
    if (tone == QLatin1String("accent")) return {t.accent, t.bgSelected};
    return {t.textSecondary, t.bgHover};
}

int capHeight()
{
    return currentTheme().px(18);
}

int keyCapWidth(const QString& text)
{
    return std::max(currentTheme().px(20), QFontMetrics(keyFont()).horizontalAdvance(text) + currentTheme().px(10) + 2);
}

int badgeWidth(const QString& text, bool hasIcon)
{
    const Theme& theme = currentTheme();
    return QFontMetrics(badgeFont()).horizontalAdvance(text) + theme.px(12) + (hasIcon ? theme.px(16) : 0);
}

void drawKeyCap(QPainter& painter, const QRect& rect, const QString& text, KeyCapLook look)
{
    const Theme& theme = currentTheme();
    const bool onFill = look == KeyCapLook::OnFill, isDisabled = look == KeyCapLook::Disabled;
    const int height = capHeight();
    const QRectF cap(rect.left() + 0.5, rect.top() + (rect.height() - height) / 2 + 0.5, keyCapWidth(text) - 1,
                     height - 1);
    QColor line = onFill ? theme.accentOnFill : isDisabled ? theme.borderSubtle : theme.borderStrong;
    if (onFill) line.setAlphaF(0.5F);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(line);
    painter.setBrush(onFill ? QColor(Qt::transparent) : theme.bgInset);
    painter.drawRoundedRect(cap, 4, 4);
    painter.drawLine(QPointF(cap.left() + 3, cap.bottom() - 1), QPointF(cap.right() - 3, cap.bottom() - 1));
    painter.setFont(keyFont());
    painter.setPen(onFill ? theme.accentOnFill : isDisabled ? theme.textDisabled : theme.textSecondary);
    painter.drawText(cap.adjusted(0, 0, 0, -1), Qt::AlignCenter, text);
    painter.restore();
}

int drawBadge(QPainter& painter, const QRect& rect, const QString& text, const QString& tone, const QString& icon)
{
    const Theme& theme = currentTheme();
    const ToneColors colors = toneColors(tone);
    const int height = capHeight();
    const int width = badgeWidth(text, !icon.isEmpty());
    const QRectF badge(rect.left(), rect.top() + (rect.height() - height) / 2, width, height);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.background);
    painter.drawRoundedRect(badge, 4, 4);
    QRectF inner = badge.adjusted(theme.px(6), 0, -theme.px(6), 0);
    if (!icon.isEmpty()) {
        const int size = theme.px(12);
        painter.drawPixmap(QPointF(inner.left(), badge.center().y() - size / 2.0),
                           iconPixmap(icon, size, colors.text, painter.device()->devicePixelRatioF()));
        inner.setLeft(inner.left() + theme.px(16));
    }
    painter.setFont(badgeFont());
    painter.setPen(colors.text);
    painter.drawText(inner, Qt::AlignVCenter | Qt::AlignLeft, text);
    painter.restore();
    return width;
}

QString keyText(const QString& portable)
{
    QString text = QKeySequence(portable, QKeySequence::PortableText).toString(QKeySequence::NativeText);
    if (text.isEmpty()) text = portable;
    text.replace(QLatin1String("Return"), QLatin1String("Enter"));
    text.replace(QLatin1String("Left"), QStringLiteral("←")).replace(QLatin1String("Right"), QStringLiteral("→"));
    if (text.size() > 1 && !text.endsWith(QLatin1Char('+'))) text.replace(QLatin1Char('+'), QLatin1Char(' '));
    return text;
}

}  // namespace preflab
