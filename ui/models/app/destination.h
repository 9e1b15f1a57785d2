// SPDX-License-Identifier: GPL-3.0-or-later
// Where a link leads inside the window.
#pragma once

#include <QString>

#include <cstdint>
#include <optional>

namespace preflab {

/// The pages of the window, in the order of the navigation rail.
enum class PageId { Home, Data, Model, Train, Runs, Compare, Settings };

/// A page, and what to show on it.
struct Destination {
    PageId page = PageId::Home;
    QString tab;                       ///< id of a tab of that page ("annotate", "wizard"); empty: as it is
    QString run;                       ///< id of a run to show, on Train to set up another like it; empty: none
    std::optional<std::uint32_t> row;  ///< a pair to select
};

}  // namespace preflab
