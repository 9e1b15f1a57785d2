// SPDX-License-Identifier: GPL-3.0-or-later
// The parameters that every method has, described once: flags, form fields, ranges and help are made from this.
#pragma once

#include "core/base/schema.h"

#include <vector>

namespace preflab {

/// Parameters that every method has (learning_rate, num_train_epochs, max_steps, per_device_train_batch_size,
/// per_device_eval_batch_size, gradient_accumulation_steps, max_length, lr_scheduler_type, warmup_steps,
/// weight_decay, adam_beta1, adam_beta2, adam_epsilon, max_grad_norm, eval_steps, eval_fraction, eval_samples,
/// save_steps, dtype, seed, shuffle, threads, split, rendering), with TRL's defaults. Every step is logged.
const std::vector<ParamSpec>& trainingParams();

}  // namespace preflab
