// SPDX-License-Identifier: GPL-3.0-or-later
// Packing, writing and reading of a log's rows.
#include "core/runs/run_log_table.h"

#include "core/base/json.h"

#include <bit>
#include <cstring>
#include <set>

namespace preflab {
namespace {

static_assert(std::endian::native == std::endian::little, "packed metrics are stored little-endian");

constexpr std::size_t kPackedBytes = sizeof(std::uint16_t) + sizeof(double);

tl::unexpected<Error> damaged(const std::string& id, const std::string& what)
{
    return fail(ErrorCode::FileUnreadable, {{"path", "The run " + id},
                                            {"reason", "its stored " + what + " are damaged"},
                                            {"remedy", "restore the project from a backup"}});
}

/// Events hold text from models and files: whatever is not UTF-8 must not stop the storage.
std::string storedJson(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What is not known stays as it is.
void writeSources(Connection& connection, std::int64_t run, const RunSources& sources)
{
    Statement update =
        connection.prepare("UPDATE runs SET data_hash = coalesce(nullif(?, ''), data_hash),"
                           " model_hash = coalesce(nullif(?, ''), model_hash),"
                           " journal_position = coalesce(nullif(?, 0), journal_position),"
                           " held_out_hash = coalesce(nullif(?, ''), held_out_hash),"
                           " held_out_position = coalesce(nullif(?, 0), held_out_position) WHERE number = ?");
    update.bind(sources.dataHash).bind(sources.modelHash).bind(sources.journalPosition);
    update.bind(sources.heldOutHash).bind(sources.heldOutPosition).bind(run).step();
}

Result<> readNames(Connection& connection, std::int64_t run, const std::string& id, RunLog& log)
{
    Statement names = connection.prepare("SELECT position, name FROM metric_names WHERE run = ?1 ORDER BY position");
    names.bind(run);
    while (names.step()) {
        if (log.nameOf(names.text(1)) != names.integer(0)) return damaged(id, "metric names");
    }
    return {};
}

Result<> readMetrics(Connection& connection, std::int64_t run, const std::string& id, RunLog& log)
{
    const std::size_t names = log.metricNames().size();
    Statement rows = connection.prepare("SELECT step, seconds, packed FROM metrics WHERE run = ?1 ORDER BY position");
    rows.bind(run);
    while (rows.step()) {
        MetricRow row{rows.integer(0), rows.number(1), {}};
        if (!unpackMetrics(rows.blob(2), names, row.values)) return damaged(id, "metrics");
        log.append(std::move(row));
    }
    return {};
}

Result<> readEvents(Connection& connection, std::int64_t run, const std::string& id, RunLog& log)
{
    Statement rows =
        connection.prepare("SELECT kind, time, step, text, data FROM events WHERE run = ?1 ORDER BY position");
    rows.bind(run);
    while (rows.step()) {
        const auto kind = runEventKind(rows.text(0));
        auto data = parseJson(rows.text(4));
        if (!kind || !data) return damaged(id, "events");
        log.append(RunEvent{*kind, rows.text(1), rows.integer(2), rows.text(3), std::move(*data)});
    }
    return {};
}

}  // namespace

std::vector<std::byte> packMetrics(std::span<const Metric> values)
{
    std::vector<std::byte> packed(values.size() * kPackedBytes);
    std::byte* into = packed.data();
    for (const Metric& metric : values) {
        std::memcpy(into, &metric.name, sizeof metric.name);
        std::memcpy(into + sizeof metric.name, &metric.value, sizeof metric.value);
        into += kPackedBytes;
    }
    return packed;
}

bool unpackMetrics(std::span<const std::byte> packed, std::size_t names, std::vector<Metric>& values)
{
    if (packed.size() % kPackedBytes != 0) return false;
    values.resize(packed.size() / kPackedBytes);
    const std::byte* from = packed.data();
    for (Metric& metric : values) {
        std::memcpy(&metric.name, from, sizeof metric.name);
        std::memcpy(&metric.value, from + sizeof metric.name, sizeof metric.value);
        if (metric.name >= names) return false;
        from += kPackedBytes;
    }
    return true;
}

Result<std::int64_t> runNumber(Connection& connection, const std::string& id, const std::string& project)
{
    Statement statement = connection.prepare("SELECT number FROM runs WHERE id = ?1");
    statement.bind(id);
    if (!statement.step()) return fail(ErrorCode::RunNotFound, {{"run", id}, {"project", project}});
    return statement.integer(0);
}

void writeMetricNames(Connection& connection, std::int64_t run, const std::vector<std::string>& names,
                      std::size_t firstName)
{
    if (firstName >= names.size()) return;
    Statement insert = connection.prepare("INSERT OR IGNORE INTO metric_names (run, position, name) VALUES (?, ?, ?)");
    for (std::size_t i = firstName; i < names.size(); ++i) {
        insert.bind(run).bind(static_cast<std::int64_t>(i)).bind(names[i]).step();
        insert.reset();
    }
}

void writeNews(Connection& connection, std::int64_t run, const RunCursor& begin, const RunNews& news)
{
    auto position = static_cast<std::int64_t>(begin.metrics);
    Statement metric = connection.prepare(
        "INSERT OR REPLACE INTO metrics (run, position, step, seconds, packed) VALUES (?, ?, ?, ?, ?)");
    for (const MetricRow& row : news.metrics) {
        metric.bind(run).bind(position++).bind(row.step).bind(row.seconds).bindBlob(packMetrics(row.values)).step();
        metric.reset();
    }
    position = static_cast<std::int64_t>(begin.events);
    Statement event = connection.prepare(
        "INSERT OR REPLACE INTO events (run, position, kind, time, step, text, data) VALUES (?, ?, ?, ?, ?, ?, ?)");
    for (const RunEvent& row : news.events) {
        event.bind(run).bind(position++).bind(runEventKindId(row.kind)).bind(row.time).bind(row.step);
        event.bind(row.text).bind(storedJson(row.data)).step();
        event.reset();
        if (row.sources) writeSources(connection, run, *row.sources);
    }
}

Result<> readLog(Connection& connection, std::int64_t run, const std::string& id, RunLog& log)
{
    TRY_VOID(readNames(connection, run, id, log));
    TRY_VOID(readMetrics(connection, run, id, log));
    return readEvents(connection, run, id, log);
}

}  // namespace preflab
