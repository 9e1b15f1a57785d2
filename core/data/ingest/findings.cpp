// SPDX-License-Identifier: GPL-3.0-or-later
// Counting findings without keeping them all.
#include "core/data/ingest/findings.h"

#include <algorithm>
#include <utility>

namespace preflab {
namespace {

/// Where the rows of a kind are counted; nullptr for kinds that are of the file.
std::uint64_t Findings::*rowsOf(Finding::Kind kind)
{
    switch (kind) {
    case Finding::Kind::BadRow:
        return &Findings::badRows;
    case Finding::Kind::IdenticalSides:
        return &Findings::identicalSides;
    case Finding::Kind::EmptySide:
        return &Findings::emptySides;
    case Finding::Kind::OneContinues:
        return &Findings::continuations;
    case Finding::Kind::NothingInCommon:
        return &Findings::withoutPrompt;
    case Finding::Kind::PromptsDiffer:
        return &Findings::differingPrompts;
    case Finding::Kind::PromptRepeated:
        return &Findings::repeatedPrompts;
    default:
        return nullptr;
    }
}

/// Where it stands that a file has this; nullptr for kinds that are of rows.
bool Findings::*flagOf(Finding::Kind kind)
{
    switch (kind) {
    case Finding::Kind::IncompleteFile:
        return &Findings::isFileIncomplete;
    case Finding::Kind::BytesBehind:
        return &Findings::hasBytesBehind;
    case Finding::Kind::SameColumns:
        return &Findings::hasSameColumns;
    default:
        return nullptr;
    }
}

}  // namespace

std::string_view findingId(Finding::Kind kind)
{
    constexpr std::string_view kIds[Finding::kKinds] = {
        "bad_rows",          "identical_sides", "empty_sides",      "is_file_incomplete", "one_continues_the_other",
        "nothing_in_common", "prompts_differ",  "has_bytes_behind", "has_same_columns",   "prompt_repeated"};
    return kIds[static_cast<std::size_t>(kind)];
}

bool isOfFile(Finding::Kind kind)
{
    return flagOf(kind) != nullptr;
}

std::uint64_t Findings::count(Finding::Kind kind) const
{
    if (const auto rows = rowsOf(kind)) return this->*rows;
    return this->*flagOf(kind) ? 1 : 0;
}

std::uint64_t Findings::total() const
{
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < Finding::kKinds; ++i) sum += count(static_cast<Finding::Kind>(i));
    return sum;
}

std::string Findings::firstReason(Finding::Kind kind) const
{
    const auto found = std::ranges::find(first, kind, &Finding::kind);
    return found == first.end() ? std::string() : found->reason;
}

bool Findings::areAllKept(Finding::Kind kind) const
{
    std::uint64_t kept = 0;
    for (const Finding& finding : first)
        if (finding.kind == kind) kept += finding.rows;
    return kept == count(kind);
}

void Findings::addCount(Finding::Kind kind, std::uint64_t rows)
{
    if (const auto counted = rowsOf(kind))
        this->*counted += rows;
    else
        this->*flagOf(kind) = this->*flagOf(kind) || rows > 0;
}

void Findings::remove(Finding::Kind kind, std::uint64_t sourceNumber)
{
    const auto counted = rowsOf(kind);
    if (counted == nullptr || this->*counted == 0) return;
    --(this->*counted);
    const auto found = std::ranges::find_if(
        first, [&](const Finding& finding) { return finding.kind == kind && finding.sourceNumber == sourceNumber; });
    if (found == first.end()) return;
    first.erase(found);
    --m_kept[static_cast<std::size_t>(kind)];
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
