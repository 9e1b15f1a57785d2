// SPDX-License-Identifier: GPL-3.0-or-later
// Reads what each run counted of its own held-out rows.
#include "core/runs/held_out_use.h"

#include "core/runs/prepare.h"
#include "core/runs/run_spec.h"

#include <cstdint>
#include <optional>

namespace preflab {

namespace {

bool isMeasured(const ComparedRun& run)
{
    return run.log != nullptr && !heldOutBeforeAfter(*run.log).empty();
}

/// A file's content, or its place where the content was not recorded.
std::string contentOf(const std::string& hash, const std::filesystem::path& path)
{
    return hash.empty() ? path.string() : hash;
}

/// How many held-out rows the run found to be trained on; older runs did not look.
std::optional<std::uint64_t> countOf(const ComparedRun& run)
{
    RunCursor cursor;
    for (const RunEvent& event : run.log->news(cursor).events) {
        if (event.kind != RunEvent::Kind::Note || !event.data.is_object()) continue;
        const auto found = event.data.find(kHeldOutTrainedOn);
        if (found != event.data.end() && found->is_number_unsigned()) return found->get<std::uint64_t>();
    }
    return std::nullopt;
}

/// The held-out file is the training file.
bool isOneFile(const RunRecord& record)
{
    const RunSpec& spec = record.spec;
    return record.areSettingsReadable && spec.evalData &&
           contentOf(record.dataHash, spec.data) == contentOf(record.heldOutHash, *spec.evalData);
}

/// "Runs 1 (…), 2 (…) were", after "R" or "Whether r".
std::string named(const std::vector<std::size_t>& indices, const std::vector<ComparedRun>& runs)
{
    std::string names;
    for (const std::size_t i : indices) names += (names.empty() ? "" : ", ") + runLabelOf(runs[i]);
    return (indices.size() == 1 ? "un " : "uns ") + names + (indices.size() == 1 ? " was" : " were");
}

/// "what it is measured on", of that many runs.
std::string measuredText(std::size_t runs)
{
    return std::string("what ") + (runs == 1 ? "it is" : "they are") + " measured on";
}

}  // namespace

HeldOutUse heldOutUse(const std::vector<ComparedRun>& runs)
{
    HeldOutUse use;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!isMeasured(runs[i])) continue;
        const auto count = countOf(runs[i]);
        if (count ? *count > 0 : isOneFile(runs[i].record))
            use.trained.push_back(i);
        else if (!count)
            use.unknown.push_back(i);
    }
    return use;
}

std::string heldOutText(const std::vector<ComparedRun>& runs)
{
    const HeldOutUse use = heldOutUse(runs);
    std::string text;
    if (const std::size_t count = use.trained.size(); count > 0)
        text = "R" + named(use.trained, runs) + " trained on some of " + measuredText(count) + ", so " +
               (count == 1 ? "its" : "their") + " held-out figures do not tell learning from memorising.";
    if (const std::size_t count = use.unknown.size(); count > 0)
        text += std::string(text.empty() ? "" : " ") + "Whether r" + named(use.unknown, runs) + " trained on some of " +
                measuredText(count) + " was not looked at.";
    if (!text.empty()) return text;
    return std::string(runs.size() == 1 ? "The run was not" : "No run was") + " trained on what it is measured on.";
}

}  // namespace preflab
