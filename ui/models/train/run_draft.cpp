// SPDX-License-Identifier: GPL-3.0-or-later
// What the user composed, what PrefLab proposes for the rest, and the orders that come out of it.
#include "ui/models/train/run_draft.h"

#include "core/runs/batch_plan.h"
#include "core/runs/suggestions.h"
#include "core/text/recipe.h"

#include <QLocale>

#include <algorithm>
#include <array>

namespace preflab {
namespace {

// What `suggestions` may fill.
constexpr std::array kSuggested{"eval_fraction", "learning_rate", "eval_steps"};

ParamValues defaultsOfMethod(const ComponentDescription& method)
{
    ParamValues values = defaultsOf(trainingParams());
    values.merge(defaultsOf(method.params));
    for (const auto& [key, value] : method.defaults) values[key] = value;
    return values;
}

/// The setting that a method is known by: "beta" of DPO.
const ParamSpec* strengthOf(const ComponentDescription& method)
{
    const auto found = std::find_if(method.params.begin(), method.params.end(), [](const ParamSpec& spec) {
        return spec.group == paramGroups().front() && spec.isLogScale;
    });
    return found == method.params.end() ? nullptr : &*found;
}

bool learnsFromPairs(const ComponentDescription& method)
{
    const RecipeInfo* recipe = findRecipe(method.recipe);
    return recipe && recipe->needsRejected;
}

}  // namespace

bool MethodChoice::needsReference() const
{
    return std::any_of(methods.begin(), methods.end(),
                       [](const ComponentDescription& method) { return method.needsReference; });
}

RunDraft::RunDraft(const std::vector<ComponentDescription>& components, QObject* parent) : QObject(parent), m_form(this)
{
    addChoices(components);
    rebuildForm();
    connect(&m_form, &ParamFormModel::edited, this, &RunDraft::takeEdit);
}

void RunDraft::addChoices(const std::vector<ComponentDescription>& components)
{
    MethodChoice matched;
    std::vector<MethodChoice> others;
    for (const ComponentDescription& component : components) {
        if (component.kind != ComponentDescription::Kind::Method) continue;
        MethodChoice choice{QString::fromStdString(component.id),
                            QString::fromStdString(component.title),
                            {component},
                            learnsFromPairs(component)};
        if (choice.needsPairs) matched.methods.push_back(component);
        (choice.needsPairs ? m_choices : others).push_back(std::move(choice));
    }
    if (matched.isMatched()) {
        QStringList ids, titles;
        for (const MethodChoice& choice : m_choices) {
            ids << choice.id;
            titles << choice.title;
        }
        matched.id = ids.join(QLatin1Char('+'));
        matched.title = titles.size() == 2 ? tr("%1 and %2, matched").arg(titles[0], titles[1])
                                           : tr("%1, matched").arg(QLocale().createSeparatedList(titles));
        matched.needsPairs = true;
        m_choices.push_back(std::move(matched));
    }
    for (MethodChoice& choice : others) m_choices.push_back(std::move(choice));
    if (m_choices.empty()) m_choices.emplace_back();
}

void RunDraft::setChoice(const QString& id)
{
    const auto found =
        std::find_if(m_choices.begin(), m_choices.end(), [&](const MethodChoice& choice) { return choice.id == id; });
    if (found == m_choices.end() || found->id == choice().id) return;
    m_choice = static_cast<std::size_t>(found - m_choices.begin());
    rebuildForm();
    Q_EMIT choiceChanged();
    Q_EMIT changed();
}

void RunDraft::setModel(const std::filesystem::path& folder, const std::optional<ModelReport>& report)
{
    m_model = folder;
    m_report = report;
    suggest();
    Q_EMIT sourcesChanged();
    Q_EMIT changed();
}

void RunDraft::setData(const DraftData& data)
{
    if (m_data == data) return;
    m_data = data;
    suggest();
    Q_EMIT sourcesChanged();
    Q_EMIT changed();
}

void RunDraft::setEvalData(const std::optional<std::filesystem::path>& path)
{
    if (m_evalData == path) return;
    m_evalData = path;
    suggest();
    Q_EMIT sourcesChanged();
    Q_EMIT changed();
}

void RunDraft::setName(const QString& name)
{
    if (m_name == name) return;
    m_name = name;
    Q_EMIT namesChanged();
    Q_EMIT changed();
}

QString RunDraft::suggestedName() const
{
    QStringList parts;
    for (const ComponentDescription& method : choice().methods) {
        parts << QString::fromStdString(method.id);
        const ParamSpec* strength = strengthOf(method);
        const auto value = strength ? m_form.value(strength->key) : std::nullopt;
        if (value) parts << QString::fromStdString(strength->key) << QString::fromStdString(toText(*value));
    }
    return parts.join(QLatin1Char('-'));
}

void RunDraft::setSamplePrompts(const QStringList& prompts)
{
    if (m_samplePrompts == prompts) return;
    m_samplePrompts = prompts;
    Q_EMIT namesChanged();
    Q_EMIT changed();
}

ParamValues RunDraft::defaults() const
{
    ParamValues values;
    for (const ComponentDescription& method : choice().methods) values.merge(defaultsOfMethod(method));
    return values;
}

ParamValues RunDraft::suggestions() const
{
    ParamValues values;
    if (!m_evalData) values["eval_fraction"] = kSuggestedHeldOutShare;
    if (choice().needsPairs && m_report) {
        if (const auto rate = suggestedLearningRate(m_report->parameters)) values["learning_rate"] = *rate;
    }
    const std::uint32_t held = m_evalData ? 0 : heldOutRows(m_data.rows, kSuggestedHeldOutShare);
    if (const auto all = stepsFor(m_data.rows - std::min(held, m_data.rows)); all && *all > 0)
        values["eval_steps"] = suggestedEvaluationInterval(*all);
    return values;
}

void RunDraft::rebuildForm()
{
    std::vector<ParamSpec> specs;
    const auto add = [&specs](const std::vector<ParamSpec>& more) {
        for (const ParamSpec& spec : more) {
            if (!findParam(specs, spec.key)) specs.push_back(spec);
        }
    };
    for (const ComponentDescription& method : choice().methods) add(method.params);
    add(trainingParams());
    m_form.setFields(specs, defaults(), m_chosen);
    suggest();
}

void RunDraft::suggest()
{
    ParamValues values = m_chosen;
    values.merge(suggestions());
    values.merge(defaults());
    for (const ParamField& field : m_form.fields()) m_form.show(field.spec.key, values.at(field.spec.key));
}

void RunDraft::takeEdit(const std::string& key)
{
    const ParamField* field = m_form.field(key);
    if (field->error.isEmpty()) m_chosen[key] = field->value;
    suggest();
    Q_EMIT changed();
}

std::optional<std::int64_t> RunDraft::stepsFor(std::uint32_t pairs) const
{
    if (pairs == 0 || choice().methods.empty()) return std::nullopt;
    ParamValues values = defaults();
    for (const ParamField& field : m_form.fields()) values[field.spec.key] = field.value;
    const auto options = trainingOptions(values);
    if (!options) return std::nullopt;
    return BatchPlan(options->batchPlan(pairs)).totalSteps();
}

std::optional<std::int64_t> RunDraft::maxLength() const
{
    const auto length = m_form.value("max_length");
    return length ? std::optional(std::get<std::int64_t>(*length)) : std::nullopt;
}

SplitRule RunDraft::splitRule() const
{
    const auto chosen = m_form.value("split");
    return chosen == ParamValue(std::string(splitRuleId(SplitRule::Trl))) ? SplitRule::Trl : SplitRule::Automatic;
}

const ChatTemplate& RunDraft::chatTemplate() const
{
    const auto chosen = m_form.value("rendering");
    const ChatTemplate* known = chosen ? findChatTemplate(std::get<std::string>(*chosen)) : nullptr;
    return known != nullptr ? *known : defaultChatTemplate();
}

std::optional<std::int64_t> RunDraft::steps() const
{
    return m_form.isValid() ? stepsFor(trainedPairs()) : std::nullopt;
}

std::uint32_t RunDraft::heldOutPairs() const
{
    const auto share = m_form.value("eval_fraction");
    return m_evalData || !share ? 0 : heldOutRows(m_data.rows, std::get<double>(*share));
}

std::uint32_t RunDraft::trainedPairs() const
{
    return m_data.rows - heldOutPairs();
}

ParamValues RunDraft::knownValues(const ParamValues& values) const
{
    ParamValues known;
    const auto take = [&](const std::vector<ParamSpec>& specs) {
        for (const auto& [key, value] : values) {
            if (const ParamSpec* spec = findParam(specs, key); spec && validateParam(*spec, value)) known[key] = value;
        }
    };
    take(trainingParams());
    for (const MethodChoice& choice : m_choices) {
        for (const ComponentDescription& method : choice.methods) take(method.params);
    }
    return known;
}

std::vector<DraftDifference> RunDraft::differences() const
{
    std::vector<DraftDifference> all;
    for (const ParamField& field : m_form.fields()) {
        if (!field.isChanged() || (m_evalData && field.spec.key == "eval_fraction")) continue;
        all.push_back({field.spec.key, field.label(), QString::fromStdString(toText(field.defaultValue)),
                       QString::fromStdString(toText(field.value))});
    }
    return all;
}

void RunDraft::resetAll()
{
    for (const DraftDifference& difference : differences()) m_form.reset(difference.key);
}

ParamValues RunDraft::valuesFor(const ComponentDescription& method) const
{
    ParamValues values;
    for (const auto& [key, standard] : defaultsOfMethod(method)) {
        const auto value = m_form.value(key);
        if (value && *value != standard && !(m_evalData && key == "eval_fraction")) values[key] = *value;
    }
    return values;
}

std::vector<RunSpec> RunDraft::specs() const
{
    std::vector<RunSpec> all;
    for (const ComponentDescription& method : choice().methods) {
        RunSpec spec;
        spec.method = method.id;
        spec.model = m_model;
        spec.data = m_data.path;
        spec.dataHash = m_data.contentHash;
        spec.evalData = m_evalData;
        spec.columns = m_data.columns;
        spec.params = valuesFor(method);
        for (const QString& prompt : m_samplePrompts) spec.samplePrompts.push_back(prompt.toStdString());
        if (choice().isMatched()) {
            for (const ComponentDescription& other : choice().methods) spec.usableBy.push_back(other.recipe);
        }
        QStringList name{m_name.isEmpty() ? QString::fromStdString(method.id) : m_name};
        const ParamSpec* strength = strengthOf(method);
        if (m_name.isEmpty() && strength) {
            name << QString::fromStdString(strength->key)
                 << QString::fromStdString(toText(m_form.value(strength->key).value_or(strength->defaultValue)));
        } else if (choice().isMatched()) {
            name << QString::fromStdString(method.id);
        }
        spec.name = name.join(QLatin1Char('-')).toStdString();
        all.push_back(std::move(spec));
    }
    return all;
}

Json RunDraft::toJson() const
{
    Json json = Json::object();
    json["method"] = choice().id.toStdString();
    json["name"] = m_name.toStdString();
    if (m_evalData) json["eval_data"] = m_evalData->string();
    json["params"] = preflab::toJson(m_chosen);
    json["sample_prompts"] = Json::array();
    for (const QString& prompt : m_samplePrompts) json["sample_prompts"].push_back(prompt.toStdString());
    return json;
}

void RunDraft::restore(const Json& json)
{
    const JsonObject object(json, "draft");
    if (!json.is_object()) return;
    m_name = QString::fromStdString(object.string("name", "").value_or(""));
    m_evalData.reset();
    if (const auto path = object.string("eval_data", ""); path && !path->empty()) m_evalData = *path;
    m_samplePrompts.clear();
    if (object.has("sample_prompts")) {
        for (const Json& prompt : json.at("sample_prompts")) {
            if (prompt.is_string()) m_samplePrompts << QString::fromStdString(prompt.get<std::string>());
        }
    }
    m_chosen.clear();
    if (object.has("params")) m_chosen = knownValues(paramValuesFromJson(json.at("params")).value_or(ParamValues{}));
    takeChoice(QString::fromStdString(object.string("method", "").value_or("")));
}

void RunDraft::take(const RunSpec& spec)
{
    m_name.clear();
    m_evalData = spec.evalData;
    m_samplePrompts.clear();
    for (const std::string& prompt : spec.samplePrompts) m_samplePrompts << QString::fromStdString(prompt);
    m_chosen = knownValues(spec.params);
    // An order leaves out what is the method's default; a proposal in its place would make another run of it.
    for (const MethodChoice& choice : m_choices) {
        if (choice.isMatched() || choice.methods.empty() || choice.methods.front().id != spec.method) continue;
        const ParamValues usual = defaultsOfMethod(choice.methods.front());
        for (const char* key : kSuggested) {
            if (const auto found = usual.find(key); found != usual.end()) m_chosen.insert(*found);
        }
    }
    takeChoice(QString::fromStdString(spec.method));
}

void RunDraft::takeChoice(const QString& id)
{
    m_choice = 0;
    for (std::size_t i = 0; i < m_choices.size(); ++i) {
        if (m_choices[i].id == id) m_choice = i;
    }
    rebuildForm();
    Q_EMIT choiceChanged();
    Q_EMIT sourcesChanged();
    Q_EMIT namesChanged();
    Q_EMIT changed();
}

}  // namespace preflab
