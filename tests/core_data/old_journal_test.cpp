// SPDX-License-Identifier: GPL-3.0-or-later
// Projects of older versions keep their changes: old records wait for their file, and then belong to its rows.
#include "core/base/database.h"
#include "core/data/journal/dataset_mapping.h"
#include "core/data/journal/edited_dataset.h"
#include "core/data/journal/old_numbering.h"
#include "core/project/project_schema.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <future>

using namespace preflab;
using test::problemOf;

namespace {

const std::filesystem::path kFixtures = std::filesystem::path(PREFLAB_TEST_FIXTURES) / "journal";

void exclude(std::uint32_t, RowState& state)
{
    state.isExcluded = true;
}

}  // namespace

class OldJournalTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        m_pairs = test::readFile(kFixtures / "old_pairs.jsonl");
        QVERIFY(!m_pairs.empty());
        std::filesystem::create_directories(*m_folder / "project");
        const std::vector<Migration> old(projectMigrations().begin(), projectMigrations().begin() + 4);
        const auto database = Database::open(*m_folder / "project" / "project.db", kProjectApplicationId, old);
        QCOMPARE(problemOf(database), QString());
        QVERIFY((*database)->call(Durability::Full, [](Connection& connection) -> Result<> {
            connection.execute(test::readFile(kFixtures / "old_journal.sql"));
            return {};
        }));
    }

    void cleanup() { m_project.reset(); }

    void changesBelongToTheirRowsAgain()
    {
        openProject();
        QVERIFY(std::filesystem::exists(*m_folder / "project" / "project.db.backup-v4"));
        write(m_pairs);
        checkStates(open());
        // Once they are translated, the file may grow.
        write("{\"prompt\":[],\"chosen\":[],\"rejected\":[]}\n" + m_pairs);
        checkStates(open(), 1);
        m_project.reset();
        openProject();
        checkStates(open(), 1);
    }

    void theyWaitForTheirVeryFile()
    {
        openProject();
        write(m_pairs + "\n");
        const EditedDataset other = open();
        QCOMPARE(other.edits.states.size(), std::size_t{0});
        QCOMPARE(other.edits.waitingRecords, std::uint64_t{7});
        QCOMPARE(other.notes().size(), std::size_t{1});
        write(m_pairs);
        checkStates(open());
        QCOMPARE(open().edits.waitingRecords, std::uint64_t{0});
        // One record of another file still waits.
        QVERIFY(*Journal::lastPosition(*m_project) == 7);
    }

    // A reader translates them for itself, and leaves them waiting.
    void readersSeeThemAndChangeNothing()
    {
        openProject();
        m_project.reset();
        write(m_pairs);
        for (int i = 0; i < 2; ++i) {
            auto reader = Project::openToRead(*m_folder / "project");
            QCOMPARE(problemOf(reader), QString());
            m_project = *std::move(reader);
            checkStates(open());
            QCOMPARE(open().edits.waitingRecords, std::uint64_t{0});
            std::int64_t waiting = 0;
            QVERIFY(m_project->database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
                Statement count = connection.prepare("SELECT count(*) FROM old_journal");
                if (count.step()) waiting = count.integer(0);
                return {};
            }));
            QCOMPARE(waiting, std::int64_t{7});
            m_project.reset();
        }
        openProject();
        checkStates(open());
    }

    void positionsStayAsTheyWere()
    {
        openProject();
        write(m_pairs);
        const auto then = openEditedDataset(file(), options(), editsIn(*m_project, 2), {}, {});
        QCOMPARE(problemOf(then), QString());
        QVERIFY(stateAt(*then, 4)->edited && stateAt(*then, 5) == nullptr && stateAt(*then, 1)->isSwapped);
        QCOMPARE(then->edits.position, std::int64_t{2});
        const auto journal = Journal::open(m_project, then->data);
        const auto record = (*journal)->apply(JournalAction::Exclude, {0}, exclude);
        QCOMPARE(record->position, std::int64_t{8});
        QCOMPARE(record->number, std::int64_t{7});
    }

    void undoReachesBackIntoThem()
    {
        openProject();
        write(m_pairs);
        const auto journal = Journal::open(m_project, open().data);
        QVERIFY((*journal)->undoable() && (*journal)->undoable()->action == JournalAction::Note);
        QVERIFY(!(*journal)->redoable());
        for (int i = 0; i < 4; ++i) undo(**journal);
        QCOMPARE((*journal)->view().states.size(), std::size_t{0});
        QVERIFY(!(*journal)->undoable());
    }

    // The file had changed when the project was opened anew, was worked on, and then came back.
    void theyJoinWhatWasDoneSince()
    {
        openProject();
        write(m_pairs + "\n");
        {
            const auto journal = Journal::open(m_project, open().data);
            QVERIFY((*journal)->apply(JournalAction::Exclude, {rowAt(open(), 1)}, exclude));
            QVERIFY((*journal)->apply(JournalAction::Note, {rowAt(open(), 7)},
                                      [](std::uint32_t, RowState& state) { state.note = "new"; }));
            undo(**journal);
        }
        write(m_pairs);
        const EditedDataset joined = open();
        QVERIFY(stateAt(joined, 1)->isSwapped && stateAt(joined, 1)->isExcluded);
        QVERIFY(stateAt(joined, 4)->edited);
        const auto journal = Journal::open(m_project, joined.data);
        QCOMPARE((*journal)->latest(99).size(), std::size_t{9});
        undo(**journal);
        QVERIFY(!(*journal)->view().states.find(rowAt(joined, 1))->isExcluded);
        undo(**journal);
        QVERIFY((*journal)->view().states.find(rowAt(joined, 4))->note.empty());
    }

    void damageIsNamed()
    {
        openProject();
        write(m_pairs);
        sql("UPDATE old_journal SET changes = replace(changes, '\"row\":2', '\"row\":4')");
        const auto opened = openEditedDataset(file(), options(), editsIn(*m_project), {}, {});
        QVERIFY(problemOf(opened).contains(QStringLiteral("record 3 of the journal")));
        QVERIFY(problemOf(opened).contains(QStringLiteral("row 5")));
        sql("DELETE FROM old_journal WHERE number = 3");
        QVERIFY(problemOf(openEditedDataset(file(), options(), editsIn(*m_project), {}, {}))
                    .contains(QStringLiteral("a record before it is missing")));
    }

    void numbersAreThoseOfTheOldReaders_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("ids");
        QTest::newRow("texts") << QByteArray("{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\",\"id\":0}\n"
                                             "{\"prompt\":\"p\",\"chosen\":\"a\",\"id\":1}\n"
                                             "{\"prompt\":[],\"chosen\":\"a\",\"rejected\":\"b\",\"id\":2}\n"
                                             "[1]\n"
                                             "{\"prompt\":\"\",\"chosen\":\"\",\"rejected\":\"\",\"id\":3}\n")
                               << QByteArray("03");
        QTest::newRow("no prompt") << QByteArray("{\"chosen\":\"a\",\"rejected\":\"b\",\"prompt\":null,\"id\":0}\n"
                                                 "{\"chosen\":\"a\",\"rejected\":\"b\",\"prompt\":\"p\",\"id\":1}\n"
                                                 "{\"chosen\":\"a\",\"rejected\":\"b\",\"question\":\"q\",\"id\":2}\n"
                                                 "{\"chosen\":\"a\",\"rejected\":\"b\",\"id\":3}\n")
                                   << QByteArray("023");
        const QByteArray said = "[{\"role\":\"user\",\"content\":\"x\"}]";
        QTest::newRow("messages") << QByteArray("{\"chosen\":" + said + ",\"rejected\":" + said + ",\"id\":0}\n" +
                                                "{\"chosen\":" + said +
                                                ",\"rejected\":[{\"role\":\"user\"}],\"id\":1}\n" +
                                                "{\"chosen\":[],\"rejected\":" + said + ",\"id\":2}\n")
                                  << QByteArray("02");
        QTest::newRow("text prompt") << QByteArray("{\"prompt\":\"p\",\"chosen\":" + said + ",\"rejected\":" + said +
                                                   ",\"id\":0}\n{\"prompt\":" + said + ",\"chosen\":" + said +
                                                   ",\"rejected\":" + said +
                                                   ",\"id\":1}\n{\"prompt\":\"p\",\"chosen\":" + said +
                                                   ",\"rejected\":" + said + ",\"id\":2}\n")
                                     << QByteArray("02");
        QTest::newRow("completion") << QByteArray("{\"prompt\":\"p\",\"completion\":\"c\",\"id\":0}\n"
                                                  "{\"prompt\":\"p\",\"completion\":" +
                                                  said + ",\"id\":1}\n{\"prompt\":" + said + ",\"completion\":" + said +
                                                  ",\"id\":2}\n{\"prompt\":\"p\",\"completion\":\"c\",\"id\":3}\n")
                                    << QByteArray("023");
        QTest::newRow("text") << QByteArray(
                                     "{\"text\":\"t\",\"id\":0}\n{\"text\":3,\"id\":1}\n\n{\"text\":\"\",\"id\":2}")
                              << QByteArray("02");
    }

    void numbersAreThoseOfTheOldReaders()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, ids);
        write(text.toStdString());
        QByteArray found;
        QVERIFY(visitOldRows(file(), [&](std::uint32_t row, const RecordValue& record) {
            QCOMPARE(row, static_cast<std::uint32_t>(found.size()));
            found += QByteArray::number(record.find("id")->integer());
        }));
        QCOMPARE(found, ids);
    }

    void aProjectOfTheFirstVersionKeepsItsRuns()
    {
        const auto folder = *m_folder / "first";
        std::filesystem::create_directories(folder);
        {
            const auto old =
                Database::open(folder / "project.db", kProjectApplicationId, {projectMigrations().front()});
            QCOMPARE(problemOf(old), QString());
            QVERIFY((*old)->call(Durability::Full, [](Connection& connection) -> Result<> {
                connection.execute("INSERT INTO runs (id, name, method, created, outcome, spec) VALUES "
                                   "('0001-dpo-a', 'first', 'dpo', '2026-01-01T00:00:00Z', 'finished', '{}')");
                return {};
            }));
        }
        auto project = Project::open(folder);
        QCOMPARE(problemOf(project), QString());
        QVERIFY(std::filesystem::exists(folder / "project.db.backup-v1"));
        std::string run;
        QVERIFY((*project)->database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
            Statement select = connection.prepare("SELECT name || deleted || journal_position || note FROM runs");
            if (select.step()) run = select.text(0);
            return {};
        }));
        QCOMPARE(run, std::string("first00"));
        m_project = *std::move(project);
        write(m_pairs);
        const auto journal = Journal::open(m_project, open().data);
        QVERIFY(journal && (*journal)->apply(JournalAction::Exclude, {1}, exclude));
    }

    // Version 5 knew rows by their record alone, and no columns of other names.
    void aProjectOfVersion5KeepsItsChanges()
    {
        const auto folder = *m_folder / "fifth";
        std::filesystem::create_directories(folder);
        write(m_pairs);
        const auto data = Dataset::open(file(), options());
        QCOMPARE(problemOf(data), QString());
        {
            const std::vector<Migration> old(projectMigrations().begin(), projectMigrations().begin() + 5);
            const auto database = Database::open(folder / "project.db", kProjectApplicationId, old);
            QCOMPARE(problemOf(database), QString());
            QVERIFY((*database)->call(Durability::Full, [&](Connection& connection) -> Result<> {
                connection.execute("INSERT INTO datasets DEFAULT VALUES");
                Statement path = connection.prepare("INSERT INTO dataset_paths (path, dataset) VALUES (?, 1)");
                path.bind(file().string()).step();
                Statement record = connection.prepare("INSERT INTO journal (dataset, number, time, action, changes) "
                                                      "VALUES (1, 1, '2026-01-01T00:00:00Z', 'exclude', ?)");
                record
                    .bind(Json::array({{{"row", hexOf(data->identities->record(1))},
                                        {"texts", "0000000000000000"},
                                        {"set", {{"excluded", true}}}}})
                              .dump())
                    .step();
                return {};
            }));
        }
        for (const bool isRead : {true, false}) {
            auto project = isRead ? Project::openToRead(folder) : Project::open(folder);
            QCOMPARE(problemOf(project), QString());
            QCOMPARE(std::filesystem::exists(folder / "project.db.backup-v5"), !isRead);
            const auto view = Journal::read(**project, *data);
            QCOMPARE(problemOf(view), QString());
            QCOMPARE(view->states.rows(), std::vector<std::uint32_t>{1});
            QVERIFY(keptMapping(**project, file())->isPlain());
        }
    }

