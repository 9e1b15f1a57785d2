// SPDX-License-Identifier: GPL-3.0-or-later
// demo.json: {"model", "data", "evalData", "samplePrompts": [...], "runs": [{"method", "params"}, ...]}.
#include "core/runs/demo_plan.h"

#include "core/base/json.h"
#include "core/text/recipe.h"

namespace preflab {

namespace {

constexpr std::uint64_t kLargestPlan = 1 << 20;

Result<> checkList(const JsonObject& plan, const char* key)
{
    const auto list = plan.json().find(key);
    if (list != plan.json().end() && list->is_array() && !list->empty()) return {};
    return fail(ErrorCode::ConfigInvalid,
                {{"path", plan.file().string()}, {"key", key}, {"reason", "expected a list with something in it"}});
}

Result<RunSpec> commonSpec(const JsonObject& plan, const std::filesystem::path& folder)
{
    RunSpec spec;
    TRY(const std::string model, plan.string("model"));
    TRY(const std::string data, plan.string("data"));
    TRY(const std::string evalData, plan.string("evalData", ""));
    spec.model = folder / model;
    spec.data = folder / data;
    if (!evalData.empty()) spec.evalData = folder / evalData;
    spec.usableBy = matchedRecipes();
    TRY_VOID(checkList(plan, "samplePrompts"));
    for (const Json& prompt : plan.json().at("samplePrompts"))
        if (prompt.is_string()) spec.samplePrompts.push_back(prompt.get<std::string>());
    return spec;
}

}  // namespace

Result<std::vector<RunSpec>> readDemoPlan(const std::filesystem::path& folder)
{
    const std::filesystem::path file = folder / "demo.json";
    TRY(const Json json, readJsonFile(file, kLargestPlan));
    const JsonObject plan(json, file);
    TRY(const RunSpec common, commonSpec(plan, folder));
    TRY_VOID(checkList(plan, "runs"));
    std::vector<RunSpec> specs;
    for (const Json& entry : json.at("runs")) {
        const JsonObject run(entry, file);
        RunSpec spec = common;
        TRY(spec.method, run.string("method"));
        TRY(spec.params, paramValuesFromJson(entry.value("params", Json::object())));
        specs.push_back(std::move(spec));
    }
    return specs;
}

}  // namespace preflab
