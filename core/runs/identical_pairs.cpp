// SPDX-License-Identifier: GPL-3.0-or-later
// Looking for pairs with equal sides.
#include "core/runs/identical_pairs.h"

#include "core/base/system.h"

namespace preflab {

namespace {

constexpr std::size_t kNamedRows = 10;

std::string rowsText(const IdenticalPairs& found)
{
    return placesText(found.naming, found.firstSourceRows, found.identical);
}

}  // namespace

std::string IdenticalPairs::text() const
{
    const std::string verb = identical == 1 ? " has" : " have";
    return countText(identical) + " of " + countText(pairs) + (pairs == 1 ? " pair" : " pairs") + verb +
           " identical sides and can teach no preference (" + rowsText(*this) + ").";
}

std::string IdenticalPairs::heldOutText() const
{
    if (isEverything())
        return (pairs == 1 ? "The one held-out pair has identical sides"
                           : "All " + countText(pairs) + " held-out pairs have identical sides") +
               std::string(" (") + rowsText(*this) + "), so no held-out measure of preference means anything.";
    return countText(identical) + " of " + countText(pairs) + " held-out pairs " + (identical == 1 ? "has" : "have") +
           " identical sides and " + (identical == 1 ? "counts" : "count") + " as ties in the held-out measures (" +
           rowsText(*this) + ").";
}

Result<IdenticalPairs> findIdenticalPairs(const PairSource& source, const Dataset& data)
{
    IdenticalPairs found;
    found.pairs = source.size();
    found.naming = data.naming;
    for (std::uint32_t index = 0; index < source.size(); ++index) {
        // Drawing a pair reads it, so only those of one length are drawn.
        const PairLength length = source.length(index);
        if (length.chosen != length.rejected) continue;
        TRY(const TokenPair pair, source.pair(index));
        if (!(pair.chosen == pair.rejected)) continue;
        ++found.identical;
        if (found.firstSourceRows.size() < kNamedRows)
            found.firstSourceRows.push_back(data.rows->sourceNumber(pair.row));
    }
    return found;
}

Result<> requireDifferentSides(const IdenticalPairs& found, const std::filesystem::path& path)
{
    if (!found.isEverything()) return {};
    return fail(ErrorCode::NoUsableRows,
                {{"path", path.string()},
                 {"rows", countText(found.pairs)},
                 {"reason", "chosen and rejected are the same in every pair (" + rowsText(found) +
                                "), which only --allow-identical-pairs trains on"}});
}

}  // namespace preflab
