// SPDX-License-Identifier: GPL-3.0-or-later
// Compares what each run was measured on with what each run was trained on.
#include "core/runs/held_out_use.h"

#include "core/runs/prepare.h"
#include "core/runs/run_spec.h"
#include "core/runs/suggestions.h"

#include <algorithm>
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

std::string trainedContent(const ComparedRun& run)
{
    return contentOf(run.record.dataHash, run.record.spec.data);
}

std::string measuredContent(const ComparedRun& run)
{
    const RunRecord& record = run.record;
    return record.spec.evalData ? contentOf(record.heldOutHash, *record.spec.evalData) : trainedContent(run);
}

ParamValue settingOf(const ComparedRun& run, const char* key)
{
    const ParamValues params = completedParams(run);
    const auto found = params.find(key);
    return found == params.end() ? ParamValue(false) : found->second;
}

/// The part of its training file that a run holds out; 0 for one that trains on all of it.
double fractionOf(const ComparedRun& run)
{
    const ParamValue value = settingOf(run, "eval_fraction");
    const double* fraction = std::get_if<double>(&value);
    return run.record.spec.evalData || !fraction ? 0.0 : *fraction;
}

/// A count that the run noted when it began; older runs noted fewer.
std::optional<std::uint64_t> countOf(const ComparedRun& run, const char* key)
{
    if (!run.log) return std::nullopt;
    RunCursor cursor;
    for (const RunEvent& event : run.log->news(cursor).events) {
        if (event.kind != RunEvent::Kind::Note || !event.data.is_object() || !event.data.contains("pairs")) continue;
        const auto found = event.data.find(key);
        if (found != event.data.end() && found->is_number_unsigned()) return found->get<std::uint64_t>();
    }
    return std::nullopt;
}

enum class Use { No, Yes, Unknown };

/// Of a run that trains on no more rows than `measured`, whose own count of doubles tells of both.
Use useOfFewer(const ComparedRun& measured)
{
    const auto shared = countOf(measured, kHeldOutInTraining);
    return shared == std::uint64_t{0} ? Use::No : Use::Unknown;
}

/// Of a run that trains on the very rows that `measured` trains on.
Use useOfSame(const ComparedRun& measured)
{
    const auto shared = countOf(measured, kHeldOutInTraining);
    return !shared ? Use::Unknown : *shared > 0 ? Use::Yes : Use::No;
}

bool haveSameRows(const ComparedRun& one, const ComparedRun& other)
{
    return trainedContent(one) == trainedContent(other) && one.record.journalPosition == other.record.journalPosition &&
           one.record.spec.columns == other.record.spec.columns;
}

/// The rows that a run of `rows` rows holds out, ascending; nothing where the user left out some of them.
std::optional<std::vector<std::uint32_t>> drawnRows(const ComparedRun& run, std::uint64_t rows)
{
    const ParamValue value = settingOf(run, "seed");
    const auto* seed = std::get_if<std::int64_t>(&value);
    if (!seed || run.record.journalPosition != 0 || rows > UINT32_MAX) return std::nullopt;
    auto order = heldOutOrder(static_cast<std::uint32_t>(rows), static_cast<std::uint64_t>(*seed));
    order.resize(heldOutRows(static_cast<std::uint32_t>(rows), fractionOf(run)));
    std::sort(order.begin(), order.end());
    return order;
}

/// Of two runs that divide the same rows.
Use useOfShare(const ComparedRun& trained, const ComparedRun& measured)
{
    if (fractionOf(trained) == fractionOf(measured) && settingOf(trained, "seed") == settingOf(measured, "seed"))
        return useOfSame(measured);
    const auto rows = countOf(measured, "rows");
    if (!rows) return Use::Unknown;
    const auto kept = drawnRows(trained, *rows), drawn = drawnRows(measured, *rows);
    if (!kept || !drawn) return Use::Unknown;
    return std::includes(kept->begin(), kept->end(), drawn->begin(), drawn->end()) ? useOfFewer(measured) : Use::Yes;
}

/// Whether one run was trained on what another, or itself, was measured on.
Use useOf(const ComparedRun& trained, const ComparedRun& measured)
{
    if (!trained.record.areSettingsReadable || !measured.record.areSettingsReadable) return Use::Unknown;
    const bool isFile = measured.record.spec.evalData.has_value();
    if (trainedContent(trained) == measuredContent(measured) && (isFile || fractionOf(trained) == 0.0)) return Use::Yes;
    if (&trained == &measured) return useOfSame(measured);
    if (!haveSameRows(trained, measured)) return Use::Unknown;
    if (!isFile) return useOfShare(trained, measured);
    return fractionOf(trained) == 0.0 ? useOfSame(measured) : useOfFewer(measured);
}

std::string named(const std::vector<std::size_t>& indices, const std::vector<ComparedRun>& runs)
{
    std::string names;
    for (const std::size_t i : indices) names += (names.empty() ? "" : ", ") + runLabelOf(runs[i]);
    return (indices.size() == 1 ? "un " : "uns ") + names;
}

}  // namespace

HeldOutUse heldOutUse(const std::vector<ComparedRun>& runs)
{
    HeldOutUse use;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        bool isTrained = false, isUnknown = false;
        for (const ComparedRun& measured : runs) {
            if (!isMeasured(measured)) continue;
            const Use found = useOf(runs[i], measured);
            isTrained = isTrained || found == Use::Yes;
            isUnknown = isUnknown || found == Use::Unknown;
        }
        if (isTrained)
            use.trained.push_back(i);
        else if (isUnknown)
            use.unknown.push_back(i);
    }
    return use;
}

std::string heldOutText(const std::vector<ComparedRun>& runs)
{
    const HeldOutUse use = heldOutUse(runs);
    std::string text;
    if (!use.trained.empty())
        text = "R" + named(use.trained, runs) + (use.trained.size() == 1 ? " was" : " were") +
               " trained on some of the pairs that are held out here, so these figures do not tell learning from "
               "memorising.";
    if (!use.unknown.empty())
        text += std::string(text.empty() ? "" : " ") + "Whether r" + named(use.unknown, runs) +
                (use.unknown.size() == 1 ? " was" : " were") +
                " trained on some of the pairs that are held out here was not looked at.";
    return text.empty() ? "Pairs that no run was trained on." : text;
}

}  // namespace preflab
