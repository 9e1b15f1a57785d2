// SPDX-License-Identifier: GPL-3.0-or-later
// Cards, notes, bars, wrapping.
#include "ui/widgets/blocks.h"

#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/paint.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace preflab {

Card::Card(const QString& title, QWidget* parent) : QFrame(parent), m_body(new QVBoxLayout)
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("card"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(10), theme.px(14), theme.px(12));
    layout->setSpacing(theme.px(8));
    m_titleRow = new QHBoxLayout;
    m_titleRow->setSpacing(theme.px(8));
    m_title = makeLabel(title, "strong");
    m_titleRow->addWidget(m_title);
    m_titleRow->addStretch(1);
    if (title.isEmpty()) m_title->hide();  // not setVisible: it has no parent yet, and would be a window
    layout->addLayout(m_titleRow);
    m_body->setSpacing(theme.px(8));
    layout->addLayout(m_body, 1);
}

void Card::addToTitle(QWidget* widget, TitleRoom room)
{
    const bool takesAll = room == TitleRoom::AllThereIs;
    m_titleRow->addWidget(widget, takesAll ? 1 : 0);
    if (takesAll) m_titleRow->setStretch(1, 0);  // not shared with the gap behind the title
}

void Card::setTitle(const QString& title)
{
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
}

namespace {

QString iconOfTone(const QString& tone)
{
    if (tone == QLatin1String("warning")) return QStringLiteral("warn");
    if (tone == QLatin1String("danger")) return QStringLiteral("error");
    return tone == QLatin1String("ok") ? QStringLiteral("check") : QStringLiteral("info");
}

QString colorOfTone(const QString& tone)
{
    return tone == QLatin1String("info") ? QStringLiteral("accent") : tone;
}

}  // namespace

Note::Note(const QString& tone, const QString& text, QWidget* parent)
    : QFrame(parent), m_tone(tone), m_icon(new IconLabel(iconOfTone(tone), colorOfTone(tone))),
      m_text(makeLabel(text, "small", "primary")), m_buttons(new QHBoxLayout)
{
    const Theme& theme = currentTheme();
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(12) + 1, theme.px(10) + 1, theme.px(12) + 1, theme.px(10) + 1);
    layout->setSpacing(theme.px(10));
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addLayout(m_buttons);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

void Note::setText(const QString& text)
{
    m_text->setText(text);
}

QString Note::text() const
{
    return m_text->text();
}

void Note::setTone(const QString& tone)
{
    m_tone = tone;
    m_icon->setIcon(iconOfTone(tone), colorOfTone(tone));
    update();
}

void Note::addButton(const QString& text, std::function<void()> action)
{
    auto* button = new Button(text);
    button->setDense();
    connect(button, &Button::clicked, this, [action = std::move(action)] { action(); });
    m_buttons->addWidget(button);
}

void Note::clearButtons()
{
    clearLayout(*m_buttons);
}

void Note::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    const bool isInfo = m_tone == QLatin1String("info");
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(isInfo ? theme.borderSubtle : QColor(Qt::transparent));
    painter.setBrush(isInfo ? theme.bgInset : toneColors(m_tone).background);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

ThinProgress::ThinProgress(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Progress"));
}

void ThinProgress::setShare(double share)
{
    m_share = std::clamp(share, 0.0, 1.0);
    setAccessibleDescription(tr("%1 %").arg(qRound(m_share * 100)));
    update();
}

QSize ThinProgress::sizeHint() const
{
    return {currentTheme().px(120), currentTheme().px(6)};
}

void ThinProgress::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const qreal height = theme.px(6);
    const QRectF track(0, (this->height() - height) / 2, width(), height);
    painter.setBrush(theme.bgPressed);
    painter.drawRoundedRect(track, height / 2, height / 2);
    if (m_share <= 0.0) return;
    painter.setBrush(theme.accent);
    painter.drawRoundedRect(QRectF(track.left(), track.top(), std::max(height, track.width() * m_share), height),
                            height / 2, height / 2);
}

PartsBar::PartsBar(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void PartsBar::setParts(const QList<Part>& parts)
{
    m_parts = parts;
    QStringList words;
    for (const Part& part : parts) words.push_back(part.label);
    setAccessibleName(words.join(QStringLiteral(", ")));
    update();
}

QSize PartsBar::sizeHint() const
{
    return {currentTheme().px(240), currentTheme().px(38)};
}

void PartsBar::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(theme.tiny);
    double total = 0.0;
    for (const Part& part : m_parts) total += part.size;
    if (total <= 0.0) return;
    qreal x = 0, legend = 0;
    for (qsizetype i = 0; i < m_parts.size(); ++i) {
        const QColor color = theme.series[static_cast<std::size_t>(i % 8)];
        const qreal width = m_parts[i].size / total * this->width();
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawRoundedRect(QRectF(x, 0, std::max(1.0, width - 2), theme.px(9)), 2, 2);
        x += width;
        painter.drawRoundedRect(QRectF(legend, theme.px(23), theme.px(8), theme.px(8)), 2, 2);
        painter.setPen(theme.textSecondary);
        painter.drawText(QPointF(legend + theme.px(13), theme.px(31)), m_parts[i].label);
        legend += QFontMetrics(theme.tiny).horizontalAdvance(m_parts[i].label) + theme.px(28);
    }
}

FlowLayout::FlowLayout(int spacing, QWidget* parent) : QLayout(parent)
{
    setSpacing(spacing);
    setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout()
{
    while (QLayoutItem* item = takeAt(0)) delete item;
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

int FlowLayout::heightForWidth(int width) const
{
    return arrange(QRect(0, 0, width, 0), true);
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem* item : m_items) size = size.expandedTo(item->minimumSize());
    return size;
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, false);
}

int FlowLayout::arrange(const QRect& rect, bool isTrial) const
{
    int x = rect.x(), y = rect.y(), lineHeight = 0;
    for (QLayoutItem* item : m_items) {
        if (item->isEmpty()) continue;
        const QSize size = item->sizeHint();
        if (x > rect.x() && x + size.width() > rect.right() + 1) {
            x = rect.x();
            y += lineHeight + spacing();
            lineHeight = 0;
        }
        if (!isTrial) item->setGeometry(QRect(QPoint(x, y), size));
        x += size.width() + spacing();
        lineHeight = std::max(lineHeight, size.height());
    }
    return y + lineHeight - rect.y();
}

void clearLayout(QLayout& layout)
{
    while (QLayoutItem* item = layout.takeAt(0)) {
        if (item->widget() != nullptr) item->widget()->deleteLater();
        if (item->layout() != nullptr) clearLayout(*item->layout());
        delete item;
    }
}

}  // namespace preflab
