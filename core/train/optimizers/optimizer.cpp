// SPDX-License-Identifier: GPL-3.0-or-later
// What update rules share.
#include "core/train/optimizers/optimizer.h"

#include <algorithm>
#include <cctype>

namespace preflab {

Optimizer::Optimizer(const NamedParameters& parameters)
{
    for (const auto& [name, parameter] : parameters) m_parameters.push_back(parameter);
}

void Optimizer::clearGradients()
{
    for (Tensor& parameter : m_parameters) parameter.mutable_grad().reset();
}

const OptimizerInfo* findOptimizer(std::string_view id)
{
    const auto table = optimizers();
    const auto found = std::ranges::find_if(table, [id](const OptimizerInfo* info) { return info->id == id; });
    return found == table.end() ? nullptr : *found;
}

// transformers' forbidden name patterns: bias, layernorm, rmsnorm, (^|.)norm($|.), _norm($|.), where "." stands for a
// dot or an end. A whole name part "norm" or one that ends in "_norm" covers the last two.
bool isDecayed(std::string_view parameterName)
{
    std::string name(parameterName);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const std::string_view word : {"bias", "layernorm", "rmsnorm"}) {
        if (name.find(word) != std::string::npos) return false;
    }
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        const std::string_view part = std::string_view(name).substr(begin, end - begin);
        if (part == "norm" || part.ends_with("_norm")) return false;
        begin = end + 1;
    }
    return true;
}

}  // namespace preflab
