// SPDX-License-Identifier: GPL-3.0-or-later
// Words for places in a file.
#include "core/data/ingest/row_naming.h"

#include "core/base/system.h"

#include <algorithm>
#include <cstddef>

namespace preflab {
namespace {

constexpr std::size_t kNamedRows = 5;

std::string nounOf(RowNaming naming)
{
    return naming == RowNaming::Line ? "line" : "row";
}

}  // namespace

std::string placeText(RowNaming naming, std::uint64_t number)
{
    return nounOf(naming) + " " + std::to_string(number);
}

std::string placesText(RowNaming naming, const std::vector<std::uint64_t>& first, std::uint64_t total)
{
    std::string text = nounOf(naming) + (total == 1 ? " " : "s ");
    const std::size_t named = std::min(kNamedRows, first.size());
    for (std::size_t i = 0; i < named; ++i) text += (i == 0 ? "" : ", ") + std::to_string(first[i]);
    return total > named ? text + " and " + countText(total - named) + " more" : text;
}

}  // namespace preflab
