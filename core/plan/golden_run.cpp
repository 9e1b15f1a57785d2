// SPDX-License-Identifier: GPL-3.0-or-later
// Reading golden files.
#include "core/plan/golden_run.h"

#include "core/runs/run_spec.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace preflab {
namespace {

constexpr std::uint64_t kLargestGolden = 64U << 20U;
constexpr std::int64_t kIgnoredLabel = -100;

/// Options that change the numbers, with the only value that can be repeated by a method without such a parameter. `truncation_mode` and
/// `precompute_ref_log_probs` do not: a golden's ids are already truncated, and references are always computed once.
/// Nor does `assistant_only_loss`: a golden's labels say which tokens it trained.
const std::vector<std::pair<std::string, Json>>& repeatableOptions()
{
    static const std::vector<std::pair<std::string, Json>> options{
        {"optimizer", "AdamW"}, {"order", "sequential"},   {"dropout", 0.0},
        {"lora", nullptr},      {"loss_weights", nullptr}, {"f_divergence_type", "reverse_kl"},
        {"ld_alpha", nullptr},  {"use_weighting", false},  {"sync_ref_model", false},
        {"packing", false},
    };
    return options;
}

tl::unexpected<Error> unsupported(const std::filesystem::path& file, const std::string& key, const Json& value)
{
    return fail(ErrorCode::GoldenUnsupported, {{"path", file.string()}, {"key", key}, {"value", value.dump()}});
}

/// The loss of a golden as the value of our parameter: one name, or one in a list.
Result<> setLoss(const std::filesystem::path& file, const Json& config, const std::vector<ParamSpec>& specs,
                 ParamValues& params)
{
    if (!config.contains("loss_type")) return {};
    const Json& value = config.at("loss_type");
    const ParamSpec* spec = findParam(specs, "loss_type");
    const Json& name = value.is_array() && value.size() == 1 ? value.front() : value;
    if (!spec || !name.is_string()) return unsupported(file, "loss_type", value);
    const ParamValue loss = name.get<std::string>();
    if (!validateParam(*spec, loss)) return unsupported(file, "loss_type", value);
    params["loss_type"] = loss;
    return {};
}

/// The value as ParamValue holds it. nlohmann would make any whole number of one that is too large.
template <class Kind>
Kind valueOf(const Json& value)
{
    if constexpr (std::is_same_v<Kind, std::int64_t>)
        return value.get_ref<const Json::number_integer_t&>();
    else
        return value.get<Kind>();
}

TokenIds tokenIds(const Json& list)
{
    TokenIds ids;
    for (const Json& id : list.get_ref<const Json::array_t&>())
        ids.push_back(static_cast<TokenId>(valueOf<std::int64_t>(id)));
    return ids;
}

/// The settings of `config` that `specs` know, by the spec's type. A loss may stand in a list, and a length limit is
/// already applied.
void takeOver(const Json& config, const std::vector<ParamSpec>& specs, ParamValues& params)
{
    for (const ParamSpec& spec : specs) {
        if (!config.contains(spec.key) || config.at(spec.key).is_null()) continue;
        if (spec.key == "loss_type" || spec.key == "max_length") continue;
        const Json& value = config.at(spec.key);
        std::visit([&](auto kind) { params[spec.key] = valueOf<decltype(kind)>(value); }, spec.defaultValue);
    }
}

/// Our parameters from TRL's config; keys that both know carry over as they are.
Result<ParamValues> paramsOf(const std::filesystem::path& file, const Json& config, const ComponentDescription& method,
                             std::int64_t threads)
{
    const std::vector<ParamSpec>& specs = method.params;
    ParamValues params;
    takeOver(config, trainingParams(), params);
    takeOver(config, specs, params);
    TRY_VOID(setLoss(file, config, specs, params));
    // The paper's lambda is TRL's beta.
    for (const char* key : {"beta", "lambda"}) {
        if (findParam(specs, key)) params[key] = config.at("beta").get<double>();
    }
    params["max_length"] = std::int64_t{0};  // ids are final
    params["shuffle"] = false;
    params["threads"] = threads;
    return completeParams(params, method.id, specs, method.defaults);
}

TokenSequence sequence(const Json& prompt, const Json& completion)
{
    TokenIds ids = tokenIds(prompt);
    const TokenIds tail = tokenIds(completion);
    ids.insert(ids.end(), tail.begin(), tail.end());
    return TokenSequence::afterPrompt(std::move(ids), prompt.size());
}

/// A row of SFT: ids, and a label for each of them.
TokenSequence labelledSequence(const Json& row)
{
    TokenSequence result{tokenIds(row.at("input_ids")), {}};
    const Json& labels = row.at("labels");
    for (std::uint32_t at = 0; at < result.ids.size(); ++at) {
        if (labels.at(at) == kIgnoredLabel) continue;
        const bool isContinued = !result.labels.empty() && result.labels.back().end == at;
        if (!isContinued) result.labels.push_back({at, at});
        result.labels.back().end = at + 1;
    }
    return result;
}

std::vector<TokenPair> pairsOf(const Json& rows)
{
    std::vector<TokenPair> pairs;
    for (const Json& row : rows) {
        if (row.value("dropped", false)) continue;
        TokenPair pair;
        pair.row = static_cast<std::uint32_t>(pairs.size());
        if (row.contains("input_ids")) {
            pair.chosen = labelledSequence(row);
        } else {
            const Json& prompt = row.at("prompt_ids");
            pair.chosen = sequence(prompt, row.at("chosen_ids"));
            pair.rejected = sequence(row.value("rejected_prompt_ids", prompt), row.at("rejected_ids"));
        }
        pairs.push_back(std::move(pair));
    }
    return pairs;
}

void readRecords(const Json& json, GoldenRun& run)
{
    for (const Json& row : json.at("rows")) {
        if (row.contains("ref_chosen_logps"))
            run.reference.push_back({row.at("ref_chosen_logps"), row.at("ref_rejected_logps")});
    }
    run.steps = json.at("steps").get<std::vector<Json>>();
    run.evalBefore = json.value("eval_before", Json());
    run.evalAfter = json.value("eval_after", Json());
    for (std::int64_t step = 1; json.contains("gradients_step" + std::to_string(step)); ++step)
        run.gradients[step] = json.at("gradients_step" + std::to_string(step));
    run.finalParameters = json.at("final_parameters");
}

Result<GoldenRun> readRun(const std::filesystem::path& file, const Json& json, std::int64_t threads,
                          const GoldenRun::DescribeMethod& describe)
{
    if (json.contains("stages")) return unsupported(file, "stages", json.at("stages").size());
    const Json& config = json.at("config");
    GoldenRun run;
    run.name = json.at("case").get<std::string>();
    run.dtype = config.at("dtype").get<std::string>();
    run.method = config.at("method").get<std::string>();
    TRY(const ComponentDescription method, describe(run.method));
    for (const auto& [key, repeatable] : repeatableOptions()) {
        if (findParam(method.params, key) == nullptr && config.contains(key) && config.at(key) != repeatable)
            return unsupported(file, key, config.at(key));
    }
    TRY(run.params, paramsOf(file, config, method, threads));
    run.pairs = pairsOf(json.at("rows"));
    run.evalPairs = pairsOf(json.value("eval_rows", Json::array()));
    readRecords(json, run);
    return run;
}

}  // namespace

Result<GoldenRun> GoldenRun::read(const std::filesystem::path& file, std::int64_t threads,
                                  const DescribeMethod& describe)
{
    TRY(const Json json, readJsonFile(file, kLargestGolden));
    std::string reason;
    try {
        return readRun(file, json, threads, describe);
    } catch (const Json::exception& exception) {
        reason = exception.what();
    }
    return fail(ErrorCode::ConfigInvalid, {{"path", file.string()}, {"key", "the golden run"}, {"reason", reason}});
}

}  // namespace preflab
