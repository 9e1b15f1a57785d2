// SPDX-License-Identifier: GPL-3.0-or-later
// A sentence for each kind of finding.
#include "core/data/ingest/data_doubts.h"

#include "core/base/excerpt.h"
#include "core/base/system.h"

#include <cstddef>

namespace preflab {
namespace {

using Kind = Finding::Kind;

std::string fileSentence(const std::string& file, const Findings& findings, Kind kind)
{
    const std::string reason = findings.firstReason(kind);
    switch (kind) {
    case Kind::IncompleteFile:
        return file + " ends too early (" + reason + "): what came before its end is used.";
    case Kind::BytesBehind:
        return file + " has more behind the end of its data: " + reason + ".";
    case Kind::SameColumns:
        return file + " has columns of the same name: " + reason + ".";
    default:
        return {};
    }
}

/// `who`: "1 pair of pairs.jsonl", "3 pairs of pairs.jsonl".
std::string rowSentence(const std::string& who, bool isOne, Kind kind, const std::string& where)
{
    switch (kind) {
    case Kind::IdenticalSides:
        return who + (isOne ? " has two identical answers and teaches" : " have two identical answers and teach") +
               " no preference" + where + ".";
    case Kind::EmptySide:
        return who + (isOne ? " has" : " have") + " an empty answer" + where + ".";
    case Kind::OneContinues:
        return "In " + who + " one side is the beginning of the other, so that hardly anything is left of an answer" +
               where + ".";
    case Kind::NothingInCommon:
        return who + (isOne ? " has" : " have") + " no common beginning of both sides, so no prompt is found" + where +
               ".";
    case Kind::PromptsDiffer:
        return "In " + who + " the sides differ in what the user says, which is read as part of the answers" + where +
               ".";
    case Kind::PromptRepeated:
        return "In " + who + " the prompt stands again at the beginning of the answers, so the model reads it twice" +
               where + ".";
    default:
        return {};
    }
}

}  // namespace

std::vector<DataDoubt> doubtsOf(const Dataset& data, const Findings& findings)
{
    const std::string file = excerptOf(data.path.filename().string());
    std::vector<DataDoubt> doubts;
    for (std::size_t i = 0; i < Finding::kKinds; ++i) {
        const auto kind = static_cast<Kind>(i);
        const std::uint64_t rows = findings.count(kind);
        if (rows == 0 || kind == Kind::BadRow) continue;
        if (isOfFile(kind)) {
            doubts.push_back({kind, rows, fileSentence(file, findings, kind)});
            continue;
        }
        std::vector<std::uint64_t> numbers;
        for (const Finding& finding : findings.first)
            if (finding.kind == kind) numbers.push_back(finding.sourceNumber);
        const std::string noun = data.kind == RowKind::Preference ? " pair" : " row";
        const std::string who = countText(rows) + noun + (rows == 1 ? " of " : "s of ") + file;
        doubts.push_back(
            {kind, rows, rowSentence(who, rows == 1, kind, " (" + placesText(data.naming, numbers, rows) + ")")});
    }
    return doubts;
}

}  // namespace preflab
