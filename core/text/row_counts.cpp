// SPDX-License-Identifier: GPL-3.0-or-later
// Counts of rows in words.
#include "core/text/row_counts.h"

#include "core/base/excerpt.h"
#include "core/base/system.h"

#include <algorithm>
#include <string_view>

namespace preflab {

std::uint64_t RowCounts::leftOut() const
{
    std::uint64_t sum = unreadable + excluded + unmatched;
    for (const auto& [reason, count] : dropped) sum += count;
    return sum;
}

void RowCounts::takeLosses(const EditedDataset& opened)
{
    const Dataset& data = opened.data;
    unreadable = data.findings.badRows;
    doubts = doubtsOf(data, opened.findings);
    editNotes = opened.notes();
    messageKeys = data.findings.messageKeys;
    hasToolsColumn = data.isConversational && std::ranges::find(data.columns, "tools") != data.columns.end();
}

std::string leftOutText(const RowCounts& counts)
{
    std::string text;
    const auto add = [&text](std::uint64_t count, std::string_view reason) {
        if (count > 0) text += (text.empty() ? "" : ", ") + countText(count) + " because " + std::string(reason);
    };
    for (const auto& [reason, count] : counts.dropped) add(count, dropReasonText(reason));
    const auto byNumber = [&add](std::uint64_t count, std::string_view one, std::string_view several) {
        add(count, count == 1 ? one : several);
    };
    byNumber(counts.unmatched, "the other method of the comparison cannot use it",
             "the other method of the comparison cannot use them");
    byNumber(counts.unreadable, "it could not be read", "they could not be read");
    byNumber(counts.excluded, "you left it out", "you left them out");
    return text;
}

std::string unrenderedText(const RowCounts& counts)
{
    constexpr std::size_t kNamed = 5;
    std::string text;
    std::size_t named = 0;
    for (const auto& [key, rows] : counts.messageKeys) {
        if (named++ == kNamed) {
            text += ", " + countText(counts.messageKeys.size() - kNamed) + " more";
            break;
        }
        text += (text.empty() ? "" : ", ") + excerptOf(key) + " of messages (" + countText(rows) +
                (rows == 1 ? " row)" : " rows)");
    }
    if (counts.hasToolsColumn) text += (text.empty() ? "" : ", ") + std::string("the column tools");
    return text;
}

}  // namespace preflab
