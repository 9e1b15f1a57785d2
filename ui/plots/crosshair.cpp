// SPDX-License-Identifier: GPL-3.0-or-later
// Tells everybody when it moves.
#include "ui/plots/crosshair.h"

namespace preflab {

void Crosshair::setMode(Mode mode)
{
    if (mode == m_mode) return;
    m_mode = mode;
    Q_EMIT changed();
}

void Crosshair::moveTo(double x, const QObject* source)
{
    if (m_x == x && m_source == source) return;
    m_x = x;
    m_source = source;
    if (m_mode == Mode::Shown) Q_EMIT changed();
}

void Crosshair::clear()
{
    if (!m_x) return;
    m_x.reset();
    m_source = nullptr;
    Q_EMIT changed();
}

}  // namespace preflab
