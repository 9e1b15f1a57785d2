// SPDX-License-Identifier: GPL-3.0-or-later
// ParamSpec to Flag and text to ParamValue.
#include "app/cli/run_flags.h"

#include "core/project/path_text.h"

#include <algorithm>
#include <map>
#include <set>

namespace preflab {

namespace {

// Everyday names where TRL's are long; TRL's stay as aliases.
const std::map<std::string, std::string>& everydayNames()
{
    static const std::map<std::string, std::string> names{
        {"num_train_epochs", "epochs"},
        {"per_device_train_batch_size", "batch-size"},
        {"per_device_eval_batch_size", "eval-batch-size"},
        {"gradient_accumulation_steps", "accumulation"},
        {"eval_steps", "eval-every"},
        {"save_steps", "save-every"},
        {"lr_scheduler_type", "schedule"},
    };
    return names;
}

std::string dashed(std::string key)
{
    std::replace(key.begin(), key.end(), '_', '-');
    return key;
}

std::string valueName(const ParamSpec& spec)
{
    if (!spec.choices.empty()) {
        std::string names;
        for (const std::string& choice : spec.choices) names += (names.empty() ? "" : "|") + choice;
        return names;
    }
    if (std::holds_alternative<bool>(spec.defaultValue)) return "true|false";
    if (std::holds_alternative<std::int64_t>(spec.defaultValue)) return "N";
    return std::holds_alternative<double>(spec.defaultValue) ? "X" : "TEXT";
}

std::vector<ComponentDescription> describeMethods(const Backend& backend)
{
    std::vector<ComponentDescription> methods = backend.describeComponents();
    std::erase_if(methods, [](const ComponentDescription& component) {
        return component.kind != ComponentDescription::Kind::Method;
    });
    return methods;
}

Flag flagFrom(const ParamSpec& spec, const std::string& group)
{
    Flag flag;
    flag.name = flagOf(spec.key);
    flag.valueName = valueName(spec);
    flag.help = spec.help;
    flag.group = group;
    if (flag.name != dashed(spec.key)) flag.aliases.push_back(dashed(spec.key));
    flag.defaultText = toText(spec.defaultValue);
    return flag;
}

// Two methods may have a setting of one name: the flag says what it is to the second, too.
void addMeaning(std::vector<Flag>& flags, const ParamSpec& spec, const std::string& method)
{
    const auto flag =
        std::find_if(flags.begin(), flags.end(), [&spec](const Flag& known) { return known.name == flagOf(spec.key); });
    if (flag == flags.end()) return;
    flag->help += " With " + method + ", " + valueName(spec) + ": " + spec.help;
    flag->defaultText += ", " + method + " " + toText(spec.defaultValue);
}

// The parameter's error under the name that the user typed.
Result<ParamValue> parseFlag(const ParamSpec& spec, const std::string& flag, const std::string& text)
{
    ParamSpec named = spec;
    named.key = "--" + flag;
    return parseParam(named, text);
}

// The parameters that a method's run may set, by flag.
std::map<std::string, ParamSpec> specsByFlag(const ComponentDescription& method)
{
    std::map<std::string, ParamSpec> specs;
    for (const ParamSpec& spec : trainingParams()) specs[flagOf(spec.key)] = spec;
    for (const ParamSpec& spec : method.params) specs[flagOf(spec.key)] = spec;
    return specs;
}

}  // namespace

std::string flagOf(const std::string& parameter)
{
    const auto found = everydayNames().find(parameter);
    return found == everydayNames().end() ? dashed(parameter) : found->second;
}

std::vector<Flag> parameterFlags(const Backend& backend)
{
    const std::vector<ComponentDescription> methods = describeMethods(backend);
    std::set<std::string> known;
    std::vector<Flag> flags;
    for (const ParamSpec& spec : trainingParams()) {
        known.insert(spec.key);
        Flag flag = flagFrom(spec, "Training");
        for (const ComponentDescription& method : methods) {
            const auto own = method.defaults.find(spec.key);
            if (own != method.defaults.end()) flag.defaultText += ", " + method.id + " " + toText(own->second);
        }
        flags.push_back(std::move(flag));
    }
    for (const ComponentDescription& method : methods) {
        const std::string group = "Settings of " + method.id;
        for (const ParamSpec& spec : method.params) {
            if (known.insert(spec.key).second)
                flags.push_back(flagFrom(spec, group));
            else
                addMeaning(flags, spec, method.id);
        }
    }
    return flags;
}

Result<ParamValues> parametersFrom(const Arguments& arguments, const Backend& backend, const std::string& method)
{
    TRY(const ComponentDescription description, describeMethod(backend, method));
    const std::map<std::string, ParamSpec> specs = specsByFlag(description);
    ParamValues values;
    for (const Flag& flag : parameterFlags(backend)) {
        if (!arguments.has(flag.name)) continue;
        const auto spec = specs.find(flag.name);
        if (spec == specs.end())
            return fail(ErrorCode::UnknownParameter, {{"key", "--" + flag.name}, {"method", method}});
        TRY(values[spec->second.key], parseFlag(spec->second, flag.name, arguments.text(flag.name)));
    }
    return values;
}

Result<ComponentDescription> describeMethod(const Backend& backend, const std::string& method)
{
    for (const ComponentDescription& description : describeMethods(backend))
        if (description.id == method) return description;
    return fail(ErrorCode::UnknownMethod, {{"found", method}, {"supported", methodNames(backend, ", ")}});
}

std::string methodNames(const Backend& backend, const std::string& separator)
{
    std::string names;
    for (const ComponentDescription& method : describeMethods(backend))
        names += (names.empty() ? "" : separator) + method.id;
    return names;
}

Flag projectFlag()
{
    return {
        .name = "project", .valueName = "DIR", .help = "The project folder; without it, the one in your data folder."};
}

std::vector<Flag> trainingFlags(const std::vector<std::string>& keys)
{
    std::vector<Flag> flags;
    for (const std::string& key : keys)
        if (const ParamSpec* spec = findParam(trainingParams(), key)) flags.push_back(flagFrom(*spec, "Options"));
    return flags;
}

Result<TrainingOptions> trainingOptionsFrom(const Arguments& arguments, const std::string& command)
{
    ParamValues values;
    for (const ParamSpec& spec : trainingParams()) {
        const std::string flag = flagOf(spec.key);
        if (!arguments.has(flag)) continue;
        TRY(values[spec.key], parseFlag(spec, flag, arguments.text(flag)));
    }
    TRY(const ParamValues completed, completeParams(values, command, {}, {}));
    return trainingOptions(completed);
}

Json specJson(RunSpec spec)
{
    spec.model = pathText(spec.model);
    spec.data = pathText(spec.data);
    if (spec.evalData) spec.evalData = pathText(*spec.evalData);
    return toJson(spec);
}

std::filesystem::path absolutePath(const std::string& typed)
{
    std::error_code ignored;
    const std::filesystem::path path = std::filesystem::absolute(pathOfText(typed), ignored).lexically_normal();
    // "models/" and "models" are one folder; the name of the last part is wanted for lists.
    return path.has_filename() ? path : path.parent_path();
}

}  // namespace preflab
