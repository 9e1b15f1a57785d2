// SPDX-License-Identifier: GPL-3.0-or-later
// The decorator over a dataset's rows.
#include "core/data/journal/edited_rows.h"

#include <utility>

namespace preflab {
namespace {

class EditedRows final : public RowSource {
public:
    EditedRows(std::shared_ptr<const RowSource> source, RowStates states)
        : m_source(std::move(source)), m_states(std::move(states))
    {
    }

    std::uint32_t size() const override { return m_source->size(); }
    std::uint64_t sourceNumber(std::uint32_t index) const override { return m_source->sourceNumber(index); }
    std::span<const std::string> textColumns() const override { return m_source->textColumns(); }

    Result<Row> row(std::uint32_t index) const override
    {
        const RowState* state = m_states.find(index);
        if (state == nullptr || !state->isEdited()) return m_source->row(index);
        if (state->edited) return rowNow(*state, *state->edited);
        TRY(const Row source, m_source->row(index));
        return rowNow(*state, source);
    }

    Result<std::string> rawRow(std::uint32_t index) const override
    {
        const RowState* state = m_states.find(index);
        if (state == nullptr || !state->isEdited()) return m_source->rawRow(index);
        TRY(const Row now, row(index));
        return toJson(now).dump();
    }

private:
    std::shared_ptr<const RowSource> m_source;
    RowStates m_states;
};

}  // namespace

std::shared_ptr<const RowSource> makeEditedRows(std::shared_ptr<const RowSource> source, RowStates states)
{
    return std::make_shared<EditedRows>(std::move(source), std::move(states));
}

std::vector<std::uint32_t> usedRows(std::uint32_t rows, const RowStates& states)
{
    std::vector<std::uint32_t> used;
    used.reserve(rows);
    for (std::uint32_t row = 0; row < rows; ++row) {
        const RowState* state = states.find(row);
        if (state == nullptr || !state->isExcluded) used.push_back(row);
    }
    return used;
}

}  // namespace preflab
