// SPDX-License-Identifier: GPL-3.0-or-later
// ctest-label: slow
// Records that hold more text than the database takes as one value.
#include "core/base/database.h"
#include "core/data/journal/journal.h"
#include "support/files.h"
#include "support/made_up_dataset.h"
#include "support/results.h"

#include <QtTest>

#include <future>
#include <numeric>

using namespace preflab;
using test::problemOf;

namespace {

constexpr const char* kSource = "0123456789abcdef";
constexpr std::uint32_t kRows = 48;
/// JSON spells each of these in six bytes, so that the record has 288 MiB and the test a sixth of it.
const std::string kText(std::size_t{1} << 20, '\x01');

void replaceTexts(std::uint32_t row, RowState& state)
{
    state.edited = std::make_shared<const Row>(Row{RowKind::Text, {}, std::to_string(row) + kText, {}});
}

}  // namespace

class JournalBulkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        reopen();
    }

    void cleanup()
    {
        m_journal.reset();
        m_project.reset();
    }

    void aRecordLargerThanOneValueIsOneChange()
    {
        QCOMPARE(problemOf(edit(kRows)), QString());
        reopen();
        const RowStates states = m_journal->view().states;
        QCOMPARE(states.size(), std::size_t(kRows));
        for (std::uint32_t row = 0; row < kRows; ++row)
            QVERIFY(std::get<std::string>(states.find(row)->edited->chosen) == std::to_string(row) + kText);
        std::promise<void> done;
        m_journal->undo([&](const Result<JournalRecord>&) { done.set_value(); });
        done.get_future().wait();
        QCOMPARE(m_journal->view().states.size(), std::size_t(0));
        QCOMPARE(m_journal->latest(9).size(), std::size_t(2));
    }

    void aMissingPartIsNamed()
    {
        QCOMPARE(problemOf(edit(6)), QString());
        m_journal.reset();
        QVERIFY(m_project->database().call(Durability::Full, [](Connection& connection) -> Result<> {
            connection.execute("DELETE FROM journal_parts WHERE part = (SELECT max(part) FROM journal_parts)");
            return {};
        }));
        const auto journal = Journal::open(m_project, test::madeUpDataset(kSource, kRows));
        QVERIFY(!journal);
        QVERIFY(problemOf(journal).contains(
            QStringLiteral("record 1 of the journal cannot be read: a part of it is missing")));
    }

private:
    Result<JournalRecord> edit(std::uint32_t count)
    {
        std::vector<std::uint32_t> rows(count);
        std::iota(rows.begin(), rows.end(), 0U);
        return m_journal->apply(JournalAction::Edit, rows, replaceTexts);
    }

    void reopen()
    {
        m_journal.reset();
        m_project.reset();
        auto project = Project::open(*m_folder / "p");
        QCOMPARE(problemOf(project), QString());
        m_project = *std::move(project);
        auto journal = Journal::open(m_project, test::madeUpDataset(kSource, kRows));
        QCOMPARE(problemOf(journal), QString());
        m_journal = *std::move(journal);
    }

    std::optional<test::ScratchFolder> m_folder;
    std::shared_ptr<Project> m_project;
    std::unique_ptr<Journal> m_journal;
};

QTEST_GUILESS_MAIN(JournalBulkTest)
#include "journal_bulk_test.moc"
