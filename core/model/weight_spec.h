// SPDX-License-Identifier: GPL-3.0-or-later
// A decoder's weights: what each is for, its shape, and where in the model's files it lies.
#pragma once

#include "core/base/result.h"
#include "core/model/decoder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// The place in the decoder that a weight belongs to.
enum class WeightRole {
    Embedding,
    Positions,
    EmbeddingNorm,
    AttentionNorm,
    Query,
    Key,
    Value,
    QueryNorm,
    KeyNorm,
    AttentionOutput,
    AttentionOutputNorm,
    MlpNorm,
    Gate,
    Up,
    Down,
    MlpOutputNorm,
    FinalNorm,
    Head
};

/// Which part of a linear map or norm.
enum class WeightPart { Weight, Bias };

/// A part of a fused tensor. Dimension `dimension` of the file's tensor is cut into `groups` equal groups; of each
/// group the entries from `first` on, `count` of them, belong to the weight. Query, key and value one behind another
/// have one group; where they alternate head by head there is a group for each head.
struct WeightSlice {
    std::size_t dimension = 0;
    std::int64_t groups = 1;
    std::int64_t groupSize = 0;  ///< entries of a group in the file
    std::int64_t first = 0;
    std::int64_t count = 0;
};

/// Where a weight lies in the model's files; saving goes the same way back.
struct WeightSource {
    std::string fileName;  ///< the tensor's name in the files; empty: the weight's own name
    std::optional<WeightSlice> slice;
    bool isTransposed = false;  ///< the file holds (in, out), as GPT-2's Conv1D does
};

/// One weight that a description calls for. Linear weights are (out, in).
struct WeightSpec {
    std::string name;  ///< the parameter's name, Hugging Face's where it has one
    WeightRole role = WeightRole::Embedding;
    WeightPart part = WeightPart::Weight;
    int layer = -1;  ///< -1 outside the blocks
    std::vector<std::int64_t> shape;
    WeightSource source = {};

    /// How many numbers it has.
    std::int64_t count() const;
    /// Name of the tensor that holds it in the model's files.
    const std::string& fileName() const { return source.fileName.empty() ? name : source.fileName; }
};

/// Number of parameters of a weight list; a tied embedding counts once.
std::int64_t parameterCount(const std::vector<WeightSpec>& weights);

/// One tensor of the model's files with the weights that lie in it.
struct FileTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::vector<WeightSpec> parts;  ///< in the order of the weight list

    /// True if the tensor is one weight as it stands.
    bool isPlain() const;
};

/// The file tensors behind a weight list, in name order. Internal if slices of one tensor contradict one another,
/// overlap or leave something out: an architecture's mistake.
Result<std::vector<FileTensor>> fileTensorsOf(const std::vector<WeightSpec>& weights);

}  // namespace preflab
