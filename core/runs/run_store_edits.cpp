// SPDX-License-Identifier: GPL-3.0-or-later
// What a user changes about stored runs, and runs in short.
#include "core/runs/interrupted_runs.h"
#include "core/runs/run_log_table.h"
#include "core/runs/run_store.h"

namespace preflab {

namespace {

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

}  // namespace

Result<> RunStore::rename(const std::string& run, const std::string& name)
{
    if (name.find_first_not_of(" \t\r\n") == std::string::npos)
        return fail(ErrorCode::ParameterOutOfRange,
                    {{"key", "name"}, {"value", "empty"}, {"range", "a text with at least one letter"}});
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
