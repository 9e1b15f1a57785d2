// SPDX-License-Identifier: GPL-3.0-or-later
// Counting findings without keeping them all.
#include "core/data/ingest/findings.h"

#include <utility>

namespace preflab {

std::uint64_t Findings::count(Finding::Kind kind) const
{
    switch (kind) {
    case Finding::Kind::BadRow:
        return badRows;
    case Finding::Kind::IdenticalSides:
        return identicalSides;
    case Finding::Kind::EmptySide:
        return emptySides;
    case Finding::Kind::IncompleteFile:
        return isFileIncomplete ? 1 : 0;
    case Finding::Kind::OneContinues:
        return continuations;
    case Finding::Kind::NothingInCommon:
        return withoutPrompt;
    case Finding::Kind::PromptsDiffer:
        return differingPrompts;
    }
    return 0;
}

void Findings::addCount(Finding::Kind kind, std::uint64_t rows)
{
    switch (kind) {
    case Finding::Kind::BadRow:
        badRows += rows;
        break;
    case Finding::Kind::IdenticalSides:
        identicalSides += rows;
        break;
    case Finding::Kind::EmptySide:
        emptySides += rows;
        break;
    case Finding::Kind::IncompleteFile:
        isFileIncomplete = isFileIncomplete || rows > 0;
        break;
    case Finding::Kind::OneContinues:
        continuations += rows;
        break;
    case Finding::Kind::NothingInCommon:
        withoutPrompt += rows;
        break;
    case Finding::Kind::PromptsDiffer:
        differingPrompts += rows;
        break;
    }
}

void Findings::keep(Finding finding)
{
    auto& kept = m_kept[static_cast<std::size_t>(finding.kind)];
    if (kept == kKept) return;
    ++kept;
    first.push_back(std::move(finding));
}

void Findings::add(Finding finding)
{
    addCount(finding.kind, finding.rows);
    keep(std::move(finding));
}

void Findings::append(const Findings& later)
{
    for (std::size_t i = 0; i < Finding::kKinds; ++i) {
        const auto kind = static_cast<Finding::Kind>(i);
        addCount(kind, later.count(kind));
    }
    for (const auto& finding : later.first) keep(finding);
    for (const auto& [key, rows] : later.messageKeys) addMessageKey(key, rows);
}

void Findings::addMessageKey(const std::string& key, std::uint64_t rows)
{
    // A hostile file may have a new key in every row.
    if (messageKeys.size() < kKeysKept || messageKeys.contains(key)) messageKeys[key] += rows;
}

}  // namespace preflab
