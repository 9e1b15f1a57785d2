// SPDX-License-Identifier: GPL-3.0-or-later
// From tables to descriptions.
#include "core/train/backend/catalog.h"

#include "core/model/architecture.h"
#include "core/train/loop/held_out.h"
#include "core/train/loop/train_loop.h"

namespace preflab {
namespace {

ComponentDescription describeLoss(const LossInfo& loss)
{
    ComponentDescription description;
    description.kind = ComponentDescription::Kind::Loss;
    description.id = loss.id;
    description.title = loss.title;
    description.paper = loss.paper;
    description.help = loss.help;
    description.needsReference = !loss.isReferenceFree;
    description.params = loss.params;
    return description;
}

ComponentDescription describeArchitecture(const ArchitectureInfo& architecture)
{
    ComponentDescription description;
    description.kind = ComponentDescription::Kind::Architecture;
    description.id = architecture.id;
    description.title = architecture.title;
    return description;
}

}  // namespace

ComponentDescription describeMethod(const MethodInfo& method)
{
    ComponentDescription description;
    description.kind = ComponentDescription::Kind::Method;
    description.id = method.id;
    description.title = method.title;
    description.paper = method.paper;
    description.help = method.help;
    description.recipe = method.recipe;
    description.needsReference = method.needsReference;
    description.params = method.params();
    description.defaults = method.defaults;
    description.metrics = loopDescriptions();
    for (const auto* metrics : {&method.metrics, &heldOutDescriptions()})
        description.metrics.insert(description.metrics.end(), metrics->begin(), metrics->end());
    return description;
}

std::vector<ComponentDescription> describeTables()
{
    std::vector<ComponentDescription> descriptions;
    for (const MethodInfo* method : methods()) descriptions.push_back(describeMethod(*method));
    for (const LossInfo* loss : losses()) descriptions.push_back(describeLoss(*loss));
    for (const ArchitectureInfo* architecture : architectures())
        descriptions.push_back(describeArchitecture(*architecture));
    return descriptions;
}

}  // namespace preflab
