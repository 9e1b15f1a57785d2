// SPDX-License-Identifier: GPL-3.0-or-later
// A dashed area.
#include "ui/pages/home/drop_area.h"

#include "ui/models/app/background.h"
#include "ui/models/app/workspace.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QtConcurrent>

namespace preflab {

DropArea::DropArea(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    endDrag();
}

void DropArea::setSentence(const QString& text)
{
    m_text = text;
    setAccessibleName(text);
    update();
}

QString DropArea::recognised(const QString& kind, const QString& name) const
{
    if (kind == QLatin1String("project")) return tr("Drop to open the project %1").arg(name);
    if (kind == QLatin1String("model")) return tr("Drop to open the model %1").arg(name);
    return tr("Drop to open the pairs in %1").arg(name);
}

void DropArea::showDrag(const std::filesystem::path& path)
{
    m_isDragShown = true;
    const QString name = QString::fromStdString(path.filename().string());
    setSentence(tr("Drop to open %1").arg(name));
    whenDone(QtConcurrent::run(&Workspace::kindOf, path), this,
             [this, name, generation = ++m_generation](const QString& kind) {
                 if (generation == m_generation) setSentence(recognised(kind, name));
             });
}

void DropArea::endDrag()
{
    ++m_generation;
    m_isDragShown = false;
    setSentence(tr("Drop a data file, a model folder or a project here"));
}

QSize DropArea::sizeHint() const
{
    return {currentTheme().px(200), currentTheme().px(84)};
}

void DropArea::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(m_isDragShown ? theme.accent : theme.borderControl, m_isDragShown ? 2 : 1);
    pen.setDashPattern({4, 3});
    painter.setPen(pen);
    painter.setBrush(m_isDragShown ? theme.bgSelected : QColor(Qt::transparent));
    const double half = pen.widthF() / 2;
    painter.drawRoundedRect(QRectF(rect()).adjusted(half, half, -half, -half), 8, 8);
    const QColor ink = m_isDragShown ? theme.accent : theme.textSecondary;
    const QFont font = m_isDragShown ? theme.strong : theme.body;
    const QFontMetrics metrics(font);
    const int size = theme.px(20);
    const int room = width() - size - theme.px(12 + 32);
    const QRect text = metrics.boundingRect(QRect(0, 0, room, height()), Qt::TextWordWrap, m_text);
    const int left = (width() - size - theme.px(12) - text.width()) / 2;
    painter.drawPixmap(left, (height() - size) / 2,
                       iconPixmap(QStringLiteral("import"), size, ink, devicePixelRatioF()));
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(QRect(left + size + theme.px(12), 0, room, height()), Qt::TextWordWrap | Qt::AlignVCenter, m_text);
}

}  // namespace preflab
