// SPDX-License-Identifier: GPL-3.0-or-later
// What one can do with PrefLab, in three steps with a way to each.
#pragma once

#include "ui/models/app/destination.h"

#include <QFrame>

#include <memory>

class QVBoxLayout;

namespace preflab {

class StepNumber;
class Workspace;

/// The panel at the right of the first page. A step that was taken in the open project has a tick.
class FirstSteps : public QFrame {
    Q_OBJECT

public:
    explicit FirstSteps(Workspace& workspace, QWidget* parent = nullptr);

Q_SIGNALS:
    void wentTo(const preflab::Destination& destination);

private:
    StepNumber* addStep(QVBoxLayout& layout, const QString& title, const QString& sentence, const QString& button,
                        const Destination& destination);
    void updateTicks();
    void followRuns();

    Workspace& m_workspace;
    StepNumber* m_read = nullptr;
    StepNumber* m_train = nullptr;
    int m_steps = 0;
};

}  // namespace preflab
