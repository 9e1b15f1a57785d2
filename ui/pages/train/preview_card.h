// SPDX-License-Identifier: GPL-3.0-or-later
// What this beta (or lambda) does to your pairs: the loss over their margins.
#pragma once

#include "ui/models/train/loss_preview_model.h"
#include "ui/widgets/blocks.h"

class QHBoxLayout;
class QLabel;

namespace preflab {

class Button;
class ChartCard;
class ComboBox;
class LossPreview;
class Segmented;

/// Follows the preview of a draft; asks for margins of earlier runs, and scores pairs when they are needed.
class PreviewCard : public QWidget {
    Q_OBJECT

public:
    explicit PreviewCard(LossPreviewModel& model, RunDraft& draft, QWidget* parent = nullptr);

private:
    void takeMethods();
    void takePreview();
    void takeSources();
    void takeScoring();

    LossPreviewModel& m_model;
    RunDraft& m_draft;
    LossPreview* m_plot;
    ChartCard* m_card;
    Segmented* m_methods = nullptr;
    QString m_choice;
    ComboBox* m_sources;
    QLabel* m_sentence;
    QLabel* m_scoring;
    Button* m_score;
    QHBoxLayout* m_line;
};

}  // namespace preflab
