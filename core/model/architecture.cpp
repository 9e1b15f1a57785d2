// SPDX-License-Identifier: GPL-3.0-or-later
// Which family a config.json belongs to.
#include "core/model/architecture.h"

#include "core/base/excerpt.h"
#include "core/model/config_keys.h"

#include <algorithm>

namespace preflab {
namespace {

std::string supportedClasses()
{
    std::string text;
    for (const ArchitectureInfo* info : architectures()) {
        for (const std::string& name : info->classNames)
            text += (text.empty() ? "" : ", ") + name + " (" + info->id + ")";
    }
    return text;
}

/// The class names of `architectures`; config.json files written by hand often have only a model_type.
Result<std::vector<std::string>> classNamesIn(const JsonObject& config)
{
    std::vector<std::string> names;
    if (!config.has("architectures")) return names;
    const Json& list = *config.json().find("architectures");
    for (const Json& name : list) {
        if (!list.is_array() || !name.is_string()) {
            return fail(ErrorCode::ConfigInvalid, {{"path", config.file().string()},
                                                   {"key", "architectures"},
                                                   {"reason", "must be a list of class names"}});
        }
        names.push_back(name.get<std::string>());
    }
    return names;
}

}  // namespace

Result<const ArchitectureInfo*> architectureOf(const JsonObject& config)
{
    TRY(const auto names, classNamesIn(config));
    TRY(const auto modelType, config.string("model_type", ""));
    for (const ArchitectureInfo* info : architectures()) {
        const bool isType = modelType.empty() || modelType == info->id;
        const auto& known = info->classNames;
        const bool isClass = std::any_of(names.begin(), names.end(), [&known](const std::string& name) {
            return std::find(known.begin(), known.end(), name) != known.end();
        });
        // With both, both must fit: a llama with a classifier's head is no language model.
        if (isType && (isClass || (names.empty() && !modelType.empty()))) return info;
    }
    std::string found = modelType;
    if (!names.empty()) found = names.front() + (modelType.empty() ? "" : " (" + modelType + ")");
    if (found.empty()) found = "unknown (config.json has neither architectures nor model_type)";
    return fail(ErrorCode::UnknownArchitecture,
                {{"path", config.file().string()}, {"found", excerptOf(found)}, {"supported", supportedClasses()}});
}

Result<DecoderDescription> describeDecoder(const ArchitectureInfo& family, const Json& config,
                                           const std::filesystem::path& file)
{
    const ConfigReader reader(config, file);
    TRY(DecoderDescription decoder, family.describe(reader));
    TRY_VOID(refuseUnreadKeys(reader));
    return decoder;
}

}  // namespace preflab
