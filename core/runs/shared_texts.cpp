// SPDX-License-Identifier: GPL-3.0-or-later
// Compares hashes of texts, which every opened dataset has.
#include "core/runs/shared_texts.h"

#include <unordered_map>

namespace preflab {

namespace {

Result<std::uint64_t> textsOf(const EditedDataset& opened, std::uint32_t row)
{
    const RowState* state = opened.edits.states.find(row);
    if (!state || !state->isEdited()) return opened.data.identities->texts(row);
    TRY(const Row now, opened.rows->row(row));
    return textsHash(now);
}

}  // namespace

Result<std::uint32_t> heldOutInTraining(const EditedDataset& trainedData, std::span<const std::uint32_t> trained,
                                        const EditedDataset& heldData, std::span<const std::uint32_t> held)
{
    std::unordered_map<std::uint64_t, std::uint32_t> rowsOf;  // held-out rows of these texts that were not met yet
    for (const std::uint32_t row : held) {
        TRY(const std::uint64_t texts, textsOf(heldData, row));
        ++rowsOf[texts];
    }
    std::uint32_t count = 0;
    for (const std::uint32_t row : trained) {
        TRY(const std::uint64_t texts, textsOf(trainedData, row));
        const auto found = rowsOf.find(texts);
        if (found == rowsOf.end()) continue;
        count += found->second;
        rowsOf.erase(found);
    }
    return count;
}

}  // namespace preflab
