// SPDX-License-Identifier: GPL-3.0-or-later
// A version is remembered by its content hash and by a sample of its records: those of the smallest hashes, which are as
// good as drawn by chance and the same for whoever draws them.
#include "core/data/journal/dataset_registry.h"

#include <queue>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>
#include <set>
#include <span>
#include <vector>

namespace preflab {
namespace {

constexpr std::size_t kSampledRecords = 256;

using Sample = std::vector<Hash128>;

Sample sampleOf(const RowIdentities& rows)
{
    std::priority_queue<Hash128> smallest;  // the largest of them on top
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        const Hash128& record = rows.record(row);
        if (row > 0 && record == rows.record(row - 1)) continue;  // another row of the record, or the record again
        if (smallest.size() == kSampledRecords && !(record < smallest.top())) continue;
        smallest.push(record);
        if (smallest.size() > kSampledRecords) smallest.pop();
    }
    Sample sample;
    for (; !smallest.empty(); smallest.pop()) sample.push_back(smallest.top());
    return sample;
}

std::span<const std::byte> bytesOf(const Sample& sample)
{
    return std::as_bytes(std::span(sample));
}

Sample sampleFrom(const std::vector<std::byte>& bytes)
{
    Sample sample(bytes.size() / sizeof(Hash128));
    if (!sample.empty()) std::memcpy(sample.data(), bytes.data(), sample.size() * sizeof(Hash128));
    return sample;
}

/// The sample of the dataset's latest version; empty: there is none.
Sample latestSample(Connection& connection, std::int64_t dataset)
{
    Statement select =
        connection.prepare("SELECT sample FROM dataset_versions WHERE dataset = ? ORDER BY number DESC LIMIT 1");
    select.bind(dataset);
    return select.step() ? sampleFrom(select.blob(0)) : Sample();
}

}  // namespace

std::vector<std::int64_t> changedDatasets(Connection& connection)
{
    std::vector<std::int64_t> datasets;
    Statement select = connection.prepare("SELECT DISTINCT dataset FROM journal ORDER BY dataset");
    while (select.step()) datasets.push_back(select.integer(0));
    return datasets;
}

std::string lastPath(Connection& connection, std::int64_t dataset)
{
    Statement select =
        connection.prepare("SELECT path FROM dataset_paths WHERE dataset = ? ORDER BY number DESC LIMIT 1");
    select.bind(dataset);
    return select.step() ? select.text(0) : std::string();
}

std::int64_t findDataset(Connection& connection, const DatasetFile& file)
{
    Statement byPath = connection.prepare("SELECT dataset FROM dataset_paths WHERE path = ?");
    byPath.bind(file.path);
    if (byPath.step()) return byPath.integer(0);
    Statement byContent =
        connection.prepare("SELECT dataset FROM dataset_versions WHERE content = ? ORDER BY number DESC LIMIT 1");
    byContent.bind(file.contentHash);
    return byContent.step() ? byContent.integer(0) : 0;
}

bool isLikeDataset(Connection& connection, const DatasetFile& file, std::int64_t dataset)
{
    std::map<Hash128, bool> isThere;
    for (const Hash128& record : latestSample(connection, dataset)) isThere.emplace(record, false);
    for (std::uint32_t row = 0; row < file.rows.size() && !isThere.empty(); ++row) {
        const auto found = isThere.find(file.rows.record(row));
        if (found != isThere.end()) found->second = true;
    }
    const auto present = std::ranges::count_if(isThere, [](const auto& record) { return record.second; });
    return 2 * static_cast<std::size_t>(present) > isThere.size();
}

std::int64_t addDataset(Connection& connection)
{
    connection.execute("INSERT INTO datasets DEFAULT VALUES");
    return connection.lastInsertId();
}

bool isNoted(Connection& connection, const DatasetFile& file, std::int64_t dataset)
{
    Statement select =
        connection.prepare("SELECT 1 FROM dataset_paths AS paths JOIN dataset_versions AS versions USING (dataset) "
                           "WHERE paths.dataset = ?1 AND paths.path = ?2 AND versions.content = ?3");
    return select.bind(dataset).bind(file.path).bind(file.contentHash).step();
}

void noteFile(Connection& connection, const DatasetFile& file, std::int64_t dataset)
{
    Statement path = connection.prepare("INSERT OR REPLACE INTO dataset_paths (path, dataset) VALUES (?, ?)");
    path.bind(file.path).bind(dataset).step();
    Statement version =
        connection.prepare("INSERT OR REPLACE INTO dataset_versions (dataset, content, sample) VALUES (?, ?, ?)");
    version.bind(dataset).bind(file.contentHash).bindBlob(bytesOf(sampleOf(file.rows))).step();
}

}  // namespace preflab
