// SPDX-License-Identifier: GPL-3.0-or-later
// Counts of rows in words.
#include "core/text/row_counts.h"

#include "core/base/system.h"

#include <string_view>

namespace preflab {

std::uint64_t RowCounts::leftOut() const
{
    std::uint64_t sum = unreadable + excluded + unmatched;
    for (const auto& [reason, count] : dropped) sum += count;
    return sum;
}

std::string leftOutText(const RowCounts& counts)
{
    std::string text;
    const auto add = [&text](std::uint64_t count, std::string_view reason) {
        if (count > 0) text += (text.empty() ? "" : ", ") + countText(count) + " because " + std::string(reason);
    };
    for (const auto& [reason, count] : counts.dropped) add(count, dropReasonText(reason));
    add(counts.unmatched, "the other method of the comparison cannot use them");
    add(counts.unreadable, "they could not be read");
    add(counts.excluded, "you left them out");
    return text;
}

}  // namespace preflab
