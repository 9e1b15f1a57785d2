// SPDX-License-Identifier: GPL-3.0-or-later
// The token counts of a dataset session.
#include "ui/models/app/background.h"
#include "ui/models/data/dataset_session.h"
#include "ui/models/data/dataset_table_model.h"

#include <QtConcurrent>

#include <algorithm>
#include <utility>

namespace preflab {

struct DatasetSession::Counted {
    std::shared_ptr<const Tokenisation> how;
    std::shared_ptr<const LengthsByRow> tokens;
};

namespace {

std::string recipeIds()
{
    std::string ids;
    for (const RecipeInfo* recipe : recipes()) ids += (ids.empty() ? "" : ", ") + recipe->id;
    return ids;
}

/// The tokenizer and the recipe that a request names.
Result<std::shared_ptr<const Tokenisation>> tokenisationOf(const TokenRequest& request)
{
    Tokenisation how;
    how.recipe = findRecipe(request.recipe);
    if (how.recipe == nullptr)
        return fail(ErrorCode::UnknownMethod, {{"found", request.recipe}, {"supported", recipeIds()}});
    TRY(how.text, TextModel::open(request.modelFolder, *request.chatTemplate));
    how.options = request.options;
    return std::make_shared<const Tokenisation>(std::move(how));
}

void subtract(TruncationSummary& from, const TruncationSummary& part)
{
    from.pairs -= part.pairs;
    from.shortened -= part.shortened;
    from.leftOut -= part.leftOut;
    from.identical -= part.identical;
    from.lostTokens -= part.lostTokens;
}

void add(TruncationSummary& to, const TruncationSummary& part)
{
    to.pairs += part.pairs;
    to.shortened += part.shortened;
    to.leftOut += part.leftOut;
    to.identical += part.identical;
    to.lostTokens += part.lostTokens;
    to.longest = std::max(to.longest, part.longest);
}

}  // namespace

void DatasetSession::countTokens(const TokenRequest& request)
{
    if (m_phase == Phase::Opening) m_pendingTokens = request;
    if (m_phase != Phase::Open) return;
    m_tokenStop.request_stop();
    m_tokenStop = std::stop_source();
    const auto work = [request, dataset = m_dataset, progress = progressSink(),
                       stop = m_tokenStop.get_token()]() -> Result<Counted> {
        TRY(const auto how, tokenisationOf(request));
        const TokenRows rows{dataset->rows, dataset->rowsKey(), {}, {}};
        TRY(const auto store, TokenStore::open(rows, *how, progress, stop));
        TRY(auto tokens, readTokenLengths(*store, dataset->rows->size()));
        return Counted{how, std::make_shared<const LengthsByRow>(std::move(tokens))};
    };
    whenDone(QtConcurrent::run(&m_jobs, work), this, [this, generation = ++m_tokenGeneration](Result<Counted> counted) {
        if (generation == m_tokenGeneration) takeTokens(std::move(counted));
    });
    m_isCountingTokens = true;
    Q_EMIT tokenCountsChanged();
}

void DatasetSession::cancelTokens()
{
    m_pendingTokens.reset();
    m_tokenStop.request_stop();
}

void DatasetSession::takeTokens(Result<Counted> counted)
{
    m_isCountingTokens = false;
    if (counted) {
        m_counting = counted->how;
        m_inputs.tokens = counted->tokens;
        m_table->setFigures(m_inputs);
        refigureEdited();
    }
    Q_EMIT tokenCountsChanged();
    if (!counted && counted.error().code != ErrorCode::Cancelled) Q_EMIT failed(counted.error());
}

std::optional<TruncationSummary> DatasetSession::truncation(std::int64_t maxLength) const
{
    if (!m_inputs.tokens) return std::nullopt;
    TruncationSummary summary = truncationAt(*m_inputs.tokens, maxLength);
    LengthsByRow before;
    LengthsByRow now;
    for (const std::uint32_t row : m_inputs.states.rows()) {
        const RowState* state = m_inputs.states.find(row);
        if (!state->isEdited() && !state->isExcluded) continue;
        before.push_back((*m_inputs.tokens)[row]);
        if (!state->isExcluded) now.push_back(*m_inputs.tokenLengths(row));
    }
    subtract(summary, truncationAt(before, maxLength));
    add(summary, truncationAt(now, maxLength));
    return summary;
}

}  // namespace preflab
