// SPDX-License-Identifier: GPL-3.0-or-later
// One pass over the touched rows.
#include "core/data/view/row_use.h"

#include "core/base/hash.h"

#include <algorithm>
#include <array>
#include <span>

namespace preflab {
namespace {

void count(RowUse& use, const RowFigures* figures, std::int64_t by)
{
    if (!figures) return;
    if (figures->has(RowFlag::IdenticalSides)) use.identicalSides += by;
    if (figures->has(RowFlag::EmptySide)) use.emptySides += by;
}

/// Takes in what a touched row counts for. Lengths stand for texts, which may be long and edited by the million.
void addTo(ContentHash& hash, std::uint32_t row, const EditedFigures* now)
{
    std::array<std::uint32_t, 5> words{row};
    if (now) words = {row, 1, now->figures.promptLength, now->figures.chosenLength, now->figures.rejectedLength};
    hash.add(std::as_bytes(std::span(words)));
}

std::uint64_t shifted(std::uint64_t found, std::int64_t by)
{
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, static_cast<std::int64_t>(found) + by));
}

}  // namespace

Findings RowUse::adjusted(Findings findings) const
{
    findings.identicalSides = shifted(findings.identicalSides, identicalSides);
    findings.emptySides = shifted(findings.emptySides, emptySides);
    return findings;
}

RowUse rowUseOf(const ViewInputs& inputs)
{
    RowUse use;
    ContentHash hash;
    bool isTouched = false;
    for (const std::uint32_t row : inputs.states.rows()) {
        const RowState& state = *inputs.states.find(row);
        if (!state.isExcluded && !state.isEdited()) continue;
        isTouched = true;
        addTo(hash, row, state.isExcluded ? nullptr : inputs.edited.find(row));
        if (state.isExcluded) ++use.leftOut;
        if (!inputs.columns) continue;
        count(use, &(*inputs.columns)[row], -1);
        if (!state.isExcluded) count(use, inputs.figures(row), 1);
    }
    if (isTouched) use.key = hash.hex();
    return use;
}

}  // namespace preflab
