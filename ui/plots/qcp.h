// SPDX-License-Identifier: GPL-3.0-or-later
// The only way to QCustomPlot: its header needs Qt's keywords, which are switched off here.
#pragma once

#include <QObject>

#define signals Q_SIGNALS
#define slots Q_SLOTS
#define emit
#define foreach(variable, container) for (variable : container)
#include <qcustomplot.h>
#undef signals
#undef slots
#undef emit
#undef foreach