private:
    std::filesystem::path file() const { return *m_folder / "pairs.jsonl"; }
    DatasetOptions options() const { return {*m_folder / "cache"}; }
    void write(const std::string& text) const { test::writeFile(file(), text); }

    void openProject()
    {
        auto project = Project::open(*m_folder / "project");
        QCOMPARE(problemOf(project), QString());
        m_project = *std::move(project);
    }

    EditedDataset open() const
    {
        auto opened = openEditedDataset(file(), options(), editsIn(*m_project), {}, {});
        if (!opened) qWarning("%s", qPrintable(problemOf(opened)));
        return opened.value_or(EditedDataset());
    }

    void sql(const std::string& text) const
    {
        QVERIFY(m_project->database().call(Durability::Full, [&](Connection& connection) -> Result<> {
            connection.execute(text);
            return {};
        }));
    }

    static void undo(Journal& journal)
    {
        std::promise<void> done;
        journal.undo([&](const Result<JournalRecord>&) { done.set_value(); });
        done.get_future().wait();
    }

    /// Today's readers may take lines for rows that old ones did not: rows are named by their line.
    static std::uint32_t rowAt(const EditedDataset& opened, std::uint64_t line)
    {
        for (std::uint32_t row = 0; row < opened.rows->size(); ++row)
            if (opened.rows->sourceNumber(row) == line) return row;
        return opened.rows->size();
    }

    static const RowState* stateAt(const EditedDataset& opened, std::uint64_t line)
    {
        return opened.edits.states.find(rowAt(opened, line));
    }

    /// What the fixture's records say, of a file with so many lines before its first.
    static void checkStates(const EditedDataset& opened, std::uint64_t before = 0)
    {
        QCOMPARE(opened.edits.states.size(), std::size_t{4});
        QCOMPARE(opened.edits.absentRows, std::uint64_t{0});
        const RowState* harbour = stateAt(opened, before + 4);
        QVERIFY(harbour != nullptr && harbour->edited);
        QCOMPARE(std::get<Messages>(harbour->edited->chosen)[0].content, std::string("A sheltered place for ships."));
        QCOMPARE(harbour->note, std::string("from the harbour master"));
        QVERIFY(stateAt(opened, before + 5)->isExcluded && !stateAt(opened, before + 5)->isEdited());
        for (const std::uint64_t line : {1, 7}) {
            const RowState* swapped = stateAt(opened, before + line);
            QVERIFY(swapped != nullptr && swapped->isSwapped && !swapped->edited && !swapped->vote);
        }
        const Row quay = *opened.rows->row(rowAt(opened, before + 7));
        QCOMPARE(std::get<Messages>(quay.chosen)[0].content, std::string("A fish."));
    }

    std::optional<test::ScratchFolder> m_folder;
    std::string m_pairs;
    std::shared_ptr<Project> m_project;
};

QTEST_GUILESS_MAIN(OldJournalTest)
#include "old_journal_test.moc"
