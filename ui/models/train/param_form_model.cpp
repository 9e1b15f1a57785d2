// SPDX-License-Identifier: GPL-3.0-or-later
// Fields of a form and what is typed into them.
#include "ui/models/train/param_form_model.h"

#include "ui/models/app/error_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace preflab {
namespace {

/// The error under the field's own name.
QString sentenceFor(const ParamField& field, Error error)
{
    error.arguments["key"] = field.label().toStdString();
    return errorText(error);
}

}  // namespace

QString paramText(const std::string& english)
{
    return english.empty() ? QString() : QCoreApplication::translate("parameters", english.c_str());
}

QString ParamField::label() const
{
    return paramText(spec.title.empty() ? spec.key : spec.title);
}

QString ParamField::help() const
{
    return paramText(spec.help);
}

ParamFormModel::ParamFormModel(QObject* parent) : QObject(parent) {}

void ParamFormModel::setFields(const std::vector<ParamSpec>& specs, const ParamValues& defaults,
                               const ParamValues& values)
{
    std::vector<ParamField> fields;
    for (const ParamSpec& spec : specs) {
        ParamField field{spec, spec.defaultValue, spec.defaultValue, {}, {}};
        if (const auto found = defaults.find(spec.key); found != defaults.end()) field.defaultValue = found->second;
        const auto own = values.find(spec.key);
        field.value = own == values.end() ? field.defaultValue : own->second;
        field.text = QString::fromStdString(toText(field.value));
        if (const ParamField* before = this->field(spec.key); before && !before->error.isEmpty()) {
            field.text = before->text;
            field.error = before->error;
        }
        fields.push_back(std::move(field));
    }
    m_fields = std::move(fields);
    Q_EMIT fieldsChanged();
}

const ParamField* ParamFormModel::field(const std::string& key) const
{
    const auto found =
        std::find_if(m_fields.begin(), m_fields.end(), [&](const ParamField& field) { return field.spec.key == key; });
    return found == m_fields.end() ? nullptr : &*found;
}

ParamField* ParamFormModel::find(const std::string& key)
{
    return const_cast<ParamField*>(field(key));
}

std::optional<ParamValue> ParamFormModel::value(const std::string& key) const
{
    const ParamField* found = field(key);
    return found ? std::optional(found->value) : std::nullopt;
}

std::vector<std::string> ParamFormModel::groups() const
{
    std::vector<std::string> present;
    for (const std::string& group : paramGroups()) {
        const bool isThere = std::any_of(m_fields.begin(), m_fields.end(),
                                         [&](const ParamField& field) { return field.spec.group == group; });
        if (isThere) present.push_back(group);
    }
    return present;
}

bool ParamFormModel::isValid() const
{
    return std::all_of(m_fields.begin(), m_fields.end(), [](const ParamField& field) { return field.error.isEmpty(); });
}

void ParamFormModel::setText(const std::string& key, const QString& text)
{
    ParamField* field = find(key);
    if (!field || field->text == text) return;
    field->text = text;
    const auto value = parseParam(field->spec, text.toStdString());
    field->error = value ? QString() : sentenceFor(*field, value.error());
    if (value) field->value = *value;
    Q_EMIT edited(key);
    Q_EMIT changed(key);
}

void ParamFormModel::reset(const std::string& key)
{
    ParamField* field = find(key);
    if (!field) return;
    field->value = field->defaultValue;
    field->text = QString::fromStdString(toText(field->value));
    field->error.clear();
    Q_EMIT edited(key);
    Q_EMIT changed(key);
}

void ParamFormModel::show(const std::string& key, const ParamValue& value)
{
    ParamField* field = find(key);
    if (!field || !field->error.isEmpty() || field->value == value) return;
    field->value = value;
    field->text = QString::fromStdString(toText(value));
    Q_EMIT changed(key);
}

}  // namespace preflab
