// SPDX-License-Identifier: GPL-3.0-or-later
// Repeats a golden run from its token ids and config through the training loop and compares every number.
#pragma once

#include "core/base/result.h"
#include "core/runs/backend.h"

#include <stop_token>

namespace preflab {

/// Compares logged metrics of every step, evaluations, gradients before clipping, final parameters and reference
/// log-probs. Errors of reading golden and model, GoldenUnsupported, and any failure of the run; Cancelled.
Result<ParityReport> runParity(const ParityRequest& request, std::stop_token stop);

}  // namespace preflab
