// SPDX-License-Identifier: GPL-3.0-or-later
// Parity runs.
#include "core/train/backend/parity.h"

#include "core/plan/golden_run.h"
#include "core/plan/parity_table.h"
#include "core/train/backend/catalog.h"
#include "core/train/backend/torch_border.h"
#include "core/train/engine/numbers.h"
#include "core/train/loop/run_clock.h"
#include "core/train/loop/run_reporter.h"
#include "core/train/loop/train_loop.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace preflab {
namespace {

TensorSummary summaryOf(const Tensor& tensor)
{
    const Tensor flat = tensor.detach().to(at::kDouble).flatten();
    return {flat.sum().item().toDouble(), flat.norm().item().toDouble(),
            numbersOf(flat.narrow(0, 0, std::min<std::int64_t>(4, flat.numel())))};
}

Result<ComponentDescription> describe(std::string_view id)
{
    TRY(const MethodInfo* const method, findMethod(id));
    return describeMethod(*method);
}

/// The value behind TRL's `beta`; it scales rewards.
double betaOf(const GoldenRun& golden)
{
    for (const char* key : {"beta", "lambda"}) {
        if (golden.params.contains(key)) return numberOf(golden.params, key);
    }
    return 0.0;
}

/// Compares gradients and reference log-probs while the run goes on. What the golden has and the run does not is told
/// apart from what agrees: a number that was never compared proves nothing.
class ParityObserver final : public LoopObserver {
public:
    ParityObserver(const GoldenRun& golden, ParityTable& table)
        : m_golden(golden), m_table(table), m_gradientsLeft(golden.gradients)
    {
    }

    void onReference(const ReferenceLogProbs& reference) override
    {
        m_referencesSeen = std::min<std::size_t>(reference.size(), m_golden.reference.size());
        for (std::uint32_t i = 0; i < m_referencesSeen; ++i) {
            m_table.addReference("ref_chosen_logps", m_golden.reference[i].chosen, reference.chosen(i));
            m_table.addReference("ref_rejected_logps", m_golden.reference[i].rejected, reference.rejected(i));
        }
    }

    void onGradients(std::int64_t step, const DecoderWeights& weights) override
    {
        const auto expected = m_gradientsLeft.find(step);
        if (expected == m_gradientsLeft.end()) return;
        for (const auto& [name, summary] : expected->second.items()) {
            const auto found = weights.tensors.find(name);
            if (found == weights.tensors.end() || !found->second.grad().defined())
                m_table.addMissing("gradients l2", step);
            else
                m_table.addGradient(step, summary, summaryOf(found->second.grad()));
        }
        m_gradientsLeft.erase(expected);
    }

    /// After the run: names what the golden has and nobody compared.
    void finish()
    {
        for (const auto& [step, summaries] : m_gradientsLeft) m_table.addMissing("gradients l2", step);
        if (m_referencesSeen < m_golden.reference.size()) m_table.addMissing("ref_chosen_logps", 0);
    }

private:
    const GoldenRun& m_golden;
    ParityTable& m_table;
    std::map<std::int64_t, Json> m_gradientsLeft;  ///< by step, those not yet compared
    std::size_t m_referencesSeen = 0;
};

/// All numbers of a finished run by step and name.
std::map<std::int64_t, std::map<std::string, double>> loggedNumbers(const RunLog& log)
{
    RunCursor cursor;
    const RunNews news = log.news(cursor);
    const std::vector<std::string> names = log.metricNames();
    std::map<std::int64_t, std::map<std::string, double>> numbers;
    for (const MetricRow& row : news.metrics) {
        for (const Metric& metric : row.values) numbers[row.step][names[metric.name]] = metric.value;
    }
    return numbers;
}

void compareRecord(const Json& expected, std::int64_t step, const std::map<std::string, double>& actual,
                   ParityTable& table)
{
    for (const auto& [key, value] : expected.items()) {
        // The step names the record, and the loss is the mean or sum of its micro-batches.
        if (key == "step" || key == "micro_batch_losses") continue;
        const auto found = actual.find(key);
        if (found != actual.end() && value.is_number())
            table.addMetric(key, step, value.get<double>(), found->second);
        else
            table.addMissing(key, step);
    }
}

void compareLog(const GoldenRun& golden, const RunLog& log, ParityTable& table)
{
    auto numbers = loggedNumbers(log);
    const std::int64_t last = std::ssize(golden.steps);
    for (std::int64_t step = 1; step <= last; ++step)
        compareRecord(golden.steps[static_cast<std::size_t>(step - 1)], step, numbers[step], table);
    for (auto [record, step] : {std::pair{golden.evalBefore, std::int64_t{0}}, std::pair{golden.evalAfter, last}}) {
        if (record.is_object()) record.erase("epoch");  // of the trainer's log line, not of the evaluation
        compareRecord(record, step, numbers[step], table);
    }
}

void compareFinalParameters(const GoldenRun& golden, const DecoderWeights& weights, ParityTable& table)
{
    for (const auto& [name, expected] : golden.finalParameters.items()) {
        const auto found = weights.tensors.find(name);
        if (found == weights.tensors.end())
            table.addMissing("final_parameters l2", std::ssize(golden.steps));
        else
            table.addFinalParameter(std::ssize(golden.steps), expected, summaryOf(found->second));
    }
}

Result<TrainingJob> parityJob(const GoldenRun& golden, const ModelFolder& model, const Placement& placement)
{
    TrainingJob job;
    TRY(job.method, findMethod(golden.method));
    job.params = golden.params;
    TRY(job.options, trainingOptions(golden.params));
    job.train = std::make_shared<FixedPairs>(golden.pairs);
    if (!golden.evalPairs.empty()) job.eval = std::make_shared<FixedPairs>(golden.evalPairs);
    job.model = &model;
    TRY(job.weights, DecoderWeights::load(model, placement, /*isTrainable=*/true));
    return job;
}

}  // namespace

Result<ParityReport> runParity(const ParityRequest& request, std::stop_token stop)
{
    TRY(const GoldenRun golden, GoldenRun::read(request.golden, request.threads, describe));
    TRY(const Placement placement, Placement::of(golden.dtype, request.threads));
    TRY_VOID(applyThreads(placement.threads));
    TRY(const ModelFolder model, ModelFolder::open(request.model));
    TRY(TrainingJob job, parityJob(golden, model, placement));

    ParityTable table(golden.dtype, betaOf(golden));
    ParityObserver observer(golden, table);
    RunControl control;
    RunLog log;
    log.setAutoCommit();
    RunClock clock(control, log);
    RunReporter reporter(clock, log);
    const std::stop_callback cancel(stop, [&control] { control.cancel(); });
    const Outcome outcome = runTrainingLoop(job, clock, reporter, observer);
    if (const auto* failed = std::get_if<Failed>(&outcome)) return tl::unexpected(failed->error);
    if (std::holds_alternative<Cancelled>(outcome)) return fail(ErrorCode::Cancelled);

    observer.finish();
    compareLog(golden, log, table);
    compareFinalParameters(golden, job.weights, table);
    return ParityReport{golden.name, golden.dtype, std::ssize(golden.steps), table.rows()};
}

}  // namespace preflab
