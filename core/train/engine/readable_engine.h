// SPDX-License-Identifier: GPL-3.0-or-later
// The plain engine: one padded batch, ATen and autograd, to be read beside the papers and to be the oracle of others.
#pragma once

#include "core/train/engine/decoder_forward.h"
#include "core/train/engine/engine.h"

#include <memory>

namespace preflab {

/// An engine over `weights`, whose tensors it shares.
std::unique_ptr<Engine> makeReadableEngine(const DecoderWeights& weights);

}  // namespace preflab
