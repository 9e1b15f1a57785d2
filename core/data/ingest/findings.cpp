// SPDX-License-Identifier: GPL-3.0-or-later
// Counting findings without keeping them all.
#include "core/data/ingest/findings.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace preflab {

void Findings::add(Finding finding)
{
    std::uint64_t count = 0;
    switch (finding.kind) {
    case Finding::Kind::BadRow:
        count = ++badRows;
        break;
    case Finding::Kind::IdenticalSides:
        count = ++identicalSides;
        break;
    case Finding::Kind::EmptySide:
        count = ++emptySides;
        break;
    case Finding::Kind::IncompleteFile:
        isFileIncomplete = true;
        break;
    }
    if (count <= kKept) first.push_back(std::move(finding));
}

void Findings::append(const Findings& later)
{
    const auto kept = [&later](Finding::Kind kind) {
        return static_cast<std::uint64_t>(
            std::count_if(later.first.begin(), later.first.end(), [kind](const Finding& f) { return f.kind == kind; }));
    };
    for (const auto& finding : later.first) add(finding);
    badRows += later.badRows - kept(Finding::Kind::BadRow);
    identicalSides += later.identicalSides - kept(Finding::Kind::IdenticalSides);
    emptySides += later.emptySides - kept(Finding::Kind::EmptySide);
}

}  // namespace preflab
