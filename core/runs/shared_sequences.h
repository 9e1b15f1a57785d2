// SPDX-License-Identifier: GPL-3.0-or-later
// Held-out pairs that are trained on as well.
#pragma once

#include "core/base/result.h"
#include "core/text/pair_source.h"

#include <cstdint>
#include <stop_token>

namespace preflab {

/// How many of the `held` pairs are trained on: the tokens of the prompt with the chosen answer are those of a `trained`
/// one, which may also have come as a text or as a prompt with its completion. Both are by one recipe, so that the layout
/// of a file, where it splits a prompt off, and edits make no difference; nor does another rejected answer, since what is
/// learned of a chosen one shows in every measure. Memory holds a hash a held-out pair. Errors of reading, Cancelled.
Result<std::uint32_t> heldOutInTraining(const PairSource& trained, const PairSource& held, const std::stop_token& stop);

}  // namespace preflab
