// SPDX-License-Identifier: GPL-3.0-or-later
// Looking for pairs with equal sides.
#include "core/runs/identical_pairs.h"

#include "core/base/system.h"

namespace preflab {

namespace {

constexpr std::size_t kNamedRows = 10;

/// "rows 3, 17 and more".
std::string rowsText(const IdenticalPairs& found)
{
    std::string text = found.identical == 1 ? "row " : "rows ";
    for (std::size_t i = 0; i < found.firstSourceRows.size(); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(found.firstSourceRows[i]);
    return text + (found.identical > found.firstSourceRows.size() ? " and more" : "");
}

}  // namespace

std::string IdenticalPairs::text() const
{
    const std::string verb = identical == 1 ? " has" : " have";
    return countText(identical) + " of " + countText(pairs) + (pairs == 1 ? " pair" : " pairs") + verb +
           " identical sides and can teach no preference (" + rowsText(*this) + ").";
}

Result<IdenticalPairs> findIdenticalPairs(const PairSource& source, const RowSource& rows)
{
    IdenticalPairs found;
    found.pairs = source.size();
    for (std::uint32_t index = 0; index < source.size(); ++index) {
        // Drawing a pair reads it, so only those of one length are drawn.
        const PairLength length = source.length(index);
        if (length.chosen != length.rejected) continue;
        TRY(const TokenPair pair, source.pair(index));
        if (!(pair.chosen == pair.rejected)) continue;
        ++found.identical;
        if (found.firstSourceRows.size() < kNamedRows) found.firstSourceRows.push_back(rows.sourceNumber(pair.row));
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
