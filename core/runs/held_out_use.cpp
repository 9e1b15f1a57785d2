// SPDX-License-Identifier: GPL-3.0-or-later
// Compares what each run was measured on with what each run was trained on.
#include "core/runs/held_out_use.h"

#include <algorithm>
#include <tuple>

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

std::string trainedContent(const ComparedRun& run)
{
    return contentOf(run.record.dataHash, run.record.spec.data);
}

std::string measuredContent(const ComparedRun& run)
{
    const RunRecord& record = run.record;
    return record.spec.evalData ? contentOf(record.heldOutHash, *record.spec.evalData) : trainedContent(run);
}

/// All that decides which rows of the training file a run holds out.
std::tuple<bool, std::string, std::string, std::int64_t> shareOf(const ComparedRun& run)
{
    const ParamValues params = completedParams(run);
    const auto text = [&params](const char* key) {
        const auto found = params.find(key);
        return found == params.end() ? std::string() : toText(found->second);
    };
    return {run.record.spec.evalData.has_value(), text("eval_fraction"), text("seed"), run.record.journalPosition};
}

bool hasSeen(const ComparedRun& trained, const ComparedRun& measured)
{
    if (trainedContent(trained) != measuredContent(measured)) return false;
    return measured.record.spec.evalData.has_value() || shareOf(trained) != shareOf(measured);
}

std::string labelOf(const ComparedRun& run)
{
    return std::to_string(run.record.number) + " (" + run.record.id + ")";
}

}  // namespace

std::vector<std::size_t> trainedOnHeldOut(const std::vector<ComparedRun>& runs)
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto isSeenBy = [&trained = runs[i]](const ComparedRun& run) {
            return isMeasured(run) && hasSeen(trained, run);
        };
        if (std::any_of(runs.begin(), runs.end(), isSeenBy)) found.push_back(i);
    }
    return found;
}

std::string heldOutText(const std::vector<ComparedRun>& runs)
{
    const std::vector<std::size_t> seen = trainedOnHeldOut(runs);
    const bool isFile = std::any_of(runs.begin(), runs.end(),
                                    [](const ComparedRun& run) { return run.record.spec.evalData.has_value(); });
    if (seen.empty() && isFile)
        return "Pairs of files that no run was trained on; whether two files share some pairs was not looked at.";
    if (seen.empty()) return "Pairs that no run was trained on.";
    std::string names;
    for (const std::size_t i : seen) names += (names.empty() ? "" : ", ") + labelOf(runs[i]);
    return std::string(seen.size() == 1 ? "Run " : "Runs ") + names + (seen.size() == 1 ? " was" : " were") +
           " trained on some of the pairs that are held out here, so these figures do not tell learning from "
           "memorising.";
}

}  // namespace preflab
