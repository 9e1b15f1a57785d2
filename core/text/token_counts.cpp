// SPDX-License-Identifier: GPL-3.0-or-later
// A cache file is a line that says what it must hold, and then the lengths as they lie in memory.
#include "core/text/token_counts.h"

#include "core/base/atomic_file.h"
#include "core/base/file_reader.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/base/parallel.h"
#include "core/base/system.h"

#include <algorithm>
#include <optional>
#include <span>
#include <type_traits>

namespace preflab {
namespace {

/// Raise it when the way tokens are counted changes, so that older files are not used.
constexpr int kCacheVersion = 1;
constexpr std::size_t kRowsPerBlock = 128;
constexpr std::size_t kHeadBytes = 128;
static_assert(std::is_trivially_copyable_v<TokenLengths> && sizeof(TokenLengths) == 16);

std::filesystem::path cachePath(const TokenCounting& how)
{
    ContentHash key;
    const Json parts{kCacheVersion,
                     how.dataKey,
                     how.recipe->id,
                     how.tokenizer->contentHash(),
                     splitRuleId(how.options.split),
                     renderingId(how.options.rendering)};
    key.add(parts.dump());
    const auto folder = how.cacheFolder.empty() ? cacheFolder() : how.cacheFolder;
    return folder / "tokens" / (key.hex() + ".tokens");
}

/// "<rows> <hash>", padded with spaces to kHeadBytes.
std::string headOf(const TokenColumns& lengths)
{
    ContentHash hash;
    hash.add(std::as_bytes(std::span(lengths)));
    std::string head = std::to_string(lengths.size()) + " " + hash.hex();
    head.resize(kHeadBytes, ' ');
    return head;
}

/// Nothing if the file is not there or not what was written.
std::optional<TokenColumns> readCache(const std::filesystem::path& path, std::size_t rows)
{
    const auto file = FileReader::open(path);
    if (!file || file->size() != kHeadBytes + rows * sizeof(TokenLengths)) return std::nullopt;
    std::string head(kHeadBytes, '\0');
    TokenColumns lengths(rows);
    if (!file->read(0, std::as_writable_bytes(std::span(head))) ||
        !file->read(kHeadBytes, std::as_writable_bytes(std::span(lengths))) || head != headOf(lengths)) {
        return std::nullopt;
    }
    return lengths;
}

Result<> writeCache(const std::filesystem::path& path, const TokenColumns& lengths)
{
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    TRY(auto file, AtomicFile::create(path));
    TRY_VOID(file.write(headOf(lengths)));
    TRY_VOID(file.write(std::as_bytes(std::span(lengths))));
    return file.commit();
}

std::uint32_t commonStart(const TokenSequence& left, const TokenSequence& right, std::size_t from)
{
    std::size_t at = from;
    while (at < left.ids.size() && at < right.ids.size() && left.ids[at] == right.ids[at]) ++at;
    return static_cast<std::uint32_t>(at - from);
}

}  // namespace

TokenLengths tokenLengthsOf(const Row& row, const TokenCounting& how)
{
    RecipeOptions options = how.options;
    options.maxLength.reset();
    const auto pair = how.recipe->tokenise(row, 0, *how.tokenizer, options);
    if (!pair) return {};
    const bool hasTwo = how.recipe->needsRejected;
    // A recipe's prompts may differ by a token; the sides' whole lengths are what truncation acts on.
    const std::size_t prompt =
        hasTwo ? std::min(pair->chosen.promptLength(), pair->rejected.promptLength()) : pair->chosen.promptLength();
    const auto answer = [prompt](const TokenSequence& side) {
        return static_cast<std::uint32_t>(side.ids.size() - prompt);
    };
    return {static_cast<std::uint32_t>(prompt), answer(pair->chosen), hasTwo ? answer(pair->rejected) : 0,
            hasTwo ? commonStart(pair->chosen, pair->rejected, prompt) : 0};
}

Result<TokenColumns> countTokens(const RowSource& rows, const TokenCounting& how, const ProgressSink& progress,
                                 std::stop_token stop)
{
    const auto path = cachePath(how);
    if (auto cached = readCache(path, rows.size())) return *std::move(cached);
    TokenColumns lengths(rows.size());
    const auto count = [&](std::size_t begin, std::size_t end) -> Result<> {
        for (std::size_t i = begin; i < end; ++i) {
            TRY(const Row row, rows.row(static_cast<std::uint32_t>(i)));
            lengths[i] = tokenLengthsOf(row, how);
        }
        return {};
    };
    const auto report = [&](std::size_t done) {
        if (progress) progress("Counting tokens", done, lengths.size());
    };
    TRY_VOID(forEachBlock(lengths.size(), kRowsPerBlock, stop, count, report));
    // The counts are good without a cache; the next opening counts again.
    (void)writeCache(path, lengths);
    return lengths;
}

TruncationSummary truncationAt(const TokenColumns& lengths, std::int64_t maxLength)
{
    TruncationSummary summary;
    const auto limit = static_cast<std::uint64_t>(std::max<std::int64_t>(maxLength, 0));
    for (const TokenLengths& row : lengths) {
        if (!row.isKnown()) continue;
        ++summary.pairs;
        const std::uint64_t chosen = std::uint64_t{row.prompt} + row.chosen;
        const std::uint64_t rejected = row.rejected == 0 ? 0 : std::uint64_t{row.prompt} + row.rejected;
        summary.longest = std::max({summary.longest, chosen, rejected});
        if (row.prompt >= limit) {
            ++summary.leftOut;
            continue;
        }
        if (std::max(chosen, rejected) <= limit) continue;
        ++summary.shortened;
        summary.lostTokens += chosen - std::min(chosen, limit) + rejected - std::min(rejected, limit);
        // Both sides then have limit - prompt answer tokens, if neither was shorter than that.
        if (std::min(chosen, rejected) >= limit && row.common >= limit - row.prompt) ++summary.identical;
    }
    return summary;
}

}  // namespace preflab
