// SPDX-License-Identifier: GPL-3.0-or-later
// The decision which layout a file has, taken once, on its first rows.
#include "core/data/ingest/row_profile.h"

#include "core/base/excerpt.h"
#include "core/base/system.h"
#include "core/data/ingest/layout_fields.h"
#include "core/data/ingest/line_blocks.h"
#include "core/data/rows/record.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <set>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kProfiledRows = 100;
/// So much text is enough to go by, however few rows it holds.
constexpr std::size_t kProfiledBytes = std::size_t{1} << 20;
/// A hostile object may have millions of columns.
constexpr std::size_t kShownColumns = 50;

/// Appends the first lines of a block that are objects.
void addObjects(const LineBlock& block, std::vector<std::string_view>& objects)
{
    std::string_view rest = block.text;
    if (block.offset == 0 && rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
    while (!rest.empty() && objects.size() < kProfiledRows) {
        const auto lineEnd = std::min(rest.find('\n'), rest.size() - 1) + 1;
        const auto text = withoutLineEnd(rest.substr(0, lineEnd));
        rest.remove_prefix(lineEnd);
        if (isBlank(text)) continue;
        readRecord(text, [&](const RecordValue& record) {
            if (record.isObject()) objects.push_back(text);
        });
    }
}

/// The first rows that are objects, as text.
struct FirstRows {
    std::deque<LineBlock> blocks;  ///< that the texts lie in
    std::vector<std::string_view> objects;
};

/// A last line without a line end is a block of its own, so the first block need not be all of a small file.
Result<FirstRows> firstRows(const FileReader& file)
{
    FirstRows first;
    LineBlocks blocks(file);
    std::size_t bytes = 0;
    while (first.objects.size() < kProfiledRows && bytes < kProfiledBytes) {
        TRY(auto block, blocks.next());
        if (!block) break;
        addObjects(first.blocks.emplace_back(*std::move(block)), first.objects);
        // Of what holds no object, any amount may come before the first one.
        if (first.objects.empty())
            first.blocks.clear();
        else
            bytes += first.blocks.back().text.size();
    }
    return first;
}

/// True for a list whose first element some layout can read.
bool isListOfRows(const RecordValue& value, const ProfileRequest& request)
{
    if (!value.isList()) return false;
    for (const RecordValue first : value.values())
        return first.isObject() && std::ranges::any_of(request.layouts, [&](const Layout* layout) {
                   return layout->recognise(std::span(&first, 1), request.mapping).confidence > 0;
               });
    return false;
}

/// True for a column of a role, and for those by whose names it is told what a file is for.
bool isTelling(std::string_view column, const ColumnMapping& mapping)
{
    constexpr std::array<std::string_view, 8> kTelling{"tools",         "label",    "kto_tag", "messages",
                                                       "conversations", "response", "output",  "answer"};
    return std::ranges::find(kTelling, column) != kTelling.end() ||
           std::ranges::any_of(columnRoles(), [&](std::string_view role) { return mapping.column(role) == column; });
}

/// `others` has the names of the columns that are not among the profile's.
void collectColumns(const RecordValue& row, const ProfileRequest& request, RowProfile& profile,
                    std::set<std::string, std::less<>>& others)
{
    for (const auto& [name, value] : row.members()) {
        const auto found = std::find(profile.columns.begin(), profile.columns.end(), name);
        const auto at = static_cast<std::size_t>(found - profile.columns.begin());
        if (at == profile.columns.size()) {
            if (at >= kShownColumns && !isTelling(name, request.mapping)) {
                if (!others.contains(name)) others.emplace(name);
                if (profile.wrapper.empty() && isListOfRows(value, request)) profile.wrapper = name;
                continue;
            }
            profile.columns.emplace_back(name);
            profile.kinds.emplace_back("null");
        }
        if (profile.kinds[at] == "null") profile.kinds[at] = std::string(kindName(value));
        if (profile.wrapper.empty() && isListOfRows(value, request)) profile.wrapper = profile.columns[at];
    }
}

/// The layout that fits the records best.
void recognise(std::span<const RecordValue> records, const ProfileRequest& request, RowProfile& profile)
{
    int most = 0;
    for (const Layout* layout : request.layouts) {
        if (!layout->readsAll(request.mapping.changedRoles())) continue;
        Recognition found = layout->recognise(records, request.mapping);
        if (found.confidence <= most) continue;
        most = found.confidence;
        profile.layout = {layout, std::move(found.mapping)};
        profile.reason = std::move(found.reason);
    }
}

/// The first row that the layout can read, if there is one.
void readFirst(std::span<const RecordValue> records, RowProfile& profile)
{
    RecordRows rows;
    for (const RecordValue& record : records) {
        rows.clear();
        if (!profile.layout.layout->read(record, profile.layout.mapping, rows) || rows.empty()) continue;
        profile.first = std::move(rows.front().row);
        return;
    }
}

/// A role whose column none of the records has, although the user named it; empty: there is none.
std::string_view missingRole(std::span<const RecordValue> records, const ColumnMapping& mapping)
{
    for (const std::string_view role : mapping.changedRoles()) {
        const auto hasIt = [&](const RecordValue& record) { return record.find(mapping.column(role)).has_value(); };
        if (std::ranges::none_of(records, hasIt)) return role;
    }
    return {};
}

}  // namespace

std::string columnsText(const RowProfile& profile)
{
    std::string text;
    for (std::size_t i = 0; i < profile.columns.size(); ++i) {
        if (i > 0) text += ", ";
        text += excerptOf(profile.columns[i]) + " (" + profile.kinds[i] + ")";
    }
    if (text.empty()) return "none";
    return profile.otherColumns == 0 ? text : text + " and " + countText(profile.otherColumns) + " more";
}

Result<RowProfile> profileRows(const FileReader& file, const ProfileRequest& request)
{
    TRY(const FirstRows first, firstRows(file));
    RowProfile profile;
    if (first.objects.empty()) return profile;
    profile.hasObjects = true;
    readRecords(first.objects, [&](std::span<const RecordValue> records) {
        std::set<std::string, std::less<>> others;
        for (const RecordValue& record : records) collectColumns(record, request, profile, others);
        profile.otherColumns = others.size();
        profile.missingRole = missingRole(records, request.mapping);
        recognise(records, request, profile);
        if (profile.layout.layout != nullptr) readFirst(records, profile);
    });
    return profile;
}

}  // namespace preflab
