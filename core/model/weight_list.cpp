// SPDX-License-Identifier: GPL-3.0-or-later
// Modules to weights.
#include "core/model/weight_list.h"

#include <utility>

namespace preflab {

void WeightList::beginBlock(int index, std::string prefix)
{
    m_layer = index;
    m_prefix = std::move(prefix);
}

void WeightList::add(const std::string& module, WeightRole role, WeightPart part, std::vector<std::int64_t> shape)
{
    const char* const ending = part == WeightPart::Weight ? ".weight" : ".bias";
    m_weights.push_back({m_prefix + module + ending, role, part, m_layer, std::move(shape)});
}

void WeightList::table(const std::string& module, WeightRole role, std::int64_t rows, std::int64_t width)
{
    add(module, role, WeightPart::Weight, {rows, width});
}

void WeightList::linear(const std::string& module, WeightRole role, std::int64_t out, std::int64_t in, bool hasBias)
{
    add(module, role, WeightPart::Weight, {out, in});
    if (hasBias) add(module, role, WeightPart::Bias, {out});
}

void WeightList::norm(const std::string& module, WeightRole role, const std::optional<NormDescription>& norm,
                      std::int64_t width)
{
    if (!norm) return;
    add(module, role, WeightPart::Weight, {width});
    if (norm->hasBias) add(module, role, WeightPart::Bias, {width});
}

}  // namespace preflab
