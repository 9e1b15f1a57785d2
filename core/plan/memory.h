// SPDX-License-Identifier: GPL-3.0-or-later
// How much memory a run will need at most, told before it starts.
#pragma once

#include "core/base/result.h"
#include "core/model/decoder.h"
#include "core/plan/placement.h"
#include "core/runs/backend.h"

#include <cstdint>

namespace preflab {

/// What the prediction depends on.
struct MemoryQuestion {
    DecoderDescription decoder;
    std::int64_t parameters = 0;
    Precision precision = Precision::Float32;
    std::int64_t sequences = 0;      ///< B of the largest micro-batch: two a pair, one a row of SFT
    std::int64_t longest = 0;        ///< T: tokens of the longest sequence
    bool isTraining = true;          ///< false: forward passes only (score, generate)
    std::int64_t frozenCopies = 0;   ///< further copies of the weights alive at the same time (a reference model)
    std::int64_t evalSequences = 0;  ///< B of the largest batch of an evaluation; 0: there is none
    std::int64_t evalLongest = 0;    ///< T of an evaluation
    std::int64_t cachedTokens = 0;   ///< generate: tokens whose keys and values are kept
};

/// Predicted peak of the process's resident memory by its parts: program and libraries, weights, gradients, Adam's
/// moments, and the larger of what the backward pass keeps with its temporaries and an evaluation's temporaries.
MemoryParts predictMemory(const MemoryQuestion& question);

/// For a run: TooLittleMemory when `needed` bytes, less those the process holds already, are more than the machine has
/// free.
Result<> checkMemory(std::uint64_t needed);
/// For a request, which may be served between two steps of a run: what the process holds may all be the run's, so only
/// the program itself counts as there already. TooLittleMemory as above.
Result<> checkRequestMemory(const MemoryParts& parts, std::uint64_t available);
Result<> checkRequestMemory(const MemoryParts& parts);

}  // namespace preflab
