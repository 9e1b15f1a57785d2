// SPDX-License-Identifier: GPL-3.0-or-later
// The memory model of the plain autograd implementation. Its terms follow the forward pass line by line; the
// constants were measured, and tests/core_train/memory_peak_test.cpp holds prediction and measurement together.
#include "core/plan/memory.h"

#include "core/base/system.h"

#include <algorithm>
#include <cstdint>

namespace preflab {

namespace {

/// Program, LibTorch and its thread pools, once warm.
constexpr double kProcessBytes = 160e6;

constexpr double kRoundedBytes = 2.0;  // bfloat16

/// What is kept occupies more than its bytes: alignment, and gaps that the allocator cannot use again.
constexpr double kAllocatorFactor = 1.25;

double masterBytes(Precision precision)
{
    return precision == Precision::Float64 ? 8.0 : 4.0;
}

/// What one layer keeps per token for its backward pass, in bytes.
double keptByLayer(const LayerDescription& layer, double hidden, Precision precision)
{
    const double heads = static_cast<double>(layer.attention.heads * layer.attention.headSize);
    const double inner = static_cast<double>(layer.mlp.innerSize);
    const double master = masterBytes(precision);
    if (precision != Precision::BFloat16)
        // Per norm its input, the scaled input and the result; queries, shared keys, shared values and what attention
        // mixes from them; gate, silu of it, up and their product.
        return master * (2.0 * 3.0 * hidden + 4.0 * heads + 4.0 * inner);
    // What enters a product is kept rounded, the rest as it is.
    return master * (2.0 * 2.0 * hidden + 3.0 * inner) + kRoundedBytes * (2.0 * hidden + 4.0 * heads + inner);
}

/// Temporaries of the widest layer per token, in bytes: what stands beside the kept tensors at the worst moment.
double temporariesOfLayer(const DecoderDescription& decoder, Precision precision)
{
    double widest = 0.0;
    for (const LayerDescription& layer : decoder.layers)
        widest = std::max(widest, static_cast<double>(layer.mlp.innerSize));
    return masterBytes(precision) * (4.0 * static_cast<double>(decoder.hiddenSize) + 3.0 * widest);
}

/// Logits, their log-softmax and one more temporary of one chunk of rows, in bytes.
double logitTemporaries(const MemoryQuestion& question, double rows)
{
    const double vocabulary = static_cast<double>(question.decoder.vocabularySize);
    const double chunk = std::min(rows * vocabulary, std::max(vocabulary, static_cast<double>(kLogitChunkElements)));
    return 3.0 * chunk * masterBytes(question.precision);
}

/// What stands beside weights and kept tensors at the worst moment of a forward pass of `tokens`, in bytes.
double temporaries(const MemoryQuestion& question, double tokens)
{
    return tokens * temporariesOfLayer(question.decoder, question.precision) + logitTemporaries(question, tokens);
}

/// Kept for the backward pass of `tokens`, in bytes.
double keptByDecoder(const MemoryQuestion& question, double tokens)
{
    const double hidden = static_cast<double>(question.decoder.hiddenSize);
    const double vocabulary = static_cast<double>(question.decoder.vocabularySize);
    double kept = tokens * (3.0 * hidden + vocabulary) * masterBytes(question.precision);
    for (const LayerDescription& layer : question.decoder.layers)
        kept += tokens * keptByLayer(layer, hidden, question.precision);
    return kept * kAllocatorFactor;
}

/// Keys and values of the tokens that a generation has seen.
double keyValueCache(const MemoryQuestion& question)
{
    double perToken = 0.0;
    for (const LayerDescription& layer : question.decoder.layers)
        perToken += 2.0 * static_cast<double>(layer.attention.keyValueHeads * layer.attention.headSize);
    return static_cast<double>(question.cachedTokens) * perToken * masterBytes(question.precision);
}

std::uint64_t wholeBytes(double bytes)
{
    return static_cast<std::uint64_t>(bytes);
}

tl::unexpected<Error> tooLittle(std::uint64_t needed, std::uint64_t available, const char* remedy)
{
    return fail(ErrorCode::TooLittleMemory,
                {{"needed", byteText(needed)}, {"free", byteText(available)}, {"remedy", remedy}});
}

}  // namespace

MemoryParts predictMemory(const MemoryQuestion& question)
{
    const double tokens = static_cast<double>(question.sequences) * static_cast<double>(question.longest);
    const double evalTokens = static_cast<double>(question.evalSequences) * static_cast<double>(question.evalLongest);
    const double parameters = static_cast<double>(question.parameters);
    const double weights = parameters * masterBytes(question.precision);
    const double evaluation = evalTokens > 0.0 ? temporaries(question, evalTokens) : 0.0;
    double batch = temporaries(question, tokens);
    MemoryParts parts;
    parts.program = wholeBytes(kProcessBytes);
    parts.weights = wholeBytes(weights * (1.0 + static_cast<double>(question.frozenCopies)));
    if (question.isTraining) {
        const bool isRounded = question.precision == Precision::BFloat16;
        parts.weights += wholeBytes(isRounded ? parameters * kRoundedBytes : 0.0);
        parts.gradients = wholeBytes(weights);
        parts.optimizer = wholeBytes(2.0 * weights);
        batch += keptByDecoder(question, tokens);
    }
    parts.activations = wholeBytes(std::max(batch, evaluation) + keyValueCache(question));
    return parts;
}

Result<> checkMemory(std::uint64_t needed)
{
    const std::uint64_t reachable = availableMemory() + residentMemory();
    if (needed <= reachable) return {};
    return tooLittle(needed, reachable, "use a smaller batch, a smaller max_length or a smaller model");
}

Result<> checkRequestMemory(const MemoryParts& parts, std::uint64_t available)
{
    const std::uint64_t needed = parts.total() - parts.program;
    if (needed <= available) return {};
    return tooLittle(needed, available, "use a smaller model or shorter texts, or wait for the end of a run");
}

Result<> checkRequestMemory(const MemoryParts& parts)
{
    return checkRequestMemory(parts, availableMemory());
}

}  // namespace preflab
