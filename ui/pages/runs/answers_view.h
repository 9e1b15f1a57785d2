// SPDX-License-Identifier: GPL-3.0-or-later
// All sample answers of a run: prompt by prompt, evaluation by evaluation, what is new marked.
#pragma once

#include "ui/models/runs/run_controller.h"
#include "ui/pages/runs/answer_changes.h"

#include <QScrollArea>

#include <memory>

class QVBoxLayout;

namespace preflab {

/// One card a prompt, with the first and the latest answers.
class AnswersView : public QScrollArea {
    Q_OBJECT

public:
    explicit AnswersView(std::shared_ptr<RunController> run, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void rebuild();
    QWidget* makeCard(const std::string& prompt);
    QWidget* makeAnswer(const AnswerChange& change);

    std::shared_ptr<RunController> m_run;
    QVBoxLayout* m_list;
    std::size_t m_shown = 0;
};

}  // namespace preflab
