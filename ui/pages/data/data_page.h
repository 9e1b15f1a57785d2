// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs: read, correct, label, export.
#pragma once

#include "core/data/journal/vote_rules.h"
#include "ui/widgets/file_question.h"
#include "ui/widgets/page.h"

class QStackedWidget;

namespace preflab {

class AnnotateTab;
class Button;
class ComboBox;
class DatasetExport;
class ExportQuestion;
class PairsTab;
class VotesQuestion;
class Workspace;

/// The page of the open dataset.
class DataPage : public Page {
    Q_OBJECT

public:
    explicit DataPage(Workspace& workspace, FileChooser chooser = desktopFileChooser(), QWidget* parent = nullptr);
    ~DataPage() override;
    Q_DISABLE_COPY_MOVE(DataPage)
    void arrive(const Destination& destination) override;

private:
    void makeHeader();
    void followSession();
    void keepTyped();
    void showDatasets();
    void showUndo();
    void countTokens();
    void openChosen(int index);
    void exportPairs(bool areLabelsWritten);
    void applyVotes(const VoteRules& rules);

    Workspace& m_workspace;
    FileChooser m_chooser;
    DatasetExport* m_exporter;
    PairsTab* m_pairs;
    AnnotateTab* m_annotate;
    QStackedWidget* m_tabs;
    ExportQuestion* m_exportQuestion;
    VotesQuestion* m_votesQuestion;
    ComboBox* m_datasets = nullptr;
    Button* m_undo = nullptr;
    Button* m_redo = nullptr;
    Button* m_export = nullptr;
    Button* m_train = nullptr;
};

}  // namespace preflab
