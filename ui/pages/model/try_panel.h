// SPDX-License-Identifier: GPL-3.0-or-later
// Ask the model something and read the answer while it is written.
#pragma once

#include <QFrame>

#include <filesystem>

class QLabel;
class QPlainTextEdit;

namespace preflab {

class AnswerSources;
class AnswerText;
class AskSession;
class Button;
class ComboBox;
class Note;
class SamplingForm;
class Workspace;

/// Asks the base model or a run's. Ctrl+Enter asks, Esc stops.
class TryPanel : public QFrame {
    Q_OBJECT

public:
    explicit TryPanel(Workspace& workspace, QWidget* parent = nullptr);

    AskSession& session() { return *m_session; }

private:
    QWidget* makeTop();
    QWidget* makeAnswer();
    QWidget* makeQuestion();
    void ask();
    void showState();
    void showReadiness();
    void keepSource();
    QString hindrance() const;
    QString statusText() const;

    Workspace& m_workspace;
    AskSession* m_session;
    AnswerSources* m_sources;
    std::filesystem::path m_source;  ///< chosen; empty: the base model
    ComboBox* m_sourceBox = nullptr;
    QLabel* m_asked = nullptr;
    AnswerText* m_answer = nullptr;
    QLabel* m_status = nullptr;
    Button* m_stop = nullptr;
    Note* m_problem = nullptr;
    QLabel* m_between = nullptr;
    SamplingForm* m_sampling = nullptr;
    QPlainTextEdit* m_prompt = nullptr;
    Button* m_ask = nullptr;
};

}  // namespace preflab
