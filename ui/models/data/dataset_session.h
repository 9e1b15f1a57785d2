// SPDX-License-Identifier: GPL-3.0-or-later
// An open dataset: its rows, its columns, the view that is shown, and the jobs on it.
#pragma once

#include "core/data/ingest/dataset.h"
#include "core/data/journal/journal.h"
#include "core/data/journal/vote_rules.h"
#include "core/data/rows/pair_diff.h"
#include "core/data/view/view_index.h"
#include "core/text/token_counts.h"

#include <QFuture>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QThreadPool>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace preflab {

class DatasetTableModel;
class Project;

/// One row for reading: its texts as they are now, and what sets the answers apart.
struct PairDetails {
    std::uint32_t row = 0;
    std::uint64_t sourceNumber = 0;  ///< line or record of the file, from 1
    Row given;                       ///< as the columns say it (edited, if it was)
    Row shown;                       ///< with an implicit prompt taken out
    std::string chosenText;          ///< plain texts of `shown`, which `diff` compares
    std::string rejectedText;
    PairDiff diff;
    RowFigures figures;
    RowState state;
};

/// Which lengths in tokens are wanted.
struct TokenRequest {
    std::filesystem::path modelFolder;  ///< its tokenizer counts
    std::string recipe = "dpo";
    RecipeOptions options;
    const ChatTemplate* chatTemplate = &defaultChatTemplate();
};

/// Opens itself in the background from construction on, and shows rows before it has measured them. UI thread; no verb
/// blocks. A job that fails says so with failed(); a new request takes the place of an older one of the same kind.
class DatasetSession : public QObject {
    Q_OBJECT

public:
    enum class Phase { Opening, Open, Failed };

    DatasetSession(std::shared_ptr<Project> project, const std::filesystem::path& path, QObject* parent = nullptr);
    ~DatasetSession() override;
    Q_DISABLE_COPY_MOVE(DatasetSession)

    Phase phase() const { return m_phase; }
    const std::filesystem::path& path() const { return m_path; }
    /// Why it could not be opened; Cancelled after cancelOpening().
    const std::optional<Error>& error() const { return m_error; }
    void cancelOpening();

    /// Format, findings, hash; null until it is open.
    const Dataset* dataset() const { return m_dataset.get(); }
    /// What views are built from: source, edited rows, columns.
    const ViewInputs& inputs() const { return m_inputs; }
    std::uint32_t rowCount() const { return m_inputs.source ? m_inputs.source->size() : 0; }
    bool areColumnsReady() const { return m_inputs.columns != nullptr; }

    /// The table of the current view. Empty until it is open.
    DatasetTableModel* table() const { return m_table; }
    /// The current view; null until it is open.
    std::shared_ptr<const ViewIndex> view() const { return m_view; }
    /// The query last asked for; its view may still be on its way.
    const ViewQuery& query() const { return m_query; }
    bool isQuerying() const { return m_isQuerying; }
    /// Builds the view of `query`, with rows as they are now; also when it is the same query again.
    void setQuery(const ViewQuery& query);
    /// A view beside the one that is shown (a queue of rows to label). Cancelled while the dataset is not open.
    QFuture<Result<std::shared_ptr<const ViewIndex>>> buildView(const ViewQuery& query);
    /// The query that shows the rows of a finding; nothing for findings that are no rows.
    static std::optional<ViewQuery> queryFor(Finding::Kind kind);

    /// The row that is selected. It stays selected when the view changes, if the view has it.
    std::optional<std::uint32_t> currentRow() const { return m_currentRow; }
    void setCurrentRow(std::optional<std::uint32_t> row);
    /// One row, read and compared in the background. Cancelled while the dataset is not open, or has no such row.
    QFuture<Result<PairDetails>> pair(std::uint32_t row, DiffUnit unit = DiffUnit::Words);

