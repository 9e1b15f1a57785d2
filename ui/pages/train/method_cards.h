// SPDX-License-Identifier: GPL-3.0-or-later
// The methods as cards to choose from, each with a small drawing of its loss.
#pragma once

#include "ui/models/train/run_draft.h"

#include <QAbstractButton>
#include <QWidget>

#include <vector>

class QButtonGroup;

namespace preflab {

/// One choice: title with its key, drawing, explanation. A radio button by behaviour.
class MethodCard : public QAbstractButton {
    Q_OBJECT

public:
    MethodCard(const MethodChoice& choice, int number, QWidget* parent = nullptr);
    /// A loss over the margin, from minus to plus one: what is drawn for each method, in the colours of series from
    /// `firstSeries` on.
    void setCurves(std::vector<std::vector<double>> curves, std::size_t firstSeries);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintDrawing(QPainter& painter, const QRect& rect) const;
    void paintPoints(QPainter& painter, QRect rect) const;

    QString m_help;
    QStringList m_points;
    int m_number;
    bool m_startsTogether = false;  ///< all pairs at one margin: with a reference
    std::vector<std::vector<double>> m_curves;
    std::size_t m_firstSeries = 0;
};

/// All choices side by side; arrows move, 1 to 9 choose.
class MethodCards : public QWidget {
    Q_OBJECT

public:
    MethodCards(RunDraft& draft, const Backend& backend, QWidget* parent = nullptr);
    /// The chosen one.
    QWidget* current() const;

private:
    void takeChoice();

    RunDraft& m_draft;
    QButtonGroup* m_group;
};

}  // namespace preflab
