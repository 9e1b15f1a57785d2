// SPDX-License-Identifier: GPL-3.0-or-later
// Completed settings, held-out numbers and the conditions of a fair comparison.
#include "core/runs/comparison.h"

#include <algorithm>

namespace preflab {

namespace {

/// A run with what is compared of it.
struct Side {
    const ComparedRun& run;
    ParamValues params;
    std::int64_t steps = 0;
    bool areHeldOutKnown = false;  ///< the content of held-out files is known of all runs that have one
};

std::string settingText(const Side& side, const char* key)
{
    const auto found = side.params.find(key);
    return found == side.params.end() ? std::string() : toText(found->second);
}

std::string texts(const Side& side, std::initializer_list<const char*> keys)
{
    std::string text;
    for (const char* key : keys) text += settingText(side, key) + "\n";
    return text;
}

/// Contents where all runs know them, since the same file may lie at two places.
std::string sourceText(const std::string& hash, const std::filesystem::path& path, bool areHashesKnown)
{
    return areHashesKnown ? hash : path.string();
}

/// The recipes that decide which rows are left. A method that was told nothing looks at its own only.
std::string rowsText(const ComparedRun& run)
{
    std::vector<std::string> recipes = run.record.spec.usableBy;
    recipes.push_back(run.method.recipe.empty() ? run.record.method : run.method.recipe);
    std::sort(recipes.begin(), recipes.end());
    recipes.erase(std::unique(recipes.begin(), recipes.end()), recipes.end());
    std::string text;
    for (const std::string& recipe : recipes) text += recipe + " ";
    return text;
}

/// A file of held-out pairs may be exchanged or edited between two runs; a share is that of the training data.
std::string heldOutText(const Side& side)
{
    const RunRecord& record = side.run.record;
    if (!record.spec.evalData) return settingText(side, "eval_fraction");
    return sourceText(record.heldOutHash, *record.spec.evalData, side.areHeldOutKnown) + " " +
           std::to_string(record.heldOutPosition);
}

/// Steps that were done, with those that were meant where a run ended early: its schedule was that of a longer one.
std::string stepsText(const Side& side)
{
    const std::string done = std::to_string(side.steps);
    if (side.run.record.outcome == "finished") return done;
    const std::string most = settingText(side, "max_steps");
    const bool isInSteps = !most.empty() && most != "0" && !most.starts_with('-');
    const std::string meant = isInSteps ? most : settingText(side, "num_train_epochs") + " epochs";
    return done == meant ? done : done + " of " + meant;
}

/// Between which steps held-out pairs were measured; empty without held-out pairs.
std::string measuredText(const Side& side)
{
    if (!side.run.log) return {};
    std::string text;
    // A run that was never measured again is unjudged, which is more than another step.
    for (const BeforeAfter& row : heldOutBeforeAfter(*side.run.log))
        if (row.after) text = std::to_string(row.beforeStep) + " to " + std::to_string(row.afterStep);
    return text;
}

/// A condition of a fair comparison, as text.
struct Condition {
    const char* name;
    std::string (*of)(const Side& side, bool areHashesKnown);
};

const Condition kConditions[] = {
    {"starting model",
     [](const Side& side, bool areHashesKnown) {
         return sourceText(side.run.record.modelHash, side.run.record.spec.model, areHashesKnown);
     }},
    {"training data",
     [](const Side& side, bool areHashesKnown) {
         return sourceText(side.run.record.dataHash, side.run.record.spec.data, areHashesKnown) + " " +
                std::to_string(side.run.record.journalPosition);
     }},
    {"held-out data", [](const Side& side, bool) { return heldOutText(side); }},
    {"rows allowed", [](const Side& side, bool) { return rowsText(side.run); }},
    {"number of steps", [](const Side& side, bool) { return stepsText(side); }},
    {"step of the last measurement", [](const Side& side, bool) { return measuredText(side); }},
    {"batch size",
     [](const Side& side, bool) {
         return texts(side, {"per_device_train_batch_size", "gradient_accumulation_steps"});
     }},
    {"seed", [](const Side& side, bool) { return settingText(side, "seed"); }},
    {"row order", [](const Side& side, bool) { return settingText(side, "shuffle"); }},
    {"maximum length", [](const Side& side, bool) { return settingText(side, "max_length"); }},
    {"reading of the data",
     [](const Side& side, bool) {
         const RunSpec& spec = side.run.record.spec;
         return texts(side, {"split", "rendering"}) + mappingText(spec.columns) +
                (spec.evalData ? "; " + mappingText(spec.heldOutColumns()) : "");
     }},
};

std::vector<Side> sidesOf(const std::vector<ComparedRun>& runs)
{
    const bool areHeldOutKnown = std::all_of(runs.begin(), runs.end(), [](const ComparedRun& run) {
        return !run.record.spec.evalData || !run.record.heldOutHash.empty();
    });
    std::vector<Side> sides;
    for (const ComparedRun& run : runs) {
        if (!run.record.areSettingsReadable) continue;
        const std::int64_t logged = run.log ? summarize(*run.log).lastStep : 0;
        sides.push_back({run, completedParams(run), std::max(run.record.steps, logged), areHeldOutKnown});
    }
    return sides;
}

std::vector<std::string> unmatchedOf(const std::vector<Side>& sides)
{
    std::vector<std::string> names;
    if (sides.empty()) return names;
    const auto all = [&sides](std::string RunRecord::*hash) {
        return std::all_of(sides.begin(), sides.end(),
                           [hash](const Side& side) { return !(side.run.record.*hash).empty(); });
    };
    const bool areModelsKnown = all(&RunRecord::modelHash);
    const bool areDataKnown = all(&RunRecord::dataHash);
    for (const Condition& condition : kConditions) {
        const bool areHashesKnown = &condition == kConditions ? areModelsKnown : areDataKnown;
        const std::string first = condition.of(sides.front(), areHashesKnown);
        const bool isShared = std::all_of(
            sides.begin(), sides.end(), [&](const Side& side) { return condition.of(side, areHashesKnown) == first; });
        if (!isShared) names.emplace_back(condition.name);
    }
    return names;
}

/// A share of the training data is that of another run only if both were drawn from the same data by the same seed.
bool haveSameHeldOut(const std::vector<Side>& sides, const std::vector<std::string>& unmatched)
{
    const bool areFiles =
        std::ranges::all_of(sides, [](const Side& side) { return side.run.record.spec.evalData.has_value(); });
    return std::ranges::none_of(unmatched, [areFiles](const std::string& name) {
        return name == "held-out data" || (!areFiles && (name == "training data" || name == "seed"));
    });
}

/// Every setting that some run has, methods' own first, each with the title that forms show.
std::vector<ComparedSetting> settingsOf(const std::vector<ComparedRun>& runs)
{
    std::vector<ParamValues> params;
    for (const ComparedRun& run : runs) params.push_back(completedParams(run));
    std::vector<ComparedSetting> settings;
    const auto add = [&](const std::string& key, const std::string& title) {
        const auto isSame = [&key](const ComparedSetting& setting) { return setting.key == key; };
        if (std::any_of(settings.begin(), settings.end(), isSame)) return;
        ComparedSetting setting{key, title, {}};
        for (const ParamValues& values : params) {
            const auto found = values.find(key);
            setting.values.push_back(found == values.end() ? std::nullopt : std::optional(found->second));
        }
        settings.push_back(std::move(setting));
    };
    for (const ComparedRun& run : runs)
        for (const ParamSpec& spec : run.method.params) add(spec.key, spec.title);
    for (const ParamSpec& spec : trainingParams()) add(spec.key, spec.title);
    for (const ParamValues& values : params)
        for (const auto& [key, value] : values) add(key, key);
    return settings;
}

const MetricDescription* descriptionOf(const std::vector<ComparedRun>& runs, const std::string& metric)
{
    for (const ComparedRun& run : runs)
        for (const MetricDescription& description : run.method.metrics)
            if (description.key == metric) return &description;
    return nullptr;
}

std::optional<std::size_t> bestOf(const ComparedMetric& compared)
{
    std::optional<std::size_t> best;
    bool isTied = false;
    for (std::size_t i = 0; i < compared.values.size(); ++i) {
        if (!compared.values[i]) continue;
        // What one run would have reached is not known.
        if (!compared.values[i]->after) return std::nullopt;
        const double mine = *compared.values[i]->after;
        const double others = best ? *compared.values[*best]->after : mine;
        if (best && mine == others) isTied = true;
        if (best && !(compared.metric.isHigherBetter ? mine > others : mine < others)) continue;
        best = i;
        isTied = false;
    }
    return isTied ? std::nullopt : best;
}

std::vector<ComparedMetric> heldOutOf(const std::vector<ComparedRun>& runs)
{
    std::vector<ComparedMetric> table;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!runs[i].log) continue;
        for (BeforeAfter& row : heldOutBeforeAfter(*runs[i].log)) {
            auto entry = std::find_if(table.begin(), table.end(),
                                      [&row](const ComparedMetric& known) { return known.metric.key == row.metric; });
            if (entry == table.end()) {
                const MetricDescription* description = descriptionOf(runs, row.metric);
                entry = table.insert(
                    entry,
                    ComparedMetric{
                        description ? *description : MetricDescription{row.metric, row.metric, "", "", false}, {}, {}});
                entry->values.resize(runs.size());
            }
            entry->values[i] = std::move(row);
        }
    }
    for (ComparedMetric& compared : table) {
        const auto count = std::count_if(compared.values.begin(), compared.values.end(),
                                         [](const auto& value) { return value.has_value(); });
        if (count > 1 && descriptionOf(runs, compared.metric.key)) compared.best = bestOf(compared);
    }
    return table;
}

