// SPDX-License-Identifier: GPL-3.0-or-later
// Out of the layout and back.
#include "ui/widgets/side_panel.h"

#include "ui/theme/theme.h"
#include "ui/widgets/button.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>

#include <algorithm>

namespace preflab {
namespace {

constexpr int kNarrow = 1100 - 72;  ///< design pixels of a page: the window without its rail

}  // namespace

SidePanel::SidePanel(QWidget& page, QHBoxLayout& row, QWidget& area, QWidget& panel, Button& button)
    : QObject(&page), m_page(page), m_row(row), m_area(area), m_panel(panel), m_button(button)
{
    row.addWidget(&panel);
    button.setCheckable(true);
    button.hide();
    for (QWidget* watched : {&page, &area, &panel}) watched->installEventFilter(this);
    connect(&button, &Button::toggled, this, &SidePanel::showOverlay);
}

void SidePanel::showOverlay(bool isOpen)
{
    if (!m_isOverlay) return;
    m_panel.setVisible(isOpen);
    if (isOpen) placeOverlay();
}

void SidePanel::choosePlace()
{
    const bool isNarrow = m_page.width() < currentTheme().px(kNarrow);
    if (isNarrow == m_isOverlay) return;
    m_isOverlay = isNarrow;
    m_button.setVisible(isNarrow);
    if (isNarrow) {
        m_row.removeWidget(&m_panel);
        m_panel.setParent(&m_page);
    } else {
        m_row.addWidget(&m_panel);
    }
    m_panel.setVisible(!isNarrow || m_button.isChecked());
}

void SidePanel::placeOverlay()
{
    if (!m_isOverlay) return;
    const int width = std::clamp(m_panel.sizeHint().width(), m_panel.minimumWidth(), m_panel.maximumWidth());
    const QPoint corner = m_area.mapTo(&m_page, QPoint(m_area.width() - width, 0));
    m_panel.setGeometry(QRect(corner, QSize(width, m_area.height())));
    m_panel.raise();
}

bool SidePanel::eventFilter(QObject* watched, QEvent* event)
{
    const bool isMoved =
        event->type() == QEvent::Resize || event->type() == QEvent::Move || event->type() == QEvent::Show;
    // Not when the area is resized: then the row is in the middle of placing what it has.
    if (isMoved && watched == &m_page) choosePlace();
    if (isMoved && watched != &m_panel) placeOverlay();
    const bool isKey = watched == &m_panel && event->type() == QEvent::KeyPress && m_isOverlay;
    if (isKey && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        m_button.setChecked(false);
        m_button.setFocus(Qt::OtherFocusReason);
        return true;
    }
    return QObject::eventFilter(watched, event);
}

}  // namespace preflab
