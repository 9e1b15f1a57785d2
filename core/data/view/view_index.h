// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows a table shows, and in which order: built off the UI thread from columns, the journal and a search.
#pragma once

#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/data/journal/row_state.h"
#include "core/data/rows/shared_rows.h"
#include "core/data/view/row_figures.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace preflab {

/// What rows can be sorted by.
enum class ViewColumn {
    Number,
    Prompt,
    Turns,
    PromptLength,
    ChosenLength,
    RejectedLength,
    LengthGap,  ///< how far the answers' lengths are apart, whichever is longer
    Similarity,
    Flags,  ///< gravest first when descending
    Label,
};

/// Direction of sorting; equal rows stay in file order in both.
enum class ViewOrder { Ascending, Descending };

/// Whether excluded rows are shown.
enum class ExclusionFilter { All, OnlyUsed, OnlyExcluded };
/// Whether rows with or without a vote are shown.
enum class LabelFilter { All, Labelled, Unlabelled };

/// A range of whole numbers; an absent border is open.
struct NumberRange {
    std::optional<std::int64_t> least;
    std::optional<std::int64_t> most;
    bool isOpen() const { return !least && !most; }
    bool holds(std::int64_t value) const { return (!least || value >= *least) && (!most || value <= *most); }
    bool operator==(const NumberRange&) const = default;
};

/// A view as the user asks for it. All conditions must hold. Lengths are in tokens where they are counted, in
/// characters until then.
struct ViewQuery {
    std::string search;  ///< as RowSearch reads it; empty: no search
    ExclusionFilter exclusion = ExclusionFilter::All;
    LabelFilter label = LabelFilter::All;
    std::optional<Vote> vote;  ///< only rows with this vote
    std::string tag;           ///< only rows with this tag; empty: all
    bool isEditedOnly = false;
    std::uint8_t flags = 0;  ///< bits of RowFlag: rows that have any of them
    NumberRange lengthGap;   ///< difference of the answers' lengths, whichever is longer
    NumberRange length;      ///< of the prompt with its longer answer
    std::shared_ptr<const std::vector<std::uint32_t>> rows;  ///< only these (ascending); null: all
    ViewColumn sort = ViewColumn::Number;
    ViewOrder order = ViewOrder::Ascending;

    /// True if the conditions may leave rows out.
    bool isFiltered() const;
    bool operator==(const ViewQuery&) const = default;
};

/// What the texts of an edited row measure now.
struct EditedFigures {
    RowFigures figures;
    TokenLengths tokens;
};

/// Everything a view is built from: values, shared with the threads that build.
struct ViewInputs {
    std::shared_ptr<const RowSource> source;  ///< as the file has it
    std::shared_ptr<const RowSource> rows;    ///< the same rows with their edits
    RowKind kind = RowKind::Preference;
    std::shared_ptr<const FiguresByRow> columns;  ///< null until measured: conditions and orders on them wait
    std::shared_ptr<const LengthsByRow> tokens;   ///< null until counted
    RowStates states;                             ///< what was done to rows
    SharedRows<EditedFigures> edited;             ///< of rows whose texts are not the source's

    /// The figures and tokens of a row as it is now; nothing until they are measured.
    const RowFigures* figures(std::uint32_t row) const;
    const TokenLengths* tokenLengths(std::uint32_t row) const;
    /// Prompt, chosen, rejected in tokens or characters; unknown lengths are absent.
    struct Lengths {
        std::int64_t prompt = 0;
        std::int64_t chosen = 0;
        std::int64_t rejected = 0;
    };
    std::optional<Lengths> lengths(std::uint32_t row) const;
};

/// Filter and order: position in the view -> row of the source. Immutable.
class ViewIndex {
public:
    /// PatternInvalid, Cancelled, or the error of a row that cannot be read.
    static Result<ViewIndex> build(const ViewInputs& inputs, const ViewQuery& query, std::stop_token stop = {});

    std::uint32_t size() const { return static_cast<std::uint32_t>(m_rows.size()); }
    std::uint32_t row(std::uint32_t position) const { return m_rows[position]; }
    const std::vector<std::uint32_t>& rows() const { return m_rows; }
    /// Where a row of the source is; nothing if it is left out. Looks through the view: below a millisecond.
    std::optional<std::uint32_t> positionOf(std::uint32_t row) const;
    const ViewQuery& query() const { return m_query; }

private:
    ViewQuery m_query;
    std::vector<std::uint32_t> m_rows;
};

}  // namespace preflab
