// SPDX-License-Identifier: GPL-3.0-or-later
// Header above content.
#include "ui/widgets/page.h"

#include <QVBoxLayout>

namespace preflab {

Page::Page(PageId id, const QString& title, QWidget* parent)
    : QWidget(parent), m_id(id), m_header(new PageHeader(title)), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addWidget(m_header);
}

void Page::setContent(QWidget* content)
{
    m_layout->addWidget(content, 1);
}

void Page::arrive(const Destination& destination)
{
    if (!destination.tab.isEmpty()) m_header->setCurrentTab(destination.tab);
}

}  // namespace preflab
