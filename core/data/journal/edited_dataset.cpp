// SPDX-License-Identifier: GPL-3.0-or-later
// Source, journal, and what to say of edits that do not count.
#include "core/data/journal/edited_dataset.h"

#include "core/base/shell_word.h"
#include "core/base/system.h"
#include "core/data/ingest/row_doubts.h"
#include "core/data/journal/edited_rows.h"
#include "core/data/journal/vote_rules.h"

#include <algorithm>
#include <set>
#include <string>

namespace preflab {
namespace {

/// Which rows the loader may have had doubts about: where it kept all it found, the others need not be read again.
class DoubtedRows {
public:
    explicit DoubtedRows(const Findings& findings)
    {
        for (std::size_t i = 0; i < Finding::kKinds; ++i)
            m_areAllKnown = m_areAllKnown && findings.areAllKept(static_cast<Finding::Kind>(i));
        for (const Finding& finding : findings.first) m_numbers.insert(finding.sourceNumber);
    }
    bool mayHold(std::uint64_t sourceNumber) const { return !m_areAllKnown || m_numbers.contains(sourceNumber); }

private:
    bool m_areAllKnown = true;
    std::set<std::uint64_t> m_numbers;
};

/// The loader's findings without those of rows that were left out or edited, and with those of the edited rows.
Result<Findings> currentFindings(const EditedDataset& opened, const std::stop_token& stop)
{
    Findings findings = opened.data.findings;
    const DoubtedRows doubted(findings);
    for (const std::uint32_t row : opened.edits.states.rows()) {
        const RowState& state = *opened.edits.states.find(row);
        if (!state.isExcluded && !state.isEdited()) continue;
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        const std::uint64_t number = opened.data.rows->sourceNumber(row);
        if (doubted.mayHold(number)) {
            TRY(const Row before, opened.data.rows->row(row));
            for (const RowDoubt& doubt : doubtsOf(before, opened.data.split)) findings.remove(doubt.kind, number);
        }
        if (state.isExcluded) continue;
        TRY(const Row now, opened.rows->row(row));
        for (RowDoubt& doubt : doubtsOf(now, opened.data.split))
            findings.add({doubt.kind, number, placeText(opened.data.naming, number) + ", as edited: " + doubt.reason});
    }
    std::ranges::stable_sort(findings.first, {}, &Finding::sourceNumber);
    return findings;
}

}  // namespace

EditSource editsIn(Project& project, std::optional<std::int64_t> position)
{
    return [&project, position](const Dataset& data) { return Journal::read(project, data, position); };
}

Result<> EditedDataset::checkUsed() const
{
    if (!used.empty()) return {};
    return fail(ErrorCode::NoUsableRows, {{"path", data.path.string()},
                                          {"rows", countText(data.rows->size())},
                                          {"reason", "you left every one of them out"}});
}

std::uint64_t EditedDataset::editedRows() const
{
    const std::vector<std::uint32_t> touched = edits.states.rows();
    return static_cast<std::uint64_t>(std::ranges::count_if(touched, [this](std::uint32_t row) {
        const RowState& state = *edits.states.find(row);
        return state.isEdited() && !state.isExcluded;
    }));
}

std::vector<std::string> EditedDataset::notes() const
{
    const std::string file = data.path.filename().string();
    std::vector<std::string> notes;
    if (edits.absentRows > 0)
        notes.push_back("The project has changes of " + countText(edits.absentRows) +
                        (edits.absentRows == 1 ? " row that is" : " rows that are") + " no longer in " + file +
                        "; these changes are kept, and count again when the file has " +
                        (edits.absentRows == 1 ? "it." : "them."));
    if (edits.otherColumnsRows > 0)
        notes.push_back(
            "The project has changes of " + countText(edits.otherColumnsRows) +
            (edits.otherColumnsRows == 1 ? " row of " : " rows of ") + file +
            " that were made while other columns were taken as the prompt and the answers; these changes are "
            "kept, and count again with those columns.");
    if (edits.waitingRecords > 0)
        notes.push_back("None of the project's changes belong to " + file + " as it is now; " +
                        countText(edits.waitingRecords) + " of an older version wait for the very " +
                        "file that they were made in: open it once in this project.");
    if (edits.similar)
        notes.push_back("The project has changes of " + countText(edits.similar->changedRows) +
                        (edits.similar->changedRows == 1 ? " row of " : " rows of ") + edits.similar->path.string() +
                        "; " + file + " has " + countText(edits.similar->presentRows) +
                        " of these. To make the changes count here, say once: preflab-cli inspect " +
                        shellWord(data.path.string()) + " --project " + shellWord(edits.similar->project.string()) +
                        " --take-edits.");
    if (std::string votes = openVotesText(countVotes(edits.states), file); !votes.empty())
        notes.push_back(std::move(votes));
    return notes;
}

Result<EditedDataset> openEditedDataset(const std::filesystem::path& path, const DatasetOptions& options,
                                        const EditSource& edits, const ProgressSink& progress, std::stop_token stop)
{
    EditedDataset opened;
    TRY(opened.data, Dataset::open(path, options, progress, stop));
    if (edits) {
        TRY(opened.edits, edits(opened.data));
    }
    opened.rows = makeEditedRows(opened.data.rows, opened.edits.states);
    opened.used = usedRows(opened.data.rows->size(), opened.edits.states);
    TRY(opened.findings, currentFindings(opened, stop));
    return opened;
}

}  // namespace preflab
