// SPDX-License-Identifier: GPL-3.0-or-later
// Writing down a family's weights.
#pragma once

#include "core/model/weight_spec.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// Collects the weights of a decoder: modules by name, with or without a bias, in the order they are added.
class WeightList {
public:
    /// Modules added from now on belong to layer `index` (-1: none), and their names begin with `prefix`.
    void beginBlock(int index, std::string prefix);
    /// A table of `rows` vectors: embedding, learned positions, head.
    void table(const std::string& module, WeightRole role, std::int64_t rows, std::int64_t width);
    /// A linear map: weight (out, in), and a bias (out) if it has one.
    void linear(const std::string& module, WeightRole role, std::int64_t out, std::int64_t in, bool hasBias);
    /// A norm over `width` numbers, if there is one.
    void norm(const std::string& module, WeightRole role, const std::optional<NormDescription>& norm,
              std::int64_t width);

    std::vector<WeightSpec> take() { return std::move(m_weights); }

private:
    void add(const std::string& module, WeightRole role, WeightPart part, std::vector<std::int64_t> shape);

    std::vector<WeightSpec> m_weights;
    int m_layer = -1;
    std::string m_prefix;
};

}  // namespace preflab
