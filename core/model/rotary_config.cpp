// SPDX-License-Identifier: GPL-3.0-or-later
// Theta, type and the numbers of each type.
#include "core/model/rotary_config.h"

#include <string>
#include <string_view>

namespace preflab {
namespace {

Result<double> requiredFactor(const ConfigReader& section, std::string_view key)
{
    if (!section.has(key)) return section.invalid(key, "this key of the rotary scaling is missing");
    return section.positive(key, 1.0);
}

Result<RotaryScaling> readLlama3(const ConfigReader& section)
{
    Llama3Rotary scaling;
    TRY(scaling.factor, requiredFactor(section, "factor"));
    TRY(scaling.lowFrequencyFactor, requiredFactor(section, "low_freq_factor"));
    TRY(scaling.highFrequencyFactor, requiredFactor(section, "high_freq_factor"));
    if (scaling.highFrequencyFactor <= scaling.lowFrequencyFactor) {
        return section.invalid("high_freq_factor", "must be above low_freq_factor");
    }
    TRY(scaling.originalMaxPositions, section.size("original_max_position_embeddings", config_limits::kPositions));
    return scaling;
}

Result<RotaryScaling> readScaling(const ConfigReader& section)
{
    TRY(const auto oldType, section.string("type", "default"));
    TRY(const auto type, section.string("rope_type", oldType));
    if (type == "default") return UnscaledRotary{};
    if (type == "linear") {
        TRY(const double factor, requiredFactor(section, "factor"));
        return LinearRotary{factor};
    }
    if (type == "llama3") return readLlama3(section);
    return section.unsupported(section.has("rope_type") ? "rope_type" : "type");
}

/// Whatever else stands in the section could change the frequencies.
Result<> refuseUnreadIn(const ConfigReader& section)
{
    for (const auto& item : section.object().json().items()) {
        const bool isIdle = item.value().is_null() || (item.key() == "partial_rotary_factor" && item.value() == 1);
        if (!isIdle && !section.isRead(item.key())) return section.unsupported(item.key());
    }
    return {};
}

/// What `rope_scaling` or `rope_parameters` says. `isThetaGiven`: rope_theta stands outside of it as well.
Result<> readSection(const ConfigReader& section, bool isThetaGiven, RotaryPositions& rotary)
{
    TRY(rotary.scaling, readScaling(section));
    TRY(const double theta, section.positive("rope_theta", rotary.theta));
    if (isThetaGiven && theta != rotary.theta) {
        return section.invalid("rope_theta", "differs from the rope_theta outside");
    }
    rotary.theta = theta;
    return refuseUnreadIn(section);
}

}  // namespace

Result<RotaryPositions> readRotary(const ConfigReader& config, std::int64_t width)
{
    RotaryPositions rotary;
    rotary.width = width;
    TRY(rotary.theta, config.positive("rope_theta", rotary.theta));
    const bool hasParameters = config.has("rope_parameters");
    if (config.has("rope_scaling") && hasParameters) {
        return config.invalid("rope_scaling", "stands beside rope_parameters, and only one can be meant");
    }
    const std::string name = hasParameters ? "rope_parameters" : "rope_scaling";
    if (!config.has(name)) return rotary;
    const Json& json = config.value(name);
    if (!json.is_object()) return config.invalid(name, "must be an object");
    auto read = readSection(ConfigReader(json, config.object().file()), config.has("rope_theta"), rotary);
    if (!read) {
        Error error = std::move(read).error();
        error.arguments["key"].insert(0, name + ".");
        return tl::unexpected<Error>(std::move(error));
    }
    return rotary;
}

}  // namespace preflab
