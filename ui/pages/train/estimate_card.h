// SPDX-License-Identifier: GPL-3.0-or-later
// Time and memory of the runs being composed, from one timed step.
#pragma once

#include "ui/models/train/train_setup.h"
#include "ui/widgets/blocks.h"

class QLabel;

namespace preflab {

class Badge;

/// Says so when nothing was timed yet.
class EstimateCard : public Card {
    Q_OBJECT

public:
    explicit EstimateCard(TrainSetup& setup, QWidget* parent = nullptr);

private:
    void takeEstimate();
    void showEstimate(const DraftEstimate& estimate);
    void showNothing();

    TrainSetup& m_setup;
    QLabel* m_time;
    QLabel* m_timeNote;
    QLabel* m_memory;
    QLabel* m_memoryNote;
    Badge* m_badge;
    PartsBar* m_parts;
};

/// "about 46 min", or "less than a minute".
QString aboutText(double seconds);

}  // namespace preflab
