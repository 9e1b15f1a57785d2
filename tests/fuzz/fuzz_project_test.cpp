// SPDX-License-Identifier: GPL-3.0-or-later
// Mutated projects: the database's file, every value in it, and state.json.
#include "core/base/database.h"
#include "core/project/project_state.h"
#include "core/runs/run_store.h"
#include "support/fuzz_bench.h"
#include "support/run_project.h"

using namespace preflab;
using namespace preflab::test;

namespace {

/// Everything that lists and pages read of the runs.
std::optional<Error> readRuns(Project& project)
{
    RunStore store(project);
    const auto runs = store.list();
    if (!runs) return runs.error();
    for (const RunRecord& run : *runs) {
        if (const auto log = store.load(run.id); !log) return log.error();
        if (const auto summary = store.summary(run.id); !summary) return summary.error();
    }
    return {};
}

/// A project with a finished run of three steps.
void makeProject(const std::filesystem::path& folder)
{
    const auto project = openProject(folder);
    QVERIFY(project);
    RunStore store(*project);
    const auto run = store.create(fakeSpec("fuzzed", 3));
    QVERIFY(run);
    RunLog log;
    store.follow(run->id, log);
    const std::uint16_t loss = log.nameOf("loss");
    const std::uint16_t rate = log.nameOf("learning_rate");
    for (std::int64_t step = 1; step <= 3; ++step) log.append(MetricRow{step, 0.5, {{loss, 0.7}, {rate, 1e-6}}});
    QVERIFY(store.finish(run->id, log, Finished{3}));
}

/// A value's place in the database.
struct Cell {
    std::string table, column, value;
};

/// Every place that holds text or bytes; `value` is what one row has there.
std::vector<Cell> cellsOf(Project& project)
{
    std::vector<Cell> cells;
    (void)project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        Statement columns =
            connection.prepare("SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p "
                               "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND p.type IN ('TEXT', 'BLOB')");
        while (columns.step()) cells.push_back({columns.text(0), columns.text(1), {}});
        for (Cell& cell : cells) {
            Statement value = connection.prepare("SELECT " + cell.column + " FROM " + cell.table + " LIMIT 1");
            if (!value.step()) continue;
            for (const std::byte byte : value.blob(0)) cell.value += static_cast<char>(byte);
        }
        return {};
    });
    std::erase_if(cells, [](const Cell& cell) { return cell.value.empty(); });
    return cells;
}

/// Puts `value` in the place of the cell's one value, other rows stay.
void store(Project& project, const Cell& cell, const std::string& value)
{
    const Result<> stored = project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        Statement update =
            connection.prepare("UPDATE " + cell.table + " SET " + cell.column + " = ? WHERE " + cell.column +
                               " IS (SELECT " + cell.column + " FROM " + cell.table + " LIMIT 1)");
        if (cell.column == "packed")
            update.bindBlob(std::as_bytes(std::span(value)));
        else
            update.bind(std::string_view(value));
        (void)update.step();
        return {};
    });
    QVERIFY(stored);
}

}  // namespace

class FuzzProjectTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_scratch.emplace();
        makeProject(*m_scratch / "p");
    }

    void databaseFile()
    {
        const std::string database = readFile(*m_scratch / "p/project.db");
        const Corpus corpus{{database}, {"SQLite format 3", "CREATE TABLE", "INTEGER", "runs", "finished", "{\"", "]"}};
        FuzzBench::run("project.db", corpus, 150, [](const auto& file) -> std::optional<Error> {
            for (const char* side : {"-wal", "-shm", "-journal"})
                std::filesystem::remove(file.parent_path() / ("project.db" + std::string(side)));
            const auto project = Project::open(file.parent_path());
            return project ? readRuns(**project) : project.error();
        });
    }

    void valuesInTheDatabase()
    {
        const auto project = openProject(*m_scratch / "p");
        QVERIFY(project);
        const std::vector<Cell> cells = cellsOf(*project);
        QVERIFY(cells.size() >= 10);
        Corpus corpus{{},
                      {"{", "}", "[", "\"", "null", "-1", "1e999", "\"params\":", "finished", "\\u0000", "\n",
                       "\x1b[2J", std::string(9, '\0'), "../../", "9223372036854775808"}};
        for (const Cell& cell : cells) corpus.files.push_back(cell.value);
        std::size_t next = 0;
        FuzzBench::run("value", corpus, 1500, [&](const auto& file) {
            const Cell& cell = cells[next++ % cells.size()];
            store(*project, cell, readFile(file));
            const auto error = readRuns(*project);
            store(*project, cell, cell.value);
            return error;
        });
        const auto left = readRuns(*project);
        QVERIFY2(!left, left ? sentence(*left).c_str() : "");
    }

    void stateFile()
    {
        const auto project = openProject(*m_scratch / "p");
        QVERIFY(project);
        const std::string state = R"({"model":"m","data":"d.jsonl","datasets":["d.jsonl","/e.csv"],"pairs":12,)"
                                  R"("draft":{"beta":0.2},"guidelines":"Be fair."})";
        const Corpus corpus{{state},
                            {"{", "}", "[", "]", "\"", ",", "null", "-1", "1e99", "\\u0000",
                             "\"pairs\":", "\"datasets\":[", "\"draft\":"}};
        FuzzBench::run("state.json", corpus, 3000, [&](const auto& file) {
            writeFile(project->folder() / "state.json", readFile(file));
            return errorOf(readProjectState(*project));
        });
    }

private:
    std::optional<ScratchFolder> m_scratch;
};

QTEST_GUILESS_MAIN(FuzzProjectTest)
#include "fuzz_project_test.moc"