/// Held-out pairs were to be measured, and were not after training. A run that ended before it could measure anything
/// has no figures at all; a finished one without them has no pairs to measure.
bool isUnmeasured(const ComparedRun& run)
{
    const std::vector<BeforeAfter> rows = run.log ? heldOutBeforeAfter(*run.log) : std::vector<BeforeAfter>();
    if (!rows.empty()) return std::any_of(rows.begin(), rows.end(), [](const BeforeAfter& row) { return !row.after; });
    if (run.record.outcome == "finished") return false;
    const ParamValues params = completedParams(run);
    const auto fraction = params.find("eval_fraction");
    return run.record.spec.evalData.has_value() || (fraction != params.end() && fraction->second != ParamValue(0.0));
}

}  // namespace

ParamValues completedParams(const ComparedRun& run)
{
    if (!run.record.areSettingsReadable) return {};
    const ParamValues& given = run.record.spec.params;
    return completeParams(given, run.method.id, run.method.params, run.method.defaults).value_or(given);
}

std::vector<std::string> unmatchedConditions(const std::vector<ComparedRun>& runs)
{
    return unmatchedOf(sidesOf(runs));
}

std::vector<Unjudged> unjudgedRuns(const std::vector<ComparedRun>& runs)
{
    std::vector<Unjudged> unjudged;
    if (runs.size() < 2) return unjudged;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!runs[i].record.areSettingsReadable) unjudged.push_back({i, Unjudged::Reason::SettingsUnreadable});
        if (isUnmeasured(runs[i])) unjudged.push_back({i, Unjudged::Reason::NotMeasured});
    }
    return unjudged;
}

