// SPDX-License-Identifier: GPL-3.0-or-later
// The only way to QCustomPlot: its header needs Qt's keywords, which are switched off here (but not in tests).
#pragma once

#include <QObject>

#ifdef QT_NO_KEYWORDS
#define signals Q_SIGNALS
#define slots Q_SLOTS
#define emit
#define foreach(variable, container) for (variable : container)
#include <qcustomplot.h>
#undef signals
#undef slots
#undef emit
#undef foreach
#else
#include <qcustomplot.h>
#endif
