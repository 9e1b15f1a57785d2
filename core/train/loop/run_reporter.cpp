// SPDX-License-Identifier: GPL-3.0-or-later
// Progress and events of a run.
#include "core/train/loop/run_reporter.h"

#include "core/base/system.h"

#include <utility>

namespace preflab {

namespace {

constexpr double kSecondsBetweenExtrapolations = 0.25;

}  // namespace

void RunReporter::beginPhase(std::string_view phase, std::int64_t total)
{
    if (m_phase != phase) note(RunEvent::Kind::Phase, 0, std::string(phase));
    m_phase = phase;
    m_total = total;
    m_phaseBegin = m_clock.seconds();
    m_secondsLeft = -1.0;
    m_log.setProgress({m_phase, 0, total, -1.0});
}

void RunReporter::advance(std::int64_t done)
{
    const double now = m_clock.seconds();
    const bool isDue = m_secondsLeft < 0.0 || done >= m_total || now - m_extrapolated >= kSecondsBetweenExtrapolations;
    if (done > 0 && m_total > 0 && isDue) {
        m_secondsLeft = (now - m_phaseBegin) / static_cast<double>(done) * static_cast<double>(m_total - done);
        m_extrapolated = now;
    }
    m_log.setProgress({m_phase, done, m_total, m_secondsLeft});
}

void RunReporter::showWaiting(std::string_view why)
{
    const RunProgress now = m_log.progress();
    m_log.setProgress({std::string(why), now.done, now.total, -1.0});
}

PassTick RunReporter::tick(std::string_view phase)
{
    return [this, phase = std::string(phase)](std::int64_t done, std::int64_t total) -> Result<> {
        if (phase == m_phase) {
            m_total = total;
            advance(done);
        } else {
            // A phase that is done says nothing about what follows it.
            m_log.setProgress({phase, done, total, m_secondsLeft > 0.0 ? m_secondsLeft : -1.0});
        }
        return m_clock.beat();
    };
}

ProgressSink RunReporter::progressSink()
{
    return [this](std::string_view phase, std::uint64_t done, std::uint64_t total) {
        const auto units = static_cast<std::int64_t>(total);
        if (m_phase != phase || m_total != units) beginPhase(phase, units);
        advance(static_cast<std::int64_t>(done));
        m_clock.passWishOn();
    };
}

void RunReporter::note(RunEvent::Kind kind, std::int64_t step, std::string text, Json data,
                       std::optional<RunSources> sources)
{
    m_log.append(RunEvent{kind, timestampUtc(), step, std::move(text), std::move(data), std::move(sources)});
}

void RunReporter::metrics(std::int64_t step, const NamedValues& values)
{
    MetricRow row{step, m_clock.seconds(), {}};
    for (const auto& [name, value] : values) row.values.push_back({m_log.nameOf(name), value});
    m_log.append(std::move(row));
}

}  // namespace preflab
