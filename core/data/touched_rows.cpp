// SPDX-License-Identifier: GPL-3.0-or-later
// A change copies one of 256 parts.
#include "core/data/touched_rows.h"

#include <algorithm>
#include <utility>

namespace preflab {

const TouchedRow* TouchedRows::find(std::uint32_t row) const
{
    const auto& shard = m_shards[row % m_shards.size()];
    if (!shard) return nullptr;
    const auto found = shard->find(row);
    return found == shard->end() ? nullptr : &found->second;
}

void TouchedRows::set(std::uint32_t row, std::optional<TouchedRow> value)
{
    auto& shard = m_shards[row % m_shards.size()];
    Shard changed = shard ? *shard : Shard();
    m_size -= changed.size();
    if (value) changed.insert_or_assign(row, *std::move(value));
    else changed.erase(row);
    m_size += changed.size();
    shard = std::make_shared<const Shard>(std::move(changed));
}

std::vector<std::uint32_t> TouchedRows::rows() const
{
    std::vector<std::uint32_t> rows;
    rows.reserve(m_size);
    for (const auto& shard : m_shards) {
        if (!shard) continue;
        for (const auto& [row, value] : *shard) rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

}  // namespace preflab
