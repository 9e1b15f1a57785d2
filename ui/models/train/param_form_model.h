// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of a form, made from parameters that describe themselves.
#pragma once

#include "core/base/schema.h"

#include <QObject>
#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// One field: what it is, what stands in it, what is wrong with it.
struct ParamField {
    ParamSpec spec;
    ParamValue defaultValue;  ///< of the method: what a run without this setting has
    ParamValue value;         ///< the last value that was in range
    QString text;             ///< what stands in the field; `value` unless there is an error
    QString error;            ///< one sentence, or nothing

    /// The field's name and its help in the user's language.
    QString label() const;
    QString help() const;
    bool isChanged() const { return value != defaultValue; }
};

/// Fields by key, in the order of their specs. Texts that are no value stay as they are typed, with their error. UI
/// thread.
class ParamFormModel : public QObject {
    Q_OBJECT

public:
    explicit ParamFormModel(QObject* parent = nullptr);

    /// Another set of fields. `values` overrides `defaults`; a key that is in both sets keeps what was typed in it if
    /// that was no value.
    void setFields(const std::vector<ParamSpec>& specs, const ParamValues& defaults, const ParamValues& values);
    const std::vector<ParamField>& fields() const { return m_fields; }
    /// The field of that key, or nullptr.
    const ParamField* field(const std::string& key) const;
    /// The value of a field; nothing without such a field.
    std::optional<ParamValue> value(const std::string& key) const;
    /// Headings of the fields that are there, in the order of forms.
    std::vector<std::string> groups() const;
    /// No field has an error.
    bool isValid() const;

    /// The user typed this; a text that is no value in range becomes the field's error. `edited` and `changed`.
    void setText(const std::string& key, const QString& text);
    /// The user put back the default. `edited` and `changed`.
    void reset(const std::string& key);
    /// Shows a value that the user did not type; `changed` if it is another. Nothing while the field has an error.
    void show(const std::string& key, const ParamValue& value);

Q_SIGNALS:
    void fieldsChanged();                  ///< others than before
    void changed(const std::string& key);  ///< text, value or error of one field
    void edited(const std::string& key);   ///< by the user

private:
    ParamField* find(const std::string& key);

    std::vector<ParamField> m_fields;
};

/// A parameter's name in the user's language, by its English one; the same for groups and choices.
QString paramText(const std::string& english);

}  // namespace preflab
