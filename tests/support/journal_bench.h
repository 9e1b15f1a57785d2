// SPDX-License-Identifier: GPL-3.0-or-later
// A project and small files of pairs, for tests of what becomes of changes when files change.
#pragma once

#include "core/data/journal/edited_dataset.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace preflab::test {

/// A pair named so: "a?", "a yes", "a no"; `more` are other columns.
inline std::string line(const std::string& name, const std::string& more = {})
{
    return "{\"prompt\":\"" + name + "?\",\"chosen\":\"" + name + " yes\",\"rejected\":\"" + name + " no\"" + more +
           "}\n";
}

inline std::string lines(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names) text += line(name);
    return text;
}

inline Journal::Modify noteOf(const std::string& text)
{
    return [text](std::uint32_t, RowState& state) { state.note = text; };
}

/// Derive a test class from it, and call `begin` in its init and `end` in its cleanup.
class JournalBench : public QObject {
protected:
    void begin()
    {
        m_folder.emplace();
        auto project = Project::open(*m_folder / "project");
        QCOMPARE(problemOf(project), QString());
        m_project = *std::move(project);
    }

    void end() { m_project.reset(); }

    DatasetOptions options() const { return {*m_folder / "cache"}; }

    void write(const std::string& name, const std::string& text) const { writeFile(*m_folder / name, text); }

    EditedDataset open(const std::string& name, const ColumnMapping& columns = {}) const
    {
        DatasetOptions how = options();
        how.mapping = columns;
        auto opened = openEditedDataset(*m_folder / name, how, editsIn(*m_project), {}, {});
        if (!opened) qWarning("%s", qPrintable(problemOf(opened)));
        return opened.value_or(EditedDataset());
    }

    void note(const std::string& name, std::uint32_t row, const std::string& text,
              const ColumnMapping& columns = {}) const
    {
        const auto journal = Journal::open(m_project, open(name, columns).data);
        QCOMPARE(problemOf(journal), QString());
        QVERIFY((*journal)->apply(JournalAction::Note, {row}, noteOf(text)));
    }

    static void undo(Journal& journal)
    {
        std::promise<void> done;
        journal.undo([&](const Result<JournalRecord>&) { done.set_value(); });
        done.get_future().wait();
    }

    void undo() const { undo(**Journal::open(m_project, open("pairs.jsonl").data)); }

    static std::map<std::uint32_t, std::string> notesOf(const EditedDataset& opened)
    {
        std::map<std::uint32_t, std::string> notes;
        for (const std::uint32_t row : opened.edits.states.rows()) notes[row] = opened.edits.states.find(row)->note;
        return notes;
    }

    /// Each note is the first letter of the prompt that it was made on.
    static void checkNotes(const EditedDataset& opened)
    {
        for (const auto& [row, note] : notesOf(opened))
            QCOMPARE(std::get<std::string>(opened.rows->row(row)->prompt), note + "?");
    }

    std::optional<ScratchFolder> m_folder;
    std::shared_ptr<Project> m_project;
};

}  // namespace preflab::test
