// SPDX-License-Identifier: GPL-3.0-or-later
// TRL's names and YAML's spelling. A format, not prose: it is not translated.
#include "core/runs/trl_yaml.h"

#include "core/base/printable.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace preflab {
namespace {

// TRL's ORPO takes null for 512: a limit that nothing reaches stands for none.
constexpr const char* kOrpoNoLimit = "16777216";
constexpr std::size_t kCommentColumn = 34;
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// TRL's name of a parameter; empty for what TRL has no option for.
std::string trlName(const std::string& key)
{
    static const std::map<std::string, std::string> exceptions{{"lambda", "beta"},
                                                               {"dtype", "bf16"},
                                                               {"eval_fraction", "test_split_size"},
                                                               {"eval_samples", ""},
                                                               {"shuffle", "train_sampling_strategy"},
                                                               {"split", ""},
                                                               {"rendering", ""},
                                                               {"threads", ""}};
    const auto found = exceptions.find(key);
    return found == exceptions.end() ? key : found->second;
}

std::string lowerCase(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// YAML 1.1 reads 5e-6 as a text: a number with an exponent wants a point, and a sign before the exponent.
std::string yamlNumber(std::string text)
{
    const std::size_t exponent = text.find('e');
    if (exponent == std::string::npos) return text;
    if (text.find('.') > exponent) text.insert(exponent, ".0");
    const std::size_t digits = text.find('e') + 1;
    if (text[digits] != '-') text.insert(digits, "+");
    return text;
}

std::string yamlText(const std::string& text)
{
    static const std::vector<std::string> words{"yes", "no", "on", "off", "true", "false", "null", "y", "n"};
    const bool isPlain = !text.empty() && (std::string(kLetters) + "/.").find(text.front()) != std::string::npos &&
                         text.find_first_not_of(std::string(kLetters) + "0123456789_./-") == std::string::npos &&
                         std::find(words.begin(), words.end(), lowerCase(text)) == words.end();
    return isPlain ? text : Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool isWithoutLimit(const std::string& key, const ParamValue& value)
{
    return key == "max_length" && value == ParamValue{std::int64_t{0}};
}

std::string yamlValue(const std::string& key, const ParamValue& value, const ComponentDescription& method)
{
    const auto* text = std::get_if<std::string>(&value);
    if (key == "shuffle") return std::get<bool>(value) ? "random" : "sequential";
    if (key == "dtype") return *text == "bfloat16" ? "true" : "false";
    if (key == "loss_type" && method.needsReference) return "[" + yamlText(*text) + "]";  // DPOConfig's may be several
    if (isWithoutLimit(key, value)) return method.recipe == "orpo" ? kOrpoNoLimit : "null";
    if (text) return yamlText(*text);
    return std::holds_alternative<bool>(value) ? toText(value) : yamlNumber(toText(value));
}

/// One setting of the run beside its default.
struct Setting {
    const ParamSpec& spec;
    ParamValue value;
    ParamValue defaultValue;
    bool isChanged() const { return value != defaultValue; }
};

ConfigLine settingLine(const Setting& setting, const ComponentDescription& method)
{
    const std::string& key = setting.spec.key;
    const std::string name = trlName(key);
    ConfigLine line{(name.empty() ? "# PrefLab's " + key : name) + ": " + yamlValue(key, setting.value, method),
                    setting.isChanged()};
    std::string comment;
    const auto add = [&comment](const std::string& part) { comment += (comment.empty() ? "" : ", ") + part; };
    if (name != key && !name.empty()) add(key + " " + toText(setting.value));
    if (isWithoutLimit(key, setting.value)) add("no limit");
    if (setting.isChanged()) add("default " + yamlValue(key, setting.defaultValue, method));
    if (comment.empty()) return line;
    line.text.resize(std::max(line.text.size(), kCommentColumn), ' ');
    line.text += "  # " + comment;
    return line;
}

/// The settings of a run, the method's own first.
class Settings {
public:
    Settings(const RunSpec& spec, const ComponentDescription& method) : m_given(spec.params)
    {
        for (const ParamSpec& one : method.params) add(one, method);
        for (const ParamSpec& one : trainingParams())
            if (!find(one.key)) add(one, method);
    }
    const std::vector<Setting>& all() const { return m_all; }
    const Setting* find(const std::string& key) const
    {
        const auto found = std::find_if(m_all.begin(), m_all.end(),
                                        [&key](const Setting& setting) { return setting.spec.key == key; });
        return found == m_all.end() ? nullptr : &*found;
    }
    ParamValues values() const
    {
        ParamValues values;
        for (const Setting& setting : m_all) values[setting.spec.key] = setting.value;
        return values;
    }
    std::int64_t whole(const std::string& key) const
    {
        const Setting* setting = find(key);
        const auto* value = setting ? std::get_if<std::int64_t>(&setting->value) : nullptr;
        return value ? *value : 0;
    }

private:
    void add(const ParamSpec& spec, const ComponentDescription& method)
    {
        const auto own = method.defaults.find(spec.key);
        const ParamValue standard = own == method.defaults.end() ? spec.defaultValue : own->second;
        const auto given = m_given.find(spec.key);
        m_all.push_back({spec, given == m_given.end() ? standard : given->second, standard});
    }

    const ParamValues& m_given;
    std::vector<Setting> m_all;
};

bool isWritten(const Setting& setting, const Settings& settings, bool isShareHeldOut)
{
    const std::string& key = setting.spec.key;
    // TRL refuses a share of 0.
    if (key == "eval_fraction") return isShareHeldOut;
    if (key == "num_train_epochs" || key == "max_steps")
        return (key == "max_steps") == (settings.whole("max_steps") > 0);
    if ((key == "eval_steps" || key == "save_steps") && settings.whole(key) == 0) return false;
    // Left out, bf16 is on in TRL.
    return !setting.spec.isAdvanced || setting.isChanged() || key == "loss_type" || key == "dtype";
}

/// TRL's data library takes a path for a pattern: what means something in one stands for itself in brackets.
std::string asPattern(const std::string& path)
{
    std::string pattern;
    for (const char letter : path)
        pattern += std::string_view("[*?").find(letter) == std::string_view::npos ? std::string(1, letter)
                                                                                  : "[" + std::string(1, letter) + "]";
    return pattern;
}

/// Model and data, with what TRL will not do as PrefLab does.
std::vector<ConfigLine> head(const RunSpec& spec, const ComponentDescription& method, const ParamValues& params,
                             const TrlData& data)
{
    std::vector<ConfigLine> lines{{"# " + method.title}};
    for (const std::string& note : trlNotes(spec, method, params, data)) lines.push_back({"# " + printable(note)});
    lines.push_back({"model_name_or_path: " + yamlText(spec.model.string())});
    lines.push_back({"datasets:"});
    lines.push_back({"  - path: " + trlReader(spec.data)});
    lines.push_back({"    data_files: " + yamlText(asPattern(spec.data.string()))});
    if (spec.evalData) {
        const std::string columns = mappingText(spec.heldOutColumns());
        lines.push_back({"# PrefLab's eval data: " + yamlText(spec.evalData->string()) +
                         (columns.empty() ? "" : ", with " + yamlText(columns))});
    }
    return lines;
}

}  // namespace

std::vector<ConfigLine> trlYaml(const RunSpec& spec, const ComponentDescription& method, const TrlData& data)
{
    const Settings settings(spec, method);
    const bool hasShare = isShareHeldOut(spec, settings.values());
    const bool isEvaluated = isEvaluatedByTrl(spec, settings.values());
    std::vector<ConfigLine> lines = head(spec, method, settings.values(), data);
    for (const std::string& group : paramGroups()) {
        std::vector<ConfigLine> own;
        for (const Setting& setting : settings.all()) {
            if (setting.spec.group != group || !isWritten(setting, settings, hasShare)) continue;
            own.push_back(settingLine(setting, method));
            if (setting.spec.key == "eval_steps" && !isEvaluated) own.back().text.insert(0, "# PrefLab's ");
        }
        if (!own.empty()) lines.push_back({"# " + lowerCase(group)});
        lines.insert(lines.end(), own.begin(), own.end());
    }
    const auto strategy = [](bool isOn) { return isOn ? std::string("steps") : std::string("\"no\""); };
    lines.push_back({"eval_strategy: " + strategy(isEvaluated)});
    lines.push_back({"save_strategy: " + strategy(settings.whole("save_steps") > 0)});
    if (method.needsReference) lines.push_back({"precompute_ref_log_probs: true"});
    lines.push_back({"output_dir: " + yamlText("runs/" + (spec.name.empty() ? spec.method : spec.name))});
    return lines;
}

std::string joined(const std::vector<ConfigLine>& lines)
{
    std::string text;
    for (const ConfigLine& line : lines) text += line.text + "\n";
    return text;
}

}  // namespace preflab
