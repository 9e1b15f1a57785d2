// SPDX-License-Identifier: GPL-3.0-or-later
// Something for some rows of a dataset, in copies that share what they have in common.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace preflab {

/// Values by row number. A copy is cheap, and a change costs some microseconds, however many rows have a value: they
/// lie in 256 shards (by the row's lowest bits), of which a change copies one.
template <class Value>
class SharedRows {
public:
    /// The row's value, or nullptr.
    const Value* find(std::uint32_t row) const
    {
        const auto& shard = m_shards[row % m_shards.size()];
        if (!shard) return nullptr;
        const auto found = shard->find(row);
        return found == shard->end() ? nullptr : &found->second;
    }

    /// Sets a row's value; nothing forgets it.
    void set(std::uint32_t row, std::optional<Value> value) { setAll({{row, std::move(value)}}); }

    /// Sets many in one go, in their order: a shard is copied once, however many of its rows change.
    void setAll(std::vector<std::pair<std::uint32_t, std::optional<Value>>> values)
    {
        std::array<std::shared_ptr<Shard>, 256> changed;
        for (auto& [row, value] : values) {
            const auto& shard = m_shards[row % m_shards.size()];
            auto& copy = changed[row % changed.size()];
            if (!copy) copy = shard ? std::make_shared<Shard>(*shard) : std::make_shared<Shard>();
            m_size -= copy->size();
            if (value)
                copy->insert_or_assign(row, *std::move(value));
            else
                copy->erase(row);
            m_size += copy->size();
        }
        for (std::size_t i = 0; i < changed.size(); ++i)
            if (changed[i]) m_shards[i] = std::move(changed[i]);
    }

    /// All rows that have one, ascending.
    std::vector<std::uint32_t> rows() const
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

    std::size_t size() const { return m_size; }

private:
    using Shard = std::unordered_map<std::uint32_t, Value>;
    std::array<std::shared_ptr<const Shard>, 256> m_shards;  ///< null: empty
    std::size_t m_size = 0;
};

}  // namespace preflab
