// SPDX-License-Identifier: GPL-3.0-or-later
// The decision which layout a file has, taken once, on its first rows.
#include "core/data/ingest/row_profile.h"

#include "core/base/json.h"
#include "core/data/ingest/format_fields.h"
#include "core/data/ingest/line_blocks.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kProfiledRows = 100;
/// A hostile object may have millions of columns.
constexpr std::size_t kShownColumns = 50;
constexpr std::size_t kShownNameBytes = 100;

std::vector<Json> firstObjects(const LineBlock& block)
{
    std::vector<Json> objects;
    std::string_view rest = block.text;
    if (block.offset == 0 && rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
    while (!rest.empty() && objects.size() < kProfiledRows) {
        const auto lineEnd = std::min(rest.find('\n'), rest.size() - 1) + 1;
        const auto text = withoutLineEnd(rest.substr(0, lineEnd));
        rest.remove_prefix(lineEnd);
        if (isBlank(text)) continue;
        auto json = parseJson(text);
        if (json && json->is_object()) objects.push_back(*std::move(json));
    }
    return objects;
}

const FormatInfo* bestFormat(const std::vector<Json>& objects)
{
    const FormatInfo* best = nullptr;
    int most = 0;
    for (const auto* format : formats()) {
        int total = 0;
        for (const auto& object : objects) total += format->fits(object);
        if (total > most) {
            best = format;
            most = total;
        }
    }
    return best;
}

void collectColumns(const std::vector<Json>& objects, RowProfile& profile)
{
    for (const auto& object : objects) {
        for (const auto& [name, value] : object.items()) {
            const auto found = std::find(profile.columns.begin(), profile.columns.end(), name);
            const auto at = static_cast<std::size_t>(found - profile.columns.begin());
            if (at == profile.columns.size()) {
                if (at == kShownColumns) continue;
                profile.columns.push_back(name);
                profile.kinds.emplace_back("null");
            }
            if (profile.kinds[at] == "null") profile.kinds[at] = std::string(jsonKindName(value));
        }
    }
}

void readFirst(const std::vector<Json>& objects, RowProfile& profile)
{
    for (const auto& object : objects) {
        auto row = profile.format->read(object);
        if (!row) continue;
        profile.first = *std::move(row);
        return;
    }
}

}  // namespace

Result<RowProfile> profileRows(const FileReader& file)
{
    LineBlocks blocks(file);
    RowProfile profile;
    while (true) {
        TRY(const auto block, blocks.next());
        if (!block) return profile;
        const auto objects = firstObjects(*block);
        if (objects.empty()) continue;
        profile.hasObjects = true;
        profile.format = bestFormat(objects);
        collectColumns(objects, profile);
        if (profile.format != nullptr) readFirst(objects, profile);
        return profile;
    }
}

std::string columnsText(const RowProfile& profile)
{
    std::string text;
    for (std::size_t i = 0; i < profile.columns.size(); ++i) {
        if (i > 0) text += ", ";
        text += profile.columns[i].substr(0, kShownNameBytes) + " (" + profile.kinds[i] + ")";
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