std::string unjudgedText(const Unjudged& unjudged, const std::vector<ComparedRun>& runs)
{
    const std::string run = "un " + runLabelOf(runs[unjudged.run]);
    return unjudged.reason == Unjudged::Reason::NotMeasured
               ? "R" + run + " was not measured after training, so nothing is known of what it learned."
               : "The settings of r" + run + " cannot be read, so nothing is known to match.";
}

std::string runLabelOf(const ComparedRun& run)
{
    return std::to_string(run.record.number) + " (" + run.record.id + ")";
}

Comparison compareRuns(const std::vector<ComparedRun>& runs)
{
    const std::vector<Side> sides = sidesOf(runs);
    Comparison comparison;
    comparison.unmatched = unmatchedOf(sides);
    comparison.unjudged = unjudgedRuns(runs);
    comparison.heldOut = heldOutOf(runs);
    // Figures on different pairs have no best one.
    if (!haveSameHeldOut(sides, comparison.unmatched))
        for (ComparedMetric& metric : comparison.heldOut) metric.best.reset();
    for (ComparedSetting& setting : settingsOf(runs)) {
        const bool isShared = std::all_of(setting.values.begin(), setting.values.end(),
                                          [&](const auto& value) { return value == setting.values.front(); });
        (isShared ? comparison.shared : comparison.differing).push_back(std::move(setting));
    }
    return comparison;
}

ComponentDescription methodOrUnknown(const Backend& backend, const std::string& method)
{
    for (ComponentDescription& description : backend.describeComponents())
        if (description.kind == ComponentDescription::Kind::Method && description.id == method)
            return std::move(description);
    ComponentDescription unknown;
    unknown.id = method;
    unknown.title = method;
    return unknown;
}

}  // namespace preflab
