// SPDX-License-Identifier: GPL-3.0-or-later
// Comparing head and embedding.
#include "core/model/tied_head.h"

#include <algorithm>
#include <cstddef>

namespace preflab {
namespace {

constexpr std::uint64_t kBlockBytes = std::uint64_t{1} << 20;

}  // namespace

Result<bool> holdsOwnHead(const SafetensorsSet& tensors, const std::vector<WeightSpec>& weights)
{
    const TensorEntry* head = tensors.find(kHeadTensor);
    if (head == nullptr) return false;
    const auto embedding = std::find_if(weights.begin(), weights.end(),
                                        [](const WeightSpec& weight) { return weight.role == WeightRole::Embedding; });
    const TensorEntry* table = embedding == weights.end() ? nullptr : tensors.find(embedding->fileName());
    if (table == nullptr || table->type != head->type || table->shape != head->shape) return true;
    std::vector<std::byte> left, right;
    for (std::uint64_t done = 0; done < head->bytes; done += left.size()) {
        left.resize(static_cast<std::size_t>(std::min(kBlockBytes, head->bytes - done)));
        right.resize(left.size());
        TRY_VOID(tensors.readPart(*head, done, left));
        TRY_VOID(tensors.readPart(*table, done, right));
        if (left != right) return true;
    }
    return false;
}

}  // namespace preflab
