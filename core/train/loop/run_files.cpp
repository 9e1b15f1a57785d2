// SPDX-License-Identifier: GPL-3.0-or-later
// Files and samples of a run.
#include "core/train/loop/run_files.h"

#include "core/base/atomic_file.h"
#include "core/base/rng.h"
#include "core/runs/run_phases.h"
#include "core/train/sample.h"

#include <ATen/Parallel.h>

#include <chrono>
#include <filesystem>
#include <system_error>
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

/// The error of a save as the run ends with it: that a folder is gone says more than that nothing can be written there.
Error explained(const Error& error, const std::filesystem::path& runFolder)
{
    std::error_code failure;
    if (!mayPass(error) || std::filesystem::status(runFolder, failure).type() != std::filesystem::file_type::not_found)
        return error;
    const std::filesystem::path project = runFolder.parent_path().parent_path();
    const bool isProjectThere = std::filesystem::exists(project, failure);
    return {ErrorCode::ProjectGone, {{"path", (isProjectThere ? runFolder : project).string()}}, error.detail};
}

}  // namespace

std::string checkpointFolder(std::int64_t step)
{
    return "checkpoint-" + std::to_string(step);
}

Result<> RunFiles::begin()
{
    if (m_job.place.runFolder.empty() || !m_job.model) return {};
    TRY(m_source, CheckpointSource::read(*m_job.model, *m_job.text->tokenizer));
    for (const std::string& note : m_job.model->notes) m_pulse.note(RunEvent::Kind::Note, 0, note);
    return {};
}

Result<> RunFiles::save(const std::string& folder, std::int64_t step)
{
    if (m_job.place.runFolder.empty() || (m_savedStep == step && !m_savedFolder.empty())) return {};
    const TensorType type = m_job.weights.placement.precision == Precision::Float64 ? TensorType::F64 : TensorType::F32;
    const auto written =
        writeCheckpoint(m_job.weights, m_source, m_job.place.runFolder / folder, step, m_job.method->id, type);
    if (!written) return tl::unexpected(explained(written.error(), m_job.place.runFolder));
    m_savedStep = step;
    m_savedFolder = folder;
    m_pulse.note(RunEvent::Kind::Checkpoint, step, folder, {{"folder", folder}, {"step", step}});
    return {};
}

Result<> RunFiles::saveCheckpoint(std::int64_t step)
{
    return save(checkpointFolder(step), step);
}

void RunFiles::trySaveCheckpoint(std::int64_t step)
{
    const auto saved = saveCheckpoint(step);
    if (!saved) m_pulse.note(RunEvent::Kind::Warning, step, sentence(saved.error()));
}

Result<> RunFiles::saveOrWait(const std::string& folder, std::int64_t step)
{
    Result<> saved = save(folder, step);
    if (saved || !mayPass(saved.error()) || m_pulse.isCancelRequested()) return saved;
    m_pulse.note(RunEvent::Kind::Warning, step,
                 sentence(saved.error()) +
                     " The run waits with its weights in memory and tries again every few seconds,"
                     " or at once when it is resumed; only cancelling it (in a terminal: Ctrl+C or SIGTERM, twice)"
                     " gives them up.");
    while (!saved && mayPass(saved.error()) && !m_pulse.isCancelRequested()) {
        m_pulse.pauseFor(kWaitingToSave, kBetweenTries);
        if (!m_pulse.isCancelRequested()) saved = save(folder, step);
    }
    m_pulse.resume();
    return saved;
}

Result<> RunFiles::saveFinalModel(std::int64_t step)
{
    return saveOrWait(kFinalModelFolder, step);
}

Result<> RunFiles::saveLastCheckpoint(std::int64_t step)
{
    return saveOrWait(checkpointFolder(step), step);
}

Result<> RunFiles::sample(Engine& engine, const std::string& when, std::int64_t step)
{
    if (m_job.samplePrompts.empty()) return {};
    const PassTick tick = m_pulse.tick("Sampling");
    std::int64_t done = 0;
    for (const std::string& prompt : m_job.samplePrompts) {
        TRY_VOID(tick(done++, std::ssize(m_job.samplePrompts)));
        SampleOptions options;
        options.seed = seedFor(m_job.options.seed, SeedPurpose::Sampling);
        std::string answer;
        Result<> beat;
        const auto collect = [&](std::string_view text) {
            answer += text;
            beat = m_pulse.beat();  // a wish to pause or to end does not wait for the answer's last token
            return beat.has_value();
        };
        TRY(const GenerationEnd end, generateText(engine, *m_job.text, prompt, options, collect, {}));
        TRY_VOID(beat);
        m_pulse.note(RunEvent::Kind::Sample, step, prompt, {{"prompt", prompt}, {"answer", answer}, {"when", when}});
        if (end == GenerationEnd::ModelLimit)
            m_pulse.note(RunEvent::Kind::Note, step,
                         "The last answer ends where prompt and answer have as many tokens as the model reads.");
    }
    return {};
}

Result<ReferenceLogProbs> RunFiles::reference(Engine& engine, const Objective& objective, const BatchPlan& plan,
                                              const PassTick& tick)
{
    const auto compute = [&] { return computeReference(engine, objective, *m_job.train, plan, tick); };
    if (m_job.place.cacheFolder.empty()) return compute();
    const auto file = referenceFile(m_job.place.cacheFolder,
                                    {m_job.modelHash, m_job.dataKey, objective.answerKey(), m_job.options.dtype,
                                     m_job.options.batchPlan(m_job.train->size()), at::get_num_threads()});
    auto cached = ReferenceLogProbs::load(file, m_job.train->size());
    if (cached && coversFirstEpoch(*cached, plan)) return *std::move(cached);
    TRY(ReferenceLogProbs computed, compute());
    if (const auto saved = computed.save(file); !saved)
        m_pulse.note(RunEvent::Kind::Warning, 0, "Reference log-probs were not cached: " + sentence(saved.error()));
    return computed;
}

Result<> RunFiles::saveBadBatch(const Error& error, const StepBatches& batches)
{
    if (m_job.place.runFolder.empty()) return {};
    Json rows = Json::array();
    for (const auto& microBatch : batches.microBatches) {
        for (const std::uint32_t index : microBatch) {
            TRY(const TokenPair pair, m_job.train->pair(index));
            rows.push_back(m_job.rows ? m_job.rows->sourceNumber(pair.row) : pair.row);
        }
    }
    const Json json{{"step", batches.step}, {"what", error.arguments.at("what")}, {"rows", rows}};
    return writeFileAtomically(m_job.place.runFolder / kBadBatchFile, json.dump(2) + "\n");
}

Result<> RunFiles::explain(Error error, const StepBatches& batches)
{
    if (error.code != ErrorCode::LossNotFinite) return tl::unexpected(std::move(error));
    // The weights have not moved in this step: they are those of the step before.
    const std::int64_t lastGood = batches.step - 1;
    Result<> saved = saveBadBatch(error, batches);
    if (saved && lastGood > 0) saved = saveCheckpoint(lastGood);
    if (!saved) m_pulse.note(RunEvent::Kind::Warning, batches.step, sentence(saved.error()));
    error.arguments["checkpoint"] = !m_savedFolder.empty() ? (m_job.place.runFolder / m_savedFolder).string()
                                    : m_job.model          ? m_job.model->path.string()
                                                           : "the starting model";
    return tl::unexpected(std::move(error));
}

}  // namespace preflab
