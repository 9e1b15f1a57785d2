// SPDX-License-Identifier: GPL-3.0-or-later
// The append-only record of one run. The run thread appends; storage, plots and the command line follow, each
// with its own cursor, so that nothing blocks and nothing is dropped. A reopened run fills the same type.
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace preflab {

/// A run that did all its steps.
struct Finished {
    std::int64_t steps = 0;
};
/// A run that the user ended, which is not a failure.
struct Cancelled {
    std::int64_t steps = 0;
};
/// A run that could not go on.
struct Failed {
    Error error;
};
/// How a run ended.
using Outcome = std::variant<Finished, Cancelled, Failed>;

/// "finished", "cancelled", "failed".
std::string_view outcomeId(const Outcome& outcome);

/// One number under its name's index in RunLog::metricNames().
struct Metric {
    std::uint16_t name = 0;
    double value = 0.0;
};

/// Everything measured at one step; one packed row in the store.
struct MetricRow {
    std::int64_t step = 0;  ///< 0: before the first update
    double seconds = 0.0;   ///< since the run started, pauses left out
    std::vector<Metric> values;
};

/// What a run works with, once it is known. Empty texts and 0: not known, or there is none.
struct RunSources {
    std::string dataHash = {};  ///< content of the data file
    std::string modelHash = {};
    std::int64_t journalPosition = 0;  ///< edits of the data up to here are in
    std::string heldOutHash = {};      ///< content of the held-out rows' file
    std::int64_t heldOutPosition = 0;
};

/// Rare happenings.
struct RunEvent {
    enum class Kind { Phase, Warning, Note, Checkpoint, Sample, End };
    Kind kind = Kind::Note;
    std::string time;  ///< UTC
    std::int64_t step = 0;
    std::string text;  ///< a sentence, a phase name, a checkpoint's folder name
    /// Kind's own fields, e.g. Sample: {"prompt","answer","when"}, End (written by the store): {"outcome","error"}.
    Json data;
    /// Tells the store what the run works with. The store keeps it in the run's record, and not with the event.
    std::optional<RunSources> sources = {};
};

/// "phase", "warning", "note", "checkpoint", "sample", "end"; and back.
std::string_view runEventKindId(RunEvent::Kind kind);
std::optional<RunEvent::Kind> runEventKind(std::string_view id);

/// Where a run is now; only the latest value counts.
struct RunProgress {
    std::string phase;  ///< "Tokenising", "Reference", "Training", …
    std::int64_t done = 0;
    std::int64_t total = 0;     ///< 0: unknown
    double secondsLeft = -1.0;  ///< -1: unknown
};

/// Position of one reader.
struct RunCursor {
    std::size_t metrics = 0;
    std::size_t events = 0;
};

/// What a reader gets at once.
struct RunNews {
    std::vector<MetricRow> metrics;
    std::vector<RunEvent> events;
};

/// Thread-safe. Writers append; readers see only what is committed to the store (or everything, when the log has
/// no store: `setAutoCommit`).
class RunLog {
public:
    // --- run thread
    /// Index of a metric name, added on first use.
    std::uint16_t nameOf(std::string_view metric);
    void append(MetricRow row);
    void append(RunEvent event);
    void setProgress(RunProgress progress);
    /// Called (outside the lock) after every append; storage uses it to wake up.
    void setOnAppend(std::function<void()> onAppend);

    // --- storage
    /// Appended but not yet committed, from `cursor` on; advances the cursor.
    RunNews uncommitted(RunCursor& cursor) const;
    /// Everything before `position` is durable and may be shown.
    void markCommitted(const RunCursor& position);
    RunCursor committed() const;
    /// Why the latest commit failed; none after one that succeeded. Nothing is lost by it: what could not be
    /// committed is tried again with the next append.
    void setStoreError(std::optional<Error> error);
    /// Everything appended is at once visible: logs without a store and reopened ones.
    void setAutoCommit();

    // --- readers
    /// Committed news from `cursor` on; advances the cursor.
    RunNews news(RunCursor& cursor) const;
    /// As `news`, waiting up to `timeout` for something to arrive.
    RunNews waitForNews(RunCursor& cursor, std::chrono::milliseconds timeout) const;
    std::vector<std::string> metricNames() const;
    RunProgress progress() const;
    std::optional<Error> storeError() const;
    /// One series by metric name: (step, value) in order.
    std::vector<std::pair<std::int64_t, double>> series(std::string_view metric) const;

private:
    bool hasNews(const RunCursor& cursor) const;                                // m_mutex held
    RunNews take(RunCursor& cursor, const RunCursor& end) const;                // m_mutex held
    RunCursor appended() const { return {m_metrics.size(), m_events.size()}; }  // m_mutex held
    void announce(std::unique_lock<std::mutex> lock);

    mutable std::mutex m_mutex;                 ///< protects everything below
    mutable std::condition_variable m_changed;  ///< new committed position
    std::vector<std::string> m_names;
    std::vector<MetricRow> m_metrics;
    std::vector<RunEvent> m_events;
    RunCursor m_committed;
    bool m_isAutoCommit = false;
    RunProgress m_progress;
    std::optional<Error> m_storeError;
    std::shared_ptr<const std::function<void()>> m_onAppend;  ///< shared, so that a call can outlive its removal
};

}  // namespace preflab
