// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a form made from parameters that describe themselves. Train page and wizard are built of the same ones.
#pragma once

#include "ui/models/train/train_setup.h"
#include "ui/widgets/form_row.h"

#include <QString>

#include <string>

class QLabel;

namespace preflab {

class NumberField;
class ScaledSlider;
class Segmented;

/// Where help stands.
enum class HelpPlace {
    Below,    ///< the field
    Tooltip,  ///< and for readers of the screen; the form is tighter
};

/// One parameter: a list for choices, a switch for yes and no, a field for numbers, with a slider where equal factors
/// count. Follows the model both ways, shows error and difference, resets by Ctrl+Backspace.
class ParamRow : public FormRow {
    Q_OBJECT

public:
    ParamRow(ParamFormModel& form, const std::string& key, HelpPlace help, QWidget* parent = nullptr);
    const std::string& key() const { return m_key; }

private:
    static QWidget* makeEditor(ParamFormModel& form, const std::string& key);
    void takeField();

    ParamFormModel& m_form;
    std::string m_key;
};

/// How long a run is: epochs or steps, and what that comes to.
class LengthRow : public FormRow {
    Q_OBJECT

public:
    LengthRow(RunDraft& draft, HelpPlace help, QWidget* parent = nullptr);

private:
    explicit LengthRow(RunDraft& draft, HelpPlace help, QWidget* parent, NumberField* field);
    void takeDraft();
    void takeText(const QString& text);
    std::string key() const;

    RunDraft& m_draft;
    NumberField* m_field;
    Segmented* m_unit;
    QLabel* m_steps;
    bool m_isInSteps = false;
};

/// Pairs at once times accumulated batches.
class BatchRow : public FormRow {
    Q_OBJECT

public:
    BatchRow(ParamFormModel& form, HelpPlace help, QWidget* parent = nullptr);

private:
    explicit BatchRow(ParamFormModel& form, HelpPlace help, QWidget* parent, NumberField* batch);
    void takeForm();

    ParamFormModel& m_form;
    NumberField* m_accumulation;
    QLabel* m_product;
};

/// Keeps a field and a parameter alike: what reads as a value is taken while it is typed, anything else when the field
/// is left.
void bindField(NumberField& field, ParamFormModel& form, const std::string& key);
/// The same for a slider.
void bindSlider(ScaledSlider& slider, ParamFormModel& form, const std::string& key);

}  // namespace preflab
