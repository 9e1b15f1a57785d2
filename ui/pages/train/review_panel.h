// SPDX-License-Identifier: GPL-3.0-or-later
// The wizard's last step: what will happen, what is not the default, what was checked, and the same as text.
#pragma once

#include "ui/models/train/train_setup.h"

#include <QHash>
#include <QWidget>

class QGridLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QVBoxLayout;

namespace preflab {

class Badge;
class Button;
class Segmented;

/// Rows with "Change" lead back to the step concerned.
class ReviewPanel : public QWidget {
    Q_OBJECT

public:
    explicit ReviewPanel(TrainSetup& setup, QWidget* parent = nullptr);

Q_SIGNALS:
    /// "model", "data", "method" or a parameter.
    void changeWanted(const std::string& key);
    void placeWanted(const preflab::Destination& place);
    void noticed(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeSummary();
    QWidget* makeDifferences();
    QWidget* makeChecks();
    QWidget* makeText();
    void addSummaryRow(QGridLayout& grid, const std::string& key, const QString& title);
    void takeDraft();
    void takeDifferences();
    void takeFindings();
    void addFinding(const DraftFinding& finding);
    void takeText();
    void save();
    bool isYaml() const;

    TrainSetup& m_setup;
    QHash<QString, QLabel*> m_summary;
    QLineEdit* m_name = nullptr;
    Badge* m_count = nullptr;
    Button* m_resetAll = nullptr;
    QGridLayout* m_differences = nullptr;
    QLabel* m_checked = nullptr;
    QVBoxLayout* m_checks = nullptr;
    Segmented* m_kind = nullptr;
    QPlainTextEdit* m_text = nullptr;
};

}  // namespace preflab
