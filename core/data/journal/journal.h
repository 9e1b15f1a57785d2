// SPDX-License-Identifier: GPL-3.0-or-later
// Edits and labels of one dataset, appended to the project's database. The source file is never touched; the state of
// every row is the replay of the journal, and undo is a record like any other.
#pragma once

#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/data/journal/journal_record.h"
#include "core/project/project.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// Another dataset of the project that a file may be a copy of: it has most of the rows that were changed there. Only the
/// user knows whether it is the same; Journal::open and read take its number then.
struct SimilarDataset {
    std::int64_t dataset = 0;
    std::filesystem::path path;     ///< where it was last
    std::filesystem::path project;  ///< the folder of the project that has it
    std::uint64_t changedRows = 0;  ///< of that dataset
    std::uint64_t presentRows = 0;  ///< of these, how many the file has
};

/// All rows as they are, and up to where the journal was read.
struct JournalView {
    RowStates states;
    std::int64_t position = 0;      ///< of the last record; 0: none
    std::int64_t dataPosition = 0;  ///< of the last record that changed what is trained on: texts, exclusion
    std::uint64_t absentRows = 0;   ///< that were changed and are not in the file; their changes are kept
    /// That were changed as they were read by other columns (ColumnMapping); their changes are kept.
    std::uint64_t otherColumnsRows = 0;
    /// Changes that an older version made wait for the file of which they are. Only told of a file without changes.
    std::uint64_t waitingRecords = 0;
    std::optional<SimilarDataset> similar;  ///< only for a file that is not known, or no longer like what it was
};

/// Thread-safe. What readers see changes only when a record is durable; posts are answered in their order.
class Journal {
public:
    /// The journal of the dataset whose present content `data` is: the one that was at its path, or else the one that had
    /// that content, or `dataset`, which the user may have chosen. Changes of rows that are not in `data` are kept and
    /// counted. DatabaseFailed, or ProjectInvalid for a record that cannot be read: then the journal is damaged, and what
    /// it says of other rows cannot be trusted either. The error names the record.
    static Result<std::unique_ptr<Journal>> open(std::shared_ptr<Project> project, const Dataset& data,
                                                 std::int64_t dataset = 0);
    /// Only its state: the present one, or that after the record at `position` of the project's journal.
    static Result<JournalView> read(Project& project, const Dataset& data, std::optional<std::int64_t> position = {},
                                    std::int64_t dataset = 0);
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
    /// The edits that undo and redo would act on.
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
