// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters completed and checked, the engine's typed view of them, and the spec as JSON.
#include "core/runs/run_spec.h"

#include <cmath>

namespace preflab {

namespace {

/// A whole number where a fraction is wanted, or a fraction that is whole (JSON and scripts mix them).
ParamValue coerced(const ParamSpec& spec, const ParamValue& value)
{
    if (const auto* whole = std::get_if<std::int64_t>(&value);
        whole && std::holds_alternative<double>(spec.defaultValue))
        return static_cast<double>(*whole);
    if (const auto* number = std::get_if<double>(&value); number &&
                                                          std::holds_alternative<std::int64_t>(spec.defaultValue) &&
                                                          std::abs(*number) < 1e15 && std::trunc(*number) == *number)
        return static_cast<std::int64_t>(*number);
    return value;
}

Result<> checkMaxLength(const ParamValues& values)
{
    const auto& value = values.at("max_length");
    // One token has nothing to predict; ParamSpec's range cannot leave a hole after 0.
    if (std::get<std::int64_t>(value) == 1)
        return fail(ErrorCode::ParameterOutOfRange,
                    {{"key", "max_length"}, {"value", "1"}, {"range", "0 (no truncation), or 2 and above"}});
    return {};
}

template <class T>
T read(const ParamValues& values, const char* key)
{
    return std::get<T>(values.at(key));
}

Result<std::vector<std::string>> stringList(const JsonObject& object, std::string_view key)
{
    std::vector<std::string> result;
    if (!object.has(key)) return result;
    const Json& list = object.json().at(std::string(key));
    const bool isList = list.is_array();
    for (const Json& item : isList ? list : Json::array()) {
        if (!item.is_string()) break;
        result.push_back(item.get<std::string>());
    }
    if (!isList || result.size() != list.size())
        return fail(
            ErrorCode::ConfigInvalid,
            {{"path", object.file().string()}, {"key", std::string(key)}, {"reason", "it must be a list of texts"}});
    return result;
}

Result<ColumnMapping> columnsFrom(const Json& json, const char* key, const std::filesystem::path& place)
{
    const auto columns = columnMappingFrom(json.at(key));
    if (columns) return *columns;
    return fail(ErrorCode::ConfigInvalid, {{"path", place.string()}, {"key", key}, {"reason", columns.error()}});
}

}  // namespace

RecipeOptions TrainingOptions::recipeOptions() const
{
    return {maxLength, split};
}

BatchPlanOptions TrainingOptions::batchPlan(std::uint32_t pairs) const
{
    BatchPlanOptions options;
    options.pairs = pairs;
    options.batchSize = batchSize;
    options.gradientAccumulation = gradientAccumulation;
    options.epochs = epochs;
    options.maxSteps = maxSteps;
    options.seed = seed;
    options.isShuffled = isShuffled;
    return options;
}

Result<ParamValues> completeParams(const ParamValues& values, const std::string& method,
                                   const std::vector<ParamSpec>& methodParams, const ParamValues& methodDefaults)
{
    ParamValues completed = defaultsOf(trainingParams());
    completed.merge(defaultsOf(methodParams));
    const auto set = [&](const std::string& key, const ParamValue& value) -> Result<> {
        const ParamSpec* spec = findParam(methodParams, key);
        if (!spec) spec = findParam(trainingParams(), key);
        if (!spec) return fail(ErrorCode::UnknownParameter, {{"key", key}, {"method", method}});
        const ParamValue typed = coerced(*spec, value);
        TRY_VOID(validateParam(*spec, typed));
        completed[key] = typed;
        return {};
    };
    for (const auto& [key, value] : methodDefaults) TRY_VOID(set(key, value));
    for (const auto& [key, value] : values) TRY_VOID(set(key, value));
    TRY_VOID(checkMaxLength(completed));
    return completed;
}

Result<TrainingOptions> trainingOptions(const ParamValues& completed)
{
    for (const ParamSpec& spec : trainingParams()) {
        const auto found = completed.find(spec.key);
        if (found == completed.end() || found->second.index() != spec.defaultValue.index())
            return fail(ErrorCode::Internal, {{"reason", "parameter " + spec.key + " was not completed"}});
    }
    TrainingOptions options;
    options.learningRate = read<double>(completed, "learning_rate");
    options.schedule = read<std::string>(completed, "lr_scheduler_type");
    options.warmupSteps = read<double>(completed, "warmup_steps");
    options.weightDecay = read<double>(completed, "weight_decay");
    options.adamBeta1 = read<double>(completed, "adam_beta1");
    options.adamBeta2 = read<double>(completed, "adam_beta2");
    options.adamEpsilon = read<double>(completed, "adam_epsilon");
    options.maxGradNorm = read<double>(completed, "max_grad_norm");
    options.batchSize = read<std::int64_t>(completed, "per_device_train_batch_size");
    options.evalBatchSize = read<std::int64_t>(completed, "per_device_eval_batch_size");
    options.gradientAccumulation = read<std::int64_t>(completed, "gradient_accumulation_steps");
    options.epochs = read<double>(completed, "num_train_epochs");
    if (const auto steps = read<std::int64_t>(completed, "max_steps"); steps > 0) options.maxSteps = steps;
    options.maxLength = read<std::int64_t>(completed, "max_length");
    if (*options.maxLength == 0) options.maxLength.reset();
    options.evalEvery = read<std::int64_t>(completed, "eval_steps");
    options.evalFraction = read<double>(completed, "eval_fraction");
    options.areSamplesEvaluated = read<bool>(completed, "eval_samples");
    options.saveEvery = read<std::int64_t>(completed, "save_steps");
    options.dtype = read<std::string>(completed, "dtype");
    options.seed = static_cast<std::uint64_t>(read<std::int64_t>(completed, "seed"));
    options.threads = read<std::int64_t>(completed, "threads");
    options.isShuffled = read<bool>(completed, "shuffle");
    options.split =
        read<std::string>(completed, "split") == splitRuleId(SplitRule::Trl) ? SplitRule::Trl : SplitRule::Automatic;
    options.chatTemplate = findChatTemplate(read<std::string>(completed, "rendering"));
    return options;
}

Json toJson(const RunSpec& spec)
{
    Json json;
    json["name"] = spec.name;
    json["method"] = spec.method;
    json["model"] = spec.model.string();
    json["data"] = spec.data.string();
    if (spec.evalData) json["eval_data"] = spec.evalData->string();
    if (!spec.columns.isPlain()) json["columns"] = toJson(spec.columns);
    if (spec.evalColumns) json["eval_columns"] = toJson(*spec.evalColumns);
    json["params"] = toJson(spec.params);
    json["usable_by"] = Json(spec.usableBy);
    json["sample_prompts"] = Json(spec.samplePrompts);
    if (!spec.dataHash.empty()) json["data_hash"] = spec.dataHash;
    if (spec.areIdenticalPairsWanted) json["identical_pairs"] = true;
    return json;
}

Result<RunSpec> runSpecFromJson(const Json& json)
{
    const std::filesystem::path place = "run settings";
    if (!json.is_object())
        return fail(ErrorCode::ConfigInvalid,
                    {{"path", place.string()}, {"key", ""}, {"reason", "it must be an object"}});
    const JsonObject object(json, place);
    RunSpec spec;
    TRY(spec.name, object.string("name", ""));
    TRY(spec.method, object.string("method"));
    TRY(spec.model, object.string("model"));
    TRY(spec.data, object.string("data"));
    if (object.has("eval_data")) {
        TRY(spec.evalData, object.string("eval_data"));
    }
    if (object.has("columns")) {
        TRY(spec.columns, columnsFrom(json, "columns", place));
    }
    if (object.has("eval_columns")) {
        TRY(spec.evalColumns, columnsFrom(json, "eval_columns", place));
    }
    if (object.has("params")) {
        TRY(spec.params, paramValuesFromJson(json.at("params")));
    }
    TRY(spec.usableBy, stringList(object, "usable_by"));
    TRY(spec.samplePrompts, stringList(object, "sample_prompts"));
    TRY(spec.dataHash, object.string("data_hash", ""));
    TRY(spec.areIdenticalPairsWanted, object.boolean("identical_pairs", false));
    return spec;
}

}  // namespace preflab
