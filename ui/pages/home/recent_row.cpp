// SPDX-License-Identifier: GPL-3.0-or-later
// Labels on a button that paints its hover.
#include "ui/pages/home/recent_row.h"

#include "ui/models/app/recent_projects_model.h"
#include "ui/theme/focus_ring.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/paint.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>

namespace preflab {

RecentRow::RecentRow(const QModelIndex& index, QWidget* parent)
    : QAbstractButton(parent), m_index(index), m_name(makeLabel({})), m_job(new Badge({}, QStringLiteral("accent"))),
      m_contents(makeLabel({}, "small", "secondary")), m_when(makeLabel({}, "small", "muted")), m_remedies(new QWidget)
{
    const Theme& theme = currentTheme();
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(8), 0, theme.px(8), 0);
    layout->setSpacing(theme.px(12));
    auto* name = new QHBoxLayout;
    name->setSpacing(theme.px(10));
    name->addWidget(m_name);
    name->addWidget(m_job);
    name->addStretch(1);
    layout->addWidget(new IconLabel(QStringLiteral("folder"), QStringLiteral("text.muted")));
    layout->addLayout(name, 10);
    layout->addWidget(m_contents, 6);
    m_when->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_when->setMinimumWidth(theme.px(92));
    layout->addWidget(m_when);
    auto* remedies = new QHBoxLayout(m_remedies);
    remedies->setContentsMargins(0, 0, 0, 0);
    remedies->setSpacing(theme.px(8));
    auto* find = new Button(tr("Find"));
    auto* remove = new Button(tr("Remove"), Button::Kind::Bare);
    for (Button* button : {find, remove}) {
        button->setDense();
        remedies->addWidget(button);
    }
    find->setToolTip(tr("Say where this project lies now"));
    remove->setToolTip(tr("Take it off this list; nothing is deleted"));
    layout->addWidget(m_remedies);
    connect(find, &Button::clicked, this, &RecentRow::findWanted);
    connect(remove, &Button::clicked, this, &RecentRow::removeWanted);
    for (QWidget* label :
         {static_cast<QWidget*>(m_name), static_cast<QWidget*>(m_contents), static_cast<QWidget*>(m_when)})
        label->setAttribute(Qt::WA_TransparentForMouseEvents);
    refresh();
}

void RecentRow::refresh()
{
    if (!m_index.isValid()) return;
    const QString name = m_index.data().toString();
    const QString job = m_index.data(RecentProjectsModel::JobRole).toString();
    const QString contents = m_index.data(RecentProjectsModel::ContentsRole).toString();
    const QString when = m_index.data(RecentProjectsModel::WhenRole).toString();
    m_isGone = m_index.data(RecentProjectsModel::IsGoneRole).toBool();
    setLook(*m_name, "tone", m_isGone ? QVariant(QStringLiteral("muted")) : QVariant());
    setLook(*m_contents, "tone", m_isGone ? QStringLiteral("muted") : QStringLiteral("secondary"));
    m_job->setText(job);
    m_job->setVisible(!job.isEmpty());
    m_contents->setText(contents);
    m_when->setText(when);
    m_when->setVisible(!m_isGone);
    m_remedies->setVisible(m_isGone);
    setText(name);
    elideName();
    setAccessibleDescription(job.isEmpty() ? tr("%1, opened %2").arg(contents, when)
                                           : tr("%1, %2, opened %3").arg(job, contents, when));
    setToolTip(m_index.data(RecentProjectsModel::FolderRole).toString());
    setCursor(m_isGone ? Qt::ArrowCursor : Qt::PointingHandCursor);
}

void RecentRow::elideName()
{
    // What stands beside the name keeps its room; the whole name is in the tooltip.
    const int room = std::max(width() * 2 / 5, currentTheme().px(80));
    m_name->setText(QFontMetrics(currentTheme().body).elidedText(text(), Qt::ElideMiddle, room));
}

void RecentRow::resizeEvent(QResizeEvent* event)
{
    QAbstractButton::resizeEvent(event);
    elideName();
}

QSize RecentRow::sizeHint() const
{
    return {layout()->sizeHint().width(), currentTheme().px(40)};
}

QSize RecentRow::minimumSizeHint() const
{
    return {layout()->minimumSize().width(), currentTheme().px(40)};
}

void RecentRow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange) updateGeometry();
    QAbstractButton::changeEvent(event);
}

void RecentRow::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (underMouse() && !m_isGone) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(isDown() ? theme.bgPressed : theme.bgHover);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0, 2, 0, -2), 6, 6);
    }
    if (hasFocus()) drawFocusRing(painter, QRectF(rect()).adjusted(1, 3, -1, -3), 6);
}

}  // namespace preflab
