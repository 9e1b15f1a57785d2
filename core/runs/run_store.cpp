// SPDX-License-Identifier: GPL-3.0-or-later
// Creating, following, finishing, finding and editing runs.
#include "core/runs/run_store.h"

#include "core/base/file_error.h"
#include "core/base/system.h"
#include "core/project/run_id.h"
#include "core/runs/interrupted_runs.h"
#include "core/runs/run_log_table.h"
#include "core/runs/run_names.h"

#include <atomic>
#include <system_error>
#include <utility>

namespace preflab {
namespace {

namespace fs = std::filesystem;

/// What follows one log. Everything but the flag is used on the storage thread only.
struct Follower {
    std::string run;
    RunLog* log = nullptr;
    std::string project;
    std::atomic<bool> isPosted = false;
    std::size_t namesCommitted = 0;
};

/// The spec as it is stored: moving the project keeps sources inside it.
std::string storedSpec(RunSpec spec, const Project& project)
{
    spec.model = project.storedPath(spec.model);
    spec.data = project.storedPath(spec.data);
    if (spec.evalData) spec.evalData = project.storedPath(*spec.evalData);
    return toJson(spec).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<RunSpec> readSpec(const std::string& text, const Project& project)
{
    const auto json = parseJson(text);
    if (!json) {
        return fail(ErrorCode::DatabaseFailed, {{"path", project.folder().string()}, {"reason", json.error().reason}});
    }
    TRY(RunSpec spec, runSpecFromJson(*json));
    spec.model = project.sourcePath(spec.model.string());
    spec.data = project.sourcePath(spec.data.string());
    if (spec.evalData) spec.evalData = project.sourcePath(spec.evalData->string());
    return spec;
}

RunRecord readRecord(const Statement& row, const Project& project)
{
    RunRecord record;
    record.number = row.integer(0);
    record.id = row.text(1);
    record.name = row.text(2);
    record.method = row.text(3);
    record.created = row.text(4);
    record.outcome = row.text(5);
    record.reason = row.text(6);
    record.steps = row.integer(7);
    record.dataHash = row.text(9);
    record.modelHash = row.text(10);
    record.note = row.text(11);
    record.journalPosition = row.integer(12);
    record.heldOutHash = row.text(13);
    record.heldOutPosition = row.integer(14);
    // Nobody works in a project that is at rest, so what looks alive there was killed.
    if (project.isReadOnly() && !project.isUsedElsewhere() && isUnfinished(record.outcome))
        record.outcome = "interrupted";
    // One damaged run must not hide the others.
    auto spec = readSpec(row.text(8), project);
    if (spec) {
        record.spec = std::move(*spec);
    } else {
        record.areSettingsReadable = false;
        record.reason +=
            (record.reason.empty() ? "" : " ") + ("Its settings cannot be read: " + sentence(spec.error()));
    }
    return record;
}

std::int64_t stepsOf(const Outcome& outcome)
{
    if (const auto* finished = std::get_if<Finished>(&outcome)) return finished->steps;
    if (const auto* cancelled = std::get_if<Cancelled>(&outcome)) return cancelled->steps;
    return 0;  // a failed run counts what it logged
}

RunEvent outcomeEvent(const Outcome& outcome)
{
    RunEvent event{RunEvent::Kind::End, timestampUtc(), stepsOf(outcome), std::string(outcomeId(outcome)), {}};
    event.data = {{"outcome", outcomeId(outcome)}};
    if (const auto* failed = std::get_if<Failed>(&outcome)) {
        event.text = sentence(failed->error);
        event.data["error"] = errorId(failed->error.code);
    }
    return event;
}

/// How much of a log is in the database.
struct Reached {
    RunCursor cursor;
    std::size_t names = 0;
};

/// Writes everything that the log has and the database has not; `reached` says where the log then stands.
Result<> writeRest(Connection& connection, const std::string& run, const std::string& project, const RunLog& log,
                   std::size_t firstName, Reached& reached)
{
    TRY(const auto number, runNumber(connection, run, project));
    const RunCursor begin = log.committed();
    reached.cursor = begin;
    const RunNews news = log.uncommitted(reached.cursor);
    const auto names = log.metricNames();  // after the rows, so that it has every name they use
    reached.names = names.size();
    writeMetricNames(connection, number, names, firstName);
    writeNews(connection, number, begin, news);
    return {};
}

void postFollowing(Database& database, const std::shared_ptr<Follower>& follower)
{
    const auto reached = std::make_shared<Reached>();
    database.post(
        Durability::Normal,
        [follower, reached](Connection& connection) -> Result<> {
            follower->isPosted = false;  // before reading: whatever is appended from here on posts again
            return writeRest(connection, follower->run, follower->project, *follower->log, follower->namesCommitted,
                             *reached);
        },
        [follower, reached](const Result<>& result) {
            follower->log->setStoreError(result ? std::nullopt : std::optional<Error>(result.error()));
            if (!result) return;
            follower->namesCommitted = reached->names;
            follower->log->markCommitted(reached->cursor);
        });
}

Result<std::string> outcomeOf(Connection& connection, const std::string& run, const std::string& project)
{
    TRY(const auto number, runNumber(connection, run, project));
    Statement statement = connection.prepare("SELECT outcome FROM runs WHERE number = ?1");
    statement.bind(number).step();
    return statement.text(0);
}

/// Sets one column of a run that exists.
template <class Value>
Result<> setColumn(Project& project, const std::string& run, const char* column, const Value& value)
{
    return project.database().call(Durability::Full, [&](Connection& connection) -> Result<> {
        TRY(const auto number, runNumber(connection, run, project.folder().string()));
        Statement update = connection.prepare(std::string("UPDATE runs SET ") + column + " = ?1 WHERE number = ?2");
        update.bind(value).bind(number).step();
        return {};
    });
}

constexpr const char* kSelectRuns =
    "SELECT number, id, name, method, created, outcome, reason,"
    " max(steps, coalesce((SELECT step FROM metrics WHERE run = number ORDER BY position DESC LIMIT 1), 0)),"
    " spec, data_hash, model_hash, note, journal_position, held_out_hash, held_out_position FROM runs"
    " WHERE deleted = 0 ORDER BY number";

}  // namespace

Result<RunRecord> RunStore::create(const RunSpec& spec)
{
    if (!spec.name.empty()) TRY_VOID(checkRunName(spec.name, "name"));
    RunRecord record;
    record.name = runNameOf(spec);
    record.method = spec.method;
    record.created = timestampUtc();
    record.outcome = "waiting";
    record.spec = spec;
    TRY_VOID(m_project.database().call(Durability::Full, [&](Connection& connection) -> Result<> {
        Statement last = connection.prepare("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'runs'");
        record.number = (last.step() ? last.integer(0) : 0) + 1;
        record.id = runIdOf(record.number, spec);
        Statement insert = connection.prepare("INSERT INTO runs (number, id, name, method, created, outcome, spec)"
                                              " VALUES (?, ?, ?, ?, ?, ?, ?)");
        insert.bind(record.number).bind(record.id).bind(record.name).bind(record.method).bind(record.created);
        insert.bind(record.outcome).bind(storedSpec(spec, m_project)).step();
        const fs::path folder = m_project.runFolder(record.id);
        std::error_code failure;
        fs::create_directories(folder, failure);
        // Weights are written into it, and a folder that came with a project could lead anywhere.
        const bool isLink = !failure && fs::is_symlink(folder, failure);
        if (!failure && !isLink) return {};
        if (!isLink) return tl::unexpected(writeError(folder, failure.value()));
        return tl::unexpected(writeError(folder, "there is a link of that name", "remove the link"));
    }));
    return record;
}

Result<> RunStore::begin(const std::string& run)
{
    return m_project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        connection.prepare("UPDATE runs SET outcome = 'running' WHERE id = ?1").bind(run).step();
        return {};
    });
}

