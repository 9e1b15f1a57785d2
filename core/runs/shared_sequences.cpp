// SPDX-License-Identifier: GPL-3.0-or-later
// Looks for hashes of held-out sequences among those that are trained on.
#include "core/runs/shared_sequences.h"

#include "core/base/hash.h"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace preflab {

namespace {

Result<Hash128> chosenHash(const PairSource& pairs, std::uint32_t index)
{
    TRY(const TokenPair pair, pairs.pair(index));
    const TokenIds& ids = pair.chosen.ids;
    return hash128({reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(ids[0])});
}

}  // namespace

Result<std::uint32_t> heldOutInTraining(const PairSource& trained, const PairSource& held, const std::stop_token& stop)
{
    std::unordered_map<Hash128, std::uint32_t, Hash128Hasher> unmet;  // held-out pairs of a hash that was not met yet
    std::unordered_set<std::uint32_t> lengths;
    for (std::uint32_t index = 0; index < held.size(); ++index) {
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        TRY(const Hash128 hash, chosenHash(held, index));
        ++unmet[hash];
        lengths.insert(held.length(index).chosen);
    }
    std::uint32_t count = 0;
    for (std::uint32_t index = 0; index < trained.size() && !unmet.empty(); ++index) {
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        // Drawing a pair reads it, so only those of a length that is looked for are drawn.
        if (!lengths.contains(trained.length(index).chosen)) continue;
        TRY(const Hash128 hash, chosenHash(trained, index));
        const auto found = unmet.find(hash);
        if (found == unmet.end()) continue;
        count += found->second;
        unmet.erase(found);
    }
    return count;
}

}  // namespace preflab
