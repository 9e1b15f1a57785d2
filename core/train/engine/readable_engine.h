// SPDX-License-Identifier: GPL-3.0-or-later
// The plain engine: one padded batch, ATen and autograd, to be read beside the papers and to be the oracle of others.
#pragma once

#include "core/train/engine/decoder_forward.h"
#include "core/train/engine/engine.h"

#include <cstdint>
#include <memory>

namespace preflab {

/// An engine over `weights`, whose tensors it shares. It keeps what the backward pass needs of `chunkPairs` pairs at a
/// time, 0 meaning the whole batch; the numbers are the same up to the order of additions. Runs take the whole batch; a
/// part of it is for the fast engine, which is measured against this one, and for batches that do not fit.
std::unique_ptr<Engine> makeReadableEngine(const DecoderWeights& weights, std::int64_t chunkPairs = 0);

}  // namespace preflab
