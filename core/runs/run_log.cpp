// SPDX-License-Identifier: GPL-3.0-or-later
// Two growing lists, a committed position and as many cursors as there are readers.
#include "core/runs/run_log.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace preflab {
namespace {

/// In the order of RunEvent::Kind.
constexpr std::array<std::string_view, 6> kKindIds{"phase", "warning", "note", "checkpoint", "sample", "end"};

template <class T>
std::vector<T> slice(const std::vector<T>& all, std::size_t begin, std::size_t end)
{
    if (begin >= end) return {};
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(begin);
    return std::vector<T>(first, first + static_cast<std::ptrdiff_t>(end - begin));
}

}  // namespace

std::string_view outcomeId(const Outcome& outcome)
{
    if (std::holds_alternative<Finished>(outcome)) return "finished";
    return std::holds_alternative<Cancelled>(outcome) ? "cancelled" : "failed";
}

std::string_view runEventKindId(RunEvent::Kind kind)
{
    return kKindIds.at(static_cast<std::size_t>(kind));
}

std::optional<RunEvent::Kind> runEventKind(std::string_view id)
{
    const auto found = std::find(kKindIds.begin(), kKindIds.end(), id);
    if (found == kKindIds.end()) return std::nullopt;
    return static_cast<RunEvent::Kind>(std::distance(kKindIds.begin(), found));
}

std::uint16_t RunLog::nameOf(std::string_view metric)
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::find(m_names.begin(), m_names.end(), metric);
    const auto index = static_cast<std::uint16_t>(std::distance(m_names.begin(), found));
    if (found == m_names.end()) m_names.emplace_back(metric);
    return index;
}

void RunLog::append(MetricRow row)
{
    std::unique_lock lock(m_mutex);
    m_metrics.push_back(std::move(row));
    announce(std::move(lock));
}

void RunLog::append(RunEvent event)
{
    std::unique_lock lock(m_mutex);
    m_events.push_back(std::move(event));
    announce(std::move(lock));
}

void RunLog::announce(std::unique_lock<std::mutex> lock)
{
    if (m_isAutoCommit) {
        m_committed = appended();
        m_changed.notify_all();
    }
    const auto onAppend = m_onAppend;
    lock.unlock();
    if (onAppend) (*onAppend)();
}

void RunLog::setProgress(RunProgress progress)
{
    const std::lock_guard lock(m_mutex);
    m_progress = std::move(progress);
}

void RunLog::setOnAppend(std::function<void()> onAppend)
{
    auto shared = onAppend ? std::make_shared<const std::function<void()>>(std::move(onAppend)) : nullptr;
    const std::lock_guard lock(m_mutex);
    m_onAppend = std::move(shared);
}

RunNews RunLog::take(RunCursor& cursor, const RunCursor& end) const
{
    RunNews news{slice(m_metrics, cursor.metrics, end.metrics), slice(m_events, cursor.events, end.events)};
    cursor = {std::max(cursor.metrics, end.metrics), std::max(cursor.events, end.events)};
    return news;
}

RunNews RunLog::uncommitted(RunCursor& cursor) const
{
    const std::lock_guard lock(m_mutex);
    return take(cursor, appended());
}

void RunLog::markCommitted(const RunCursor& position)
{
    const std::lock_guard lock(m_mutex);
    m_committed = {std::max(m_committed.metrics, std::min(position.metrics, m_metrics.size())),
                   std::max(m_committed.events, std::min(position.events, m_events.size()))};
    m_changed.notify_all();
}

RunCursor RunLog::committed() const
{
    const std::lock_guard lock(m_mutex);
    return m_committed;
}

void RunLog::setStoreError(std::optional<Error> error)
{
    const std::lock_guard lock(m_mutex);
    m_storeError = std::move(error);
}

void RunLog::setAutoCommit()
{
    const std::lock_guard lock(m_mutex);
    m_isAutoCommit = true;
    m_committed = appended();
    m_changed.notify_all();
}

bool RunLog::hasNews(const RunCursor& cursor) const
{
    return cursor.metrics < m_committed.metrics || cursor.events < m_committed.events;
}

RunNews RunLog::news(RunCursor& cursor) const
{
    const std::lock_guard lock(m_mutex);
    return take(cursor, m_committed);
}

RunNews RunLog::waitForNews(RunCursor& cursor, std::chrono::milliseconds timeout) const
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, timeout, [&] { return hasNews(cursor); });
    return take(cursor, m_committed);
}

std::vector<std::string> RunLog::metricNames() const
{
    const std::lock_guard lock(m_mutex);
    return m_names;
}

RunProgress RunLog::progress() const
{
    const std::lock_guard lock(m_mutex);
    return m_progress;
}

std::optional<Error> RunLog::storeError() const
{
    const std::lock_guard lock(m_mutex);
    return m_storeError;
}

std::vector<std::pair<std::int64_t, double>> RunLog::series(std::string_view metric) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::find(m_names.begin(), m_names.end(), metric);
    std::vector<std::pair<std::int64_t, double>> points;
    if (found == m_names.end()) return points;
    const auto name = static_cast<std::uint16_t>(std::distance(m_names.begin(), found));
    for (std::size_t i = 0; i < m_committed.metrics; ++i) {
        for (const Metric& value : m_metrics[i].values) {
            if (value.name == name) points.emplace_back(m_metrics[i].step, value.value);
        }
    }
    return points;
}

}  // namespace preflab