void RunStore::follow(const std::string& run, RunLog& log)
{
    const auto follower = std::make_shared<Follower>();
    follower->run = run;
    follower->log = &log;
    follower->project = m_project.folder().string();
    log.setOnAppend([follower, &database = m_project.database()] {
        if (!follower->isPosted.exchange(true)) postFollowing(database, follower);
    });
}

Result<> RunStore::finish(const std::string& run, RunLog& log, const Outcome& outcome)
{
    log.setOnAppend({});
    log.append(outcomeEvent(outcome));
    const auto* failed = std::get_if<Failed>(&outcome);
    const std::string reason = failed ? sentence(failed->error) : std::string();
    Reached reached;
    // Runs after everything that following has posted.
    const auto result = m_project.database().call(Durability::Full, [&](Connection& connection) -> Result<> {
        TRY_VOID(writeRest(connection, run, m_project.folder().string(), log, 0, reached));
        Statement update = connection.prepare("UPDATE runs SET outcome = ?, reason = ?, steps = ? WHERE id = ?");
        update.bind(outcomeId(outcome)).bind(reason).bind(stepsOf(outcome)).bind(run).step();
        return {};
    });
    log.setStoreError(result ? std::nullopt : std::optional<Error>(result.error()));
    if (result) log.markCommitted(reached.cursor);
    return result;
}

Result<std::vector<RunRecord>> RunStore::list()
{
    std::vector<RunRecord> records;
    TRY_VOID(m_project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        Statement rows = connection.prepare(kSelectRuns);
        while (rows.step()) {
            // Looked at when the project was opened, but somebody may have changed it since.
            if (const auto plain = checkRunId(rows.text(1), m_project.folder()); !plain) return plain;
            records.push_back(readRecord(rows, m_project));
        }
        return {};
    }));
    return records;
}

Result<RunRecord> RunStore::find(const std::string& run)
{
    TRY(auto records, list());
    return findRun(std::move(records), run, m_project.folder());
}

Result<std::shared_ptr<RunLog>> RunStore::load(const std::string& run)
{
    TRY(const RunRecord record, find(run));
    auto log = std::make_shared<RunLog>();
    log->setAutoCommit();
    TRY_VOID(m_project.database().call(Durability::Normal, [&](Connection& connection) {
        return readLog(connection, record.number, record.id, *log);
    }));
    return log;
}

Result<> RunStore::rename(const std::string& run, const std::string& name)
{
    TRY_VOID(checkRunName(name, "name"));
    return setColumn(m_project, run, "name", name);
}

Result<> RunStore::setNote(const std::string& run, const std::string& note)
{
    return setColumn(m_project, run, "note", note);
}

Result<> RunStore::remove(const std::string& run)
{
    return m_project.database().call(Durability::Full, [&](Connection& connection) -> Result<> {
        TRY(const std::string outcome, outcomeOf(connection, run, m_project.folder().string()));
        if (isUnfinished(outcome)) return fail(ErrorCode::RunIsActive, {{"run", run}, {"outcome", outcome}});
        connection.prepare("UPDATE runs SET deleted = 1 WHERE id = ?1").bind(run).step();
        return {};
    });
}

Result<> RunStore::restore(const std::string& run)
{
    return setColumn(m_project, run, "deleted", std::int64_t{0});
}

Result<RunSummary> RunStore::summary(const std::string& run)
{
    RunLog log;
    log.setAutoCommit();
    TRY_VOID(m_project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        TRY(const auto number, runNumber(connection, run, m_project.folder().string()));
        return readLog(connection, number, run, log);
    }));
    return summarize(log);
}

}  // namespace preflab
