// SPDX-License-Identifier: GPL-3.0-or-later
// What a run said.
#pragma once

#include "core/runs/run_log.h"

#include <utility>
#include <vector>

namespace preflab::test {

/// The events of one kind, in their order.
inline std::vector<RunEvent> eventsOf(const RunLog& log, RunEvent::Kind kind)
{
    RunCursor cursor;
    std::vector<RunEvent> found;
    for (RunEvent& event : log.news(cursor).events)
        if (event.kind == kind) found.push_back(std::move(event));
    return found;
}

}  // namespace preflab::test
