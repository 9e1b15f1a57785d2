// SPDX-License-Identifier: GPL-3.0-or-later
// Datasets without files, for tests of the journal.
#pragma once

#include "core/data/ingest/dataset.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace preflab::test {

/// A dataset of so many different rows, of which only the identities are there.
inline Dataset madeUpDataset(const std::string& contentHash, std::uint32_t rows)
{
    RowIdentities identities;
    for (std::uint32_t row = 0; row < rows; ++row)
        identities.add({row * 0x9E3779B97F4A7C15ULL, row + 1ULL}, row + 1ULL);
    Dataset data;
    data.path = "/data/" + contentHash + ".jsonl";
    data.contentHash = contentHash;
    data.identities = std::make_shared<const RowIdentities>(std::move(identities));
    return data;
}

}  // namespace preflab::test
