// SPDX-License-Identifier: GPL-3.0-or-later
// Rows for what a run is made from: method, model, pairs, held-out pairs.
#pragma once

#include "ui/models/train/train_setup.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/file_question.h"
#include "ui/widgets/form_row.h"

#include <filesystem>
#include <vector>

namespace preflab {

class Segmented;

/// A list of files or folders that ends in asking for another one.
class SourceBox : public ComboBox {
    Q_OBJECT

public:
    explicit SourceBox(const QString& otherText, QWidget* parent = nullptr);
    /// One entry; an empty path is an answer without a file.
    struct Entry {
        QString text;
        std::filesystem::path path;
    };
    void setEntries(const std::vector<Entry>& entries, const std::filesystem::path& current);

Q_SIGNALS:
    void picked(const std::filesystem::path& path);
    void otherWanted();

private:
    void take(int index);

    QString m_otherText;
    std::vector<Entry> m_entries;
    int m_current = -1;
};

/// DPO, ORPO, both: one of the draft's choices.
class MethodRow : public FormRow {
    Q_OBJECT

public:
    explicit MethodRow(RunDraft& draft, QWidget* parent = nullptr);
};

/// The workspace's model.
class ModelRow : public FormRow {
    Q_OBJECT

public:
    ModelRow(TrainSetup& setup, FileChooser chooser, QWidget* parent = nullptr);

private:
    void takeDraft();
    TrainSetup& m_setup;
    SourceBox* m_box;
};

/// The workspace's dataset, or one that was open before.
class DataRow : public FormRow {
    Q_OBJECT

public:
    DataRow(TrainSetup& setup, FileChooser chooser, QWidget* parent = nullptr);

private:
    void takeDraft();
    TrainSetup& m_setup;
    SourceBox* m_box;
};

/// A share of the pairs, or a file.
class HeldOutRow : public FormRow {
    Q_OBJECT

public:
    HeldOutRow(TrainSetup& setup, FileChooser chooser, QWidget* parent = nullptr);

private:
    void takeDraft();
    TrainSetup& m_setup;
    SourceBox* m_box;
};

/// "134.5 M": how large a model is.
QString parametersText(std::int64_t parameters);

}  // namespace preflab
