// SPDX-License-Identifier: GPL-3.0-or-later
// Saving, and waiting until it can be done.
#include "core/train/loop/run_checkpoints.h"

#include "core/base/atomic_file.h"
#include "core/base/system.h"
#include "core/runs/run_phases.h"

#include <chrono>
#include <utility>

namespace preflab {

namespace {

constexpr auto kBetweenTries = std::chrono::seconds(3);

/// A disk gets room again and permissions are given back; a folder that is gone does not come back by itself, and no more
/// does memory that the run itself needs.
bool mayPass(const Error& error)
{
    return error.code == ErrorCode::WriteFailed || error.code == ErrorCode::DiskFull ||
           error.code == ErrorCode::WriteUncertain;
}

}  // namespace

std::string checkpointFolder(std::int64_t step)
{
    return "checkpoint-" + std::to_string(step);
}

Result<> RunCheckpoints::begin()
{
    if (m_job.folders.run.empty() || !m_job.model) return {};
    TRY(m_source, CheckpointSource::read(*m_job.model, *m_job.text->tokenizer));
    for (const std::string& note : m_job.model->notes) m_reporter.note(RunEvent::Kind::Note, 0, note);
    return {};
}

Result<> RunCheckpoints::save(const std::string& folder, std::int64_t step)
{
    if (m_job.folders.run.empty() || (m_savedStep == step && !m_savedFolder.empty())) return {};
    // Another run's folder may lie in the place of this one's.
    if (auto gone = m_clock.goneFolder()) return tl::unexpected(*std::move(gone));
    const TensorType type = m_job.weights.placement.precision == Precision::Float64 ? TensorType::F64 : TensorType::F32;
    const auto written =
        writeCheckpoint(m_job.weights, m_source, m_job.folders.run / folder, step, m_job.method->id, type);
    if (!written) {
        // That a folder is gone says more than that nothing can be written there.
        const auto gone = mayPass(written.error()) ? m_clock.goneFolder() : std::nullopt;
        return tl::unexpected(gone.value_or(written.error()));
    }
    m_savedStep = step;
    m_savedFolder = folder;
    m_reporter.note(RunEvent::Kind::Checkpoint, step, folder, {{"folder", folder}, {"step", step}});
    return {};
}

Result<> RunCheckpoints::saveCheckpoint(std::int64_t step)
{
    return save(checkpointFolder(step), step);
}

void RunCheckpoints::trySaveCheckpoint(std::int64_t step)
{
    const auto saved = saveCheckpoint(step);
    // The clock ends a run whose folder is gone, and says why.
    if (m_clock.goneFolder()) return;
    if (saved) return saySavedAgain(step);
    if (m_unsaved++ > 0) return;
    m_reporter.note(RunEvent::Kind::Warning, step,
                    "Step " + std::to_string(step) + " was not saved, and the run goes on: " + sentence(saved.error()));
}

void RunCheckpoints::saySavedAgain(std::int64_t step)
{
    const std::int64_t unsaved = std::exchange(m_unsaved, 0);
    if (unsaved == 0) return;
    m_reporter.note(RunEvent::Kind::Note, step,
                    "Step " + std::to_string(step) + " could be saved again, after " +
                        amountText(static_cast<std::uint64_t>(unsaved), "checkpoint") + " that could not.");
}

Result<> RunCheckpoints::saveOrWait(const std::string& folder, std::int64_t step)
{
    Result<> saved = save(folder, step);
    if (saved || !mayPass(saved.error()) || m_clock.isCancelRequested()) return saved;
    m_reporter.note(RunEvent::Kind::Warning, step, std::string(kWaitsToSave) + " " + sentence(saved.error()));
    while (!saved && mayPass(saved.error()) && !m_clock.isCancelRequested()) {
        m_reporter.showWaiting(kWaitingToSave);
        m_clock.pauseFor(kBetweenTries);
        if (!m_clock.isCancelRequested()) saved = save(folder, step);
    }
    m_clock.resume();
    return saved;
}

Result<> RunCheckpoints::saveFinalModel(std::int64_t step)
{
    return saveOrWait(kFinalModelFolder, step);
}

Result<> RunCheckpoints::saveLastCheckpoint(std::int64_t step)
{
    return saveOrWait(checkpointFolder(step), step);
}

Result<> RunCheckpoints::saveBadBatch(const Error& error, const StepBatches& batches)
{
    if (m_job.folders.run.empty() || m_clock.goneFolder()) return {};
    Json rows = Json::array();
    for (const auto& microBatch : batches.microBatches) {
        for (const std::uint32_t index : microBatch) {
            TRY(const TokenPair pair, m_job.train->pair(index));
            rows.push_back(m_job.rows ? m_job.rows->sourceNumber(pair.row) : pair.row);
        }
    }
    const Json json{{"step", batches.step}, {"what", error.arguments.at("what")}, {"rows", rows}};
    return writeFileAtomically(m_job.folders.run / kBadBatchFile, json.dump(2) + "\n");
}

Result<> RunCheckpoints::explain(Error error, const StepBatches& batches)
{
    if (error.code != ErrorCode::LossNotFinite) return tl::unexpected(std::move(error));
    // The weights have not moved in this step: they are those of the step before.
    const std::int64_t lastGood = batches.step - 1;
    Result<> saved = saveBadBatch(error, batches);
    if (saved && lastGood > 0) saved = saveCheckpoint(lastGood);
    if (!saved) m_reporter.note(RunEvent::Kind::Warning, batches.step, sentence(saved.error()));
    error.arguments["checkpoint"] = !m_savedFolder.empty() ? (m_job.folders.run / m_savedFolder).string()
                                    : m_job.model          ? m_job.model->path.string()
                                                           : "the starting model";
    return tl::unexpected(std::move(error));
}

}  // namespace preflab
