// SPDX-License-Identifier: GPL-3.0-or-later
// Update rules. Adding one is one file in core/train/optimizers/rules that defines `optimizer_<stem>`.
#pragma once

#include "core/train/tensor.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace preflab {

/// Settings; the defaults are TRL's (`adam_beta1` and so on). Weight decay 0 is TRL's, LibTorch's own is 0.01.
struct OptimizerOptions {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weightDecay = 0.0;
};

/// Trainable tensors with their names.
using NamedParameters = std::vector<std::pair<std::string, Tensor>>;

/// Moves parameters along their gradients and keeps what it needs between two steps.
class Optimizer {
public:
    explicit Optimizer(const NamedParameters& parameters);
    virtual ~Optimizer() = default;

    /// One update with the gradients that are there; parameters without one are left alone.
    virtual void step(double learningRate) = 0;
    /// What the next step depends on besides the parameters, by name: the tensors themselves, not copies.
    virtual std::map<std::string, Tensor> state() const = 0;

    /// Drops the gradients, so that the next backward pass starts from nothing.
    void clearGradients();
    /// All parameters, in the order given.
    const std::vector<Tensor>& parameters() const { return m_parameters; }

private:
    std::vector<Tensor> m_parameters;
};

/// One update rule.
struct OptimizerInfo {
    std::string id;
    std::unique_ptr<Optimizer> (*make)(const NamedParameters& parameters, const OptimizerOptions& options) = nullptr;
};

/// All update rules, in order of their file names.
std::span<const OptimizerInfo* const> optimizers();
/// The rule of that id, or nullptr.
const OptimizerInfo* findOptimizer(std::string_view id);
/// The one that TRL takes unless told otherwise.
inline constexpr std::string_view kDefaultOptimizer = "adamw";

/// True if weight decay applies to a parameter of that name: TRL leaves out biases and norm weights.
bool isDecayed(std::string_view parameterName);

}  // namespace preflab
