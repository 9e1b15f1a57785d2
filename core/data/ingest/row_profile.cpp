// SPDX-License-Identifier: GPL-3.0-or-later
// The decision which layout a file has, taken once, on its first rows.
#include "core/data/ingest/row_profile.h"

#include "core/base/excerpt.h"
#include "core/data/ingest/format_fields.h"
#include "core/data/ingest/line_blocks.h"
#include "core/data/rows/record.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kProfiledRows = 100;
/// A hostile object may have millions of columns.
constexpr std::size_t kShownColumns = 50;

/// Calls `visit` with the first objects of a block; returns how many there are.
std::size_t visitObjects(const LineBlock& block, const std::function<void(const RecordValue& object)>& visit)
{
    std::size_t count = 0;
    std::string_view rest = block.text;
    if (block.offset == 0 && rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
    while (!rest.empty() && count < kProfiledRows) {
        const auto lineEnd = std::min(rest.find('\n'), rest.size() - 1) + 1;
        const auto text = withoutLineEnd(rest.substr(0, lineEnd));
        rest.remove_prefix(lineEnd);
        if (isBlank(text)) continue;
        readRecord(text, [&](const RecordValue& record) {
            if (!record.isObject()) return;
            ++count;
            visit(record);
        });
    }
    return count;
}

/// How well each layout fits all rows together.
class Votes {
public:
    void add(const RecordValue& row)
    {
        for (std::size_t i = 0; i < m_totals.size(); ++i) m_totals[i] += formats()[i]->fits(row);
    }

    /// The first of those that fit best; nullptr if none does.
    const FormatInfo* best() const
    {
        const auto most = std::max_element(m_totals.begin(), m_totals.end());
        return *most > 0 ? formats()[static_cast<std::size_t>(most - m_totals.begin())] : nullptr;
    }

private:
    std::vector<int> m_totals = std::vector<int>(formats().size());
};

/// True for a list whose first element some layout can read.
bool isListOfRows(const RecordValue& value)
{
    if (!value.isList()) return false;
    for (const RecordValue first : value.values())
        return first.isObject() &&
               std::ranges::any_of(formats(), [&first](const FormatInfo* format) { return format->fits(first) > 0; });
    return false;
}

void collectColumns(const RecordValue& row, RowProfile& profile)
{
    for (const auto& [name, value] : row.members()) {
        const auto found = std::find(profile.columns.begin(), profile.columns.end(), name);
        const auto at = static_cast<std::size_t>(found - profile.columns.begin());
        if (at == profile.columns.size()) {
            if (at == kShownColumns) continue;
            profile.columns.emplace_back(name);
            profile.kinds.emplace_back("null");
        }
        if (profile.kinds[at] == "null") profile.kinds[at] = std::string(kindName(value));
        if (profile.wrapper.empty() && isListOfRows(value)) profile.wrapper = profile.columns[at];
    }
}

/// The first row that the layout can read, if there is one.
void readFirst(const LineBlock& block, RowProfile& profile)
{
    bool isRead = false;
    visitObjects(block, [&](const RecordValue& object) {
        if (isRead) return;
        auto row = profile.format->read(object);
        isRead = row.has_value();
        if (isRead) profile.first = *std::move(row);
    });
}

}  // namespace

Result<RowProfile> profileRows(const FileReader& file)
{
    LineBlocks blocks(file);
    RowProfile profile;
    while (true) {
        TRY(const auto block, blocks.next());
        if (!block) return profile;
        Votes votes;
        const auto count = visitObjects(*block, [&](const RecordValue& object) {
            votes.add(object);
            collectColumns(object, profile);
        });
        if (count == 0) continue;
        profile.hasObjects = true;
        profile.format = votes.best();
        if (profile.format != nullptr) readFirst(*block, profile);
        return profile;
    }
}

std::string columnsText(const RowProfile& profile)
{
    std::string text;
    for (std::size_t i = 0; i < profile.columns.size(); ++i) {
        if (i > 0) text += ", ";
        text += excerptOf(profile.columns[i]) + " (" + profile.kinds[i] + ")";
    }
    return text.empty() ? "none" : text;
}

std::string knownColumnsText()
{
    std::vector<std::string> sets;
    for (const auto* format : formats()) {
        if (std::find(sets.begin(), sets.end(), format->columns) == sets.end()) sets.push_back(format->columns);
    }
    std::string text;
    for (const auto& set : sets) text += (text.empty() ? "" : ", or ") + set;
    return text + " (texts, or lists of messages with role and content)";
}

}  // namespace preflab
