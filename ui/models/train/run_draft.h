// SPDX-License-Identifier: GPL-3.0-or-later
// The run that is being composed: method, model, data, settings. Train page and wizard are two views of it.
#pragma once

#include "core/data/rows/row.h"
#include "core/runs/backend.h"
#include "ui/models/train/param_form_model.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// One answer to "how should it learn": a method, or all methods that learn from the same pairs as a matched pair.
struct MethodChoice {
    QString id;  ///< "dpo"; of a matched pair "dpo+orpo"
    QString title;
    std::vector<ComponentDescription> methods;  ///< one, or those of the matched pair
    bool needsPairs = false;

    bool isMatched() const { return methods.size() > 1; }
    bool needsReference() const;
};

/// What the draft knows of its data; figures are absent until they were read.
struct DraftData {
    std::filesystem::path path;
    std::uint32_t rows = 0;  ///< in use: without those left out
    std::optional<RowKind> kind;
    std::string contentHash = {};
    ColumnMapping columns = {};          ///< as the dataset was opened
    bool isEdited = false;               ///< rows were edited, swapped or left out
    bool isUnreadable = false;           ///< in part
    std::filesystem::path project = {};  ///< whose edits these are
    bool operator==(const DraftData&) const = default;
};

/// One setting that is not what a run has by default.
struct DraftDifference {
    std::string key;
    QString label;
    QString defaultText;
    QString text;
};

/// Never blocks and reads no file: whoever knows the model and the data tells it. UI thread.
class RunDraft : public QObject {
    Q_OBJECT

public:
    /// Methods come from the engine's own description.
    explicit RunDraft(const std::vector<ComponentDescription>& components, QObject* parent = nullptr);

    const std::vector<MethodChoice>& choices() const { return m_choices; }
    const MethodChoice& choice() const { return m_choices[m_choice]; }
    void setChoice(const QString& id);

    const std::filesystem::path& model() const { return m_model; }
    const std::optional<ModelReport>& modelReport() const { return m_report; }
    void setModel(const std::filesystem::path& folder, const std::optional<ModelReport>& report);
    const DraftData& data() const { return m_data; }
    void setData(const DraftData& data);
    /// Held-out pairs of their own; without, a share of the data is held out.
    const std::optional<std::filesystem::path>& evalData() const { return m_evalData; }
    void setEvalData(const std::optional<std::filesystem::path>& path);
    /// As the user named it; empty: `suggestedName`.
    const QString& name() const { return m_name; }
    void setName(const QString& name);
    /// "dpo-beta-0.1"
    QString suggestedName() const;
    const QStringList& samplePrompts() const { return m_samplePrompts; }
    void setSamplePrompts(const QStringList& prompts);

    /// The settings; edit them there.
    ParamFormModel& form() { return m_form; }
    const ParamFormModel& form() const { return m_form; }

    /// The longest sequence in tokens (TRL `max_length`), 0 for no limit; nothing where the method has none or it is wrong.
    std::optional<std::int64_t> maxLength() const;
    /// How the draft's rows become tokens, apart from the maximum length.
    SplitRule splitRule() const;
    const ChatTemplate& chatTemplate() const;
    /// Steps that the settings mean for the data; nothing while the data is unknown or a setting is wrong.
    std::optional<std::int64_t> steps() const;
    /// How many pairs are trained on and held out; 0 while unknown, or when held-out pairs are a file of their own.
    std::uint32_t trainedPairs() const;
    std::uint32_t heldOutPairs() const;
    /// Settings that differ from a run's defaults, in the form's order.
    std::vector<DraftDifference> differences() const;
    void resetAll();
    /// One order for each method of the choice; a matched pair shares rows, seed and order. Parameters at their defaults
    /// are left out.
    std::vector<RunSpec> specs() const;

    /// Everything the user chose, and back; what is unknown in it is skipped.
    Json toJson() const;
    void restore(const Json& json);
    /// The method, settings, held-out pairs and prompts of a run, to set up another like it; it gets a name of its own.
    void take(const RunSpec& spec);

Q_SIGNALS:
    void choiceChanged();
    void sourcesChanged();  ///< model, data or held-out data
    void namesChanged();    ///< name or sample prompts
    void changed();         ///< anything, settings included

private:
    void addChoices(const std::vector<ComponentDescription>& components);
    void takeChoice(const QString& id);
    void rebuildForm();
    void takeEdit(const std::string& key);
    void suggest();
    ParamValues defaults() const;
    ParamValues suggestions() const;
    ParamValues knownValues(const ParamValues& values) const;
    ParamValues valuesFor(const ComponentDescription& method) const;
    std::optional<std::int64_t> stepsFor(std::uint32_t pairs) const;

    std::vector<MethodChoice> m_choices;
    std::size_t m_choice = 0;
    std::filesystem::path m_model;
    std::optional<ModelReport> m_report;
    DraftData m_data;
    std::optional<std::filesystem::path> m_evalData;
    QString m_name;
    QStringList m_samplePrompts;
    ParamValues m_chosen;  ///< what the user set, for every method; suggestions fill the rest
    ParamFormModel m_form;
};

}  // namespace preflab