    /// What was done to a row, as far as the journal has acknowledged it.
    RowState stateOf(std::uint32_t row) const;
    /// The verbs below return at once. Each is one step of undo; changed rows are shown, and rowChanged() sent, once the
    /// journal has them on disk. Before the dataset is open they do nothing.
    /// Texts that are the source's again make the row unedited.
    void edit(std::uint32_t row, const Row& texts);
    /// Exchanges chosen and rejected, and with them what a vote says.
    void swapSides(const std::vector<std::uint32_t>& rows);
    void exclude(const std::vector<std::uint32_t>& rows);
    void restore(const std::vector<std::uint32_t>& rows);
    void addTag(const std::vector<std::uint32_t>& rows, const QString& tag);
    void removeTag(const std::vector<std::uint32_t>& rows, const QString& tag);
    void setNote(std::uint32_t row, const QString& note);
    /// Nothing takes a vote back.
    void vote(std::uint32_t row, std::optional<VoteRecord> vote);
    /// Says more about the vote for a side that the row has by the time the journal comes to it; nothing where it has none.
    void describeVote(std::uint32_t row, VoteStrength strength, const std::vector<std::string>& reasons);
    /// Does what all votes say, as far as the rules go: one step of undo.
    void acceptVotes(const VoteRules& rules);
    /// The votes on rows in use as they are now.
    const VoteCounts& votes() const { return m_votes; }
    void undo();
    void redo();
    /// What undo and redo would act on, in a few words ("swap of pair 12"); empty if there is nothing.
    QString undoText() const { return m_undoText; }
    QString redoText() const { return m_redoText; }
    /// Verbs that the journal has not answered yet.
    int pendingChanges() const { return m_pendingChanges; }
    /// The latest records, newest first; none before it is open.
    std::vector<JournalRecord> latestChanges(std::size_t count) const;
    /// Position of the last record in the project's journal; 0: none.
    std::int64_t journalPosition() const { return m_journalPosition; }
    /// Rows that were changed and are no longer in the file.
    std::uint64_t absentRows() const { return m_absentRows; }
    /// Rows that were changed as they are read by other columns.
    std::uint64_t otherColumnsRows() const { return m_otherColumnsRows; }

    /// Counts the tokens of all rows; takes the place of counts by another tokenizer or recipe.
    void countTokens(const TokenRequest& request);
    void cancelTokens();
    bool isCountingTokens() const { return m_isCountingTokens; }
    /// What a maximum length costs, excluded rows apart; nothing until tokens are counted.
    std::optional<TruncationSummary> truncation(std::int64_t maxLength) const;

Q_SIGNALS:
    void opened();
    void failed(const preflab::Error& error);
    /// `total` 0: unknown.
    void progressChanged(const QString& phase, quint64 done, quint64 total);
    void columnsChanged();  ///< lengths, flags and similarity are there
    void viewChanged();     ///< another view is in the table
    void queryingChanged();
    void queryFailed(const preflab::Error& error);  ///< an expression that is none; the view stays
    void currentRowChanged();
    void rowChanged(quint32 row);  ///< acknowledged; texts, figures and state are those of now
    void
    changeFailed(const preflab::Error& error);  ///< the journal could not keep a change; the rows stay as they were
    void undoChanged();
    void tokenCountsChanged();  ///< counted, being counted, or given up

private:
    struct Opened;
    struct Counted;
    /// What a journal says at one moment, asked for on another thread: it may be busy with a change of many rows.
    struct JournalNow {
        JournalView view;
        std::optional<JournalRecord> undoable;
        std::optional<JournalRecord> redoable;
        static JournalNow of(const Journal& journal);
    };

    void open();
    void takeOpened(const Result<Opened>& result);
    void measure();
    void buildCurrentView();
    void takeView(const Result<std::shared_ptr<const ViewIndex>>& view);
    void showView(const std::shared_ptr<const ViewIndex>& view);
    void takeTokens(Result<Counted> counted);
    void change(JournalAction action, std::vector<std::uint32_t> rows, Journal::Modify modify);
    void post(std::function<void(Journal&, Journal::Acknowledgement)> send);
    void takeRecord(const Result<JournalRecord>& record, const JournalNow& now);
    void takeFigures(const std::vector<std::pair<std::uint32_t, EditedFigures>>& list);
    void refigureEdited();
    void takeUndo(const JournalNow& now);
    QString textOf(const JournalRecord& record) const;
    ProgressSink progressSink();

    const std::shared_ptr<Project> m_project;
    const std::filesystem::path m_path;
    Phase m_phase = Phase::Opening;
    std::optional<Error> m_error;
    std::shared_ptr<const Dataset> m_dataset;
    ViewInputs m_inputs;
    DatasetTableModel* m_table = nullptr;
    ViewQuery m_query;
    std::shared_ptr<const ViewIndex> m_view;
    std::optional<std::uint32_t> m_currentRow;
    std::optional<TokenRequest> m_pendingTokens;     ///< asked for before the dataset was open
    std::shared_ptr<const Tokenisation> m_counting;  ///< how m_inputs.tokens were counted
    bool m_isQuerying = false;
    bool m_isCountingTokens = false;
    quint64 m_queryGeneration = 0;
    quint64 m_tokenGeneration = 0;
    std::stop_source m_stop;  ///< ends everything
    std::stop_source m_queryStop;
    std::stop_source m_tokenStop;
    std::shared_ptr<Journal> m_journal;
    std::int64_t m_journalPosition = 0;
    VoteCounts m_votes;
    std::uint64_t m_absentRows = 0;
    std::uint64_t m_otherColumnsRows = 0;
    int m_pendingChanges = 0;
    QString m_undoText;
    QString m_redoText;
    QThreadPool m_edits;    ///< one thread: changes reach the journal in their order
    QThreadPool m_jobs;     ///< minutes: opening, measuring, counting
    QThreadPool m_queries;  ///< below a second: views, single rows
};

}  // namespace preflab
