// SPDX-License-Identifier: GPL-3.0-or-later
// Edits and labels of one dataset, appended to the project's database. The source file is never touched; the state of
// every row is the replay of the journal, and undo is a record like any other.
#pragma once

#include "core/base/result.h"
#include "core/data/journal/row_state.h"
#include "core/project/project.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// One row in a record, before and after.
struct RowChange {
    std::uint32_t row = 0;
    RowState before;
    RowState after;
};

/// What one record did.
enum class JournalAction { Edit, Swap, Exclude, Restore, Tag, Note, Vote, Undo, Redo, Accept };

/// "edit", "swap", ...
std::string_view journalActionId(JournalAction action);

/// One record.
struct JournalRecord {
    std::int64_t position = 0;  ///< in the project's journal, over all datasets
    std::int64_t number = 0;    ///< among the records of this dataset, from 1
    std::string time;           ///< UTC
    JournalAction action = JournalAction::Edit;
    std::int64_t of = 0;  ///< Undo, Redo: the number of the record that is taken back or done again
    std::vector<RowChange> changes;
};

/// All rows as they are, and up to where the journal was read.
struct JournalView {
    RowStates states;
    std::int64_t position = 0;      ///< of the last record; 0: none
    std::int64_t dataPosition = 0;  ///< of the last record that changed what is trained on: texts, exclusion
    bool areOthersEdited = false;   ///< `Journal::read`: no record is of this content, but some are of others
};

/// Thread-safe. What readers see changes only when a record is durable; posts are answered in their order.
class Journal {
public:
    /// The journal of the dataset with that content hash and so many rows. DatabaseFailed, or ProjectInvalid for a record
    /// that cannot be read or names a row that the dataset does not have: then the journal is damaged, and what it says
    /// of other rows cannot be trusted either. The error names the record.
    static Result<std::unique_ptr<Journal>> open(std::shared_ptr<Project> project, const std::string& contentHash,
                                                 std::uint32_t rowCount);
    /// Only its state: the present one, or that after the record at `position` of the project's journal.
    static Result<JournalView> read(Project& project, const std::string& contentHash, std::uint32_t rowCount,
                                    std::optional<std::int64_t> position = {});
    /// Position of the last record in the project's journal, whatever its dataset; 0: none.
    static Result<std::int64_t> lastPosition(Project& project);
    ~Journal();  ///< waits until everything posted is answered

    /// Called on the storage thread once a record is durable, or with the reason why it is not there. What was posted
    /// behind a record that failed fails with it, because it may build on it.
    using Acknowledgement = std::function<void(const Result<JournalRecord>&)>;
    /// Changes a row's state as it is when its turn comes. Must not call the journal.
    using Modify = std::function<void(std::uint32_t row, RowState& state)>;
    /// Appends one record that changes these rows. Rows that stay as they are are left out; without any change nothing
    /// is appended, and the answer is a record without changes.
    void post(JournalAction action, const std::vector<std::uint32_t>& rows, const Modify& modify, Acknowledgement done);
    /// Takes back the latest record that is not taken back; does it again. Without one, a record without changes.
    void undo(Acknowledgement done);
    void redo(Acknowledgement done);
    /// As `post`, and waits. Not from the storage thread.
    Result<JournalRecord> apply(JournalAction action, const std::vector<std::uint32_t>& rows, const Modify& modify);

    /// What is durable now.
    JournalView view() const;
    /// What undo and redo would act on.
    std::optional<JournalRecord> undoable() const;
    std::optional<JournalRecord> redoable() const;
    /// The latest records, newest first.
    std::vector<JournalRecord> latest(std::size_t count) const;

private:
    struct State;
    Journal(std::shared_ptr<Project> project, std::shared_ptr<State> state);
    std::shared_ptr<Project> m_project;
    std::shared_ptr<State> m_state;  ///< shared with commands on the storage thread, which must not own the project
};

}  // namespace preflab
