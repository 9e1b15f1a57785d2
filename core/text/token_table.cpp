// SPDX-License-Identifier: GPL-3.0-or-later
// Writing, checking and reading of token tables.
#include "core/text/token_table.h"

#include "core/base/atomic_file.h"
#include "core/base/file_error.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <span>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kRowsPerBlock = 128;
constexpr std::size_t kEntriesPerRead = 4096;
constexpr std::size_t kHashBlockBytes = std::size_t{1} << 20;
/// The line at the end of a table, padded with spaces.
constexpr std::size_t kFootBytes = 256;
constexpr std::string_view kFormat = "preflab-tokens";
constexpr int kVersion = 1;

std::filesystem::path fileIn(const std::filesystem::path& folder, const std::string& name)
{
    return folder / (name + ".tokens");
}

std::string footOf(std::uint64_t indexOffset, std::uint32_t rows, std::size_t idBytes, const std::string& hash)
{
    std::string foot = Json{{"format", kFormat}, {"version", kVersion}, {"index", indexOffset},
                            {"rows", rows},      {"id_bytes", idBytes}, {"hash", hash}}
                           .dump();
    foot.resize(kFootBytes, ' ');
    return foot;
}

/// Hash of the first `bytes` bytes; empty if they cannot be read.
std::string hashOf(const FileReader& file, std::uint64_t bytes)
{
    ContentHash hash;
    std::vector<std::byte> block(kHashBlockBytes);
    for (std::uint64_t offset = 0; offset < bytes; offset += block.size()) {
        const auto part = std::span(block).first(std::min<std::uint64_t>(block.size(), bytes - offset));
        if (!file.read(offset, part)) return {};
        hash.add(part);
    }
    return hash.hex();
}

/// One pass over the rows, into one file.
class TableWriter {
public:
    TableWriter(const TokenTableSource& source, AtomicFile file)
        : m_source(source), m_options(source.options), m_idBytes(idBytes(source.text->tokenizer->size())),
          m_entries(source.size()), m_file(std::move(file))
    {
    }

    Result<> run(const ProgressSink& progress, const std::stop_token& stop)
    {
        m_options.stop = stop;
        const auto work = [this](std::size_t begin, std::size_t end) { return doBlock(begin, end); };
        const auto report = [&](std::size_t done) {
            if (progress) progress("Tokenising", done, m_entries.size());
        };
        TRY_VOID(forEachBlock(m_entries.size(), kRowsPerBlock, stop, work, report));
        const std::uint64_t indexOffset = m_size;
        TRY_VOID(append(std::as_bytes(std::span(m_entries))));
        TRY_VOID(written(
            m_file.write(footOf(indexOffset, static_cast<std::uint32_t>(m_entries.size()), m_idBytes, m_hash.hex()))));
        return written(m_file.commit());
    }

    /// Whether it was the writing that failed.
    bool isUnwritable() const { return m_isUnwritable; }

private:
    Result<> doBlock(std::size_t begin, std::size_t end)
    {
        std::string bytes;
        for (std::size_t position = begin; position < end; ++position) {
            const std::uint32_t number = m_source.rowAt(static_cast<std::uint32_t>(position));
            TRY(const Row row, m_source.rows->row(number));
            const auto pair = m_source.recipe->tokeniseWhole(row, number, *m_source.text, m_options);
            if (m_options.stop.stop_requested()) return fail(ErrorCode::Cancelled);
            if (!pair) {
                m_entries[position] = entryOf(pair.error());
                continue;
            }
            TokenEntry& entry = m_entries[position] = entryOf(*pair, m_source.recipe->needsRejected);
            entry.offset = bytes.size();
            appendRecord(bytes, *pair, m_idBytes);
            entry.bytes = static_cast<std::uint32_t>(bytes.size() - entry.offset);
        }
        const std::lock_guard lock(m_mutex);
        for (std::size_t position = begin; position < end; ++position) m_entries[position].offset += m_size;
        return append(std::as_bytes(std::span(bytes)));
    }

    Result<> append(std::span<const std::byte> bytes)
    {
        m_hash.add(bytes);
        m_size += bytes.size();
        return written(m_file.write(bytes));
    }

    Result<> written(Result<> result)
    {
        if (!result) m_isUnwritable = true;
        return result;
    }

    const TokenTableSource& m_source;
    RecipeOptions m_options;  ///< the source's, with what stops a long row
    const std::size_t m_idBytes;
    std::vector<TokenEntry> m_entries;  ///< each slot is written by the thread that drew its block
    std::mutex m_mutex;                 ///< protects the fields below
    AtomicFile m_file;
    ContentHash m_hash;
    std::uint64_t m_size = 0;
    bool m_isUnwritable = false;
};

/// What came of writing one file.
struct WriteOutcome {
    Result<> result;
    bool isUnwritable = false;  ///< another place may do better
};

WriteOutcome writeTable(const std::filesystem::path& path, const TokenTableSource& source, const ProgressSink& progress,
                        const std::stop_token& stop)
{
    std::error_code failure;
    std::filesystem::create_directories(path.parent_path(), failure);
    if (failure) return {tl::unexpected(writeError(path.parent_path(), failure.value())), true};
    auto file = AtomicFile::create(path);
    if (!file) return {tl::unexpected(file.error()), true};
    TableWriter writer(source, *std::move(file));
    Result<> result = writer.run(progress, stop);
    return {std::move(result), writer.isUnwritable()};
}

std::filesystem::path temporaryFile()
{
    static std::atomic<int> counter{0};
    std::error_code error;
    std::filesystem::path folder = std::filesystem::temp_directory_path(error);
    if (error) folder = "/tmp";
    return folder / ("preflab-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tokens");
}

tl::unexpected<Error> unreadable(const std::filesystem::path& path)
{
    return fail(ErrorCode::FileChanged, {{"path", path.string()}});
}

}  // namespace

std::uint32_t TokenTableSource::size() const
{
    return only ? static_cast<std::uint32_t>(only->size()) : rows->size();
}

std::optional<TokenTable> TokenTable::openFile(const std::filesystem::path& path, const TokenTableSource& source,
                                               bool isHashChecked)
{
    auto file = FileReader::open(path);
    if (!file || file->size() < kFootBytes) return std::nullopt;
    const std::uint64_t footOffset = file->size() - kFootBytes;
    std::string foot(kFootBytes, '\0');
    if (!file->read(footOffset, std::as_writable_bytes(std::span(foot)))) return std::nullopt;
    const std::uint64_t indexBytes = std::uint64_t{source.size()} * sizeof(TokenEntry);
    if (indexBytes > footOffset) return std::nullopt;
    const std::uint64_t indexOffset = footOffset - indexBytes;
    const std::size_t width = idBytes(source.text->tokenizer->size());
    // A table that was just written carries its own hash; any other is read once to make sure of it.
    const auto stated = parseJson(foot);
    if (!stated || !stated->is_object() || !stated->contains("hash") || !stated->at("hash").is_string())
        return std::nullopt;
    const std::string hash = isHashChecked ? hashOf(*file, footOffset) : stated->at("hash").get<std::string>();
    if (foot != footOf(indexOffset, source.size(), width, hash)) return std::nullopt;
    return TokenTable(*std::move(file), indexOffset, source.size(), width);
}

std::optional<TokenTable> TokenTable::find(const std::filesystem::path& folder, const std::string& name,
                                           const TokenTableSource& source)
{
    return openFile(fileIn(folder, name), source, /*isHashChecked=*/true);
}

Result<TokenTable> TokenTable::make(const std::filesystem::path& folder, const std::string& name,
                                    const TokenTableSource& source, const ProgressSink& progress,
                                    const std::stop_token& stop)
{
    try {
        std::filesystem::path path = fileIn(folder, name);
        std::string note;
        WriteOutcome outcome = writeTable(path, source, progress, stop);
        if (!outcome.result && outcome.isUnwritable) {
            note = "The tokenised rows lie in a temporary file and are made again for the next run: " +
                   sentence(outcome.result.error());
            path = temporaryFile();
            outcome = writeTable(path, source, progress, stop);
        }
        TRY_VOID(std::move(outcome.result));
        auto table = openFile(path, source, /*isHashChecked=*/false);
        std::error_code ignored;
        if (!note.empty()) std::filesystem::remove(path, ignored);  // it stays readable while it is open
        if (!table) return unreadable(path);
        table->m_note = std::move(note);
        return *std::move(table);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, {{"what", "tokenising the rows"}});
    }
}

Result<> TokenTable::forEach(const std::function<void(std::uint32_t, const TokenEntry&)>& visit) const
{
    std::vector<TokenEntry> entries;
    for (std::uint32_t begin = 0; begin < m_rows; begin += static_cast<std::uint32_t>(entries.size())) {
        entries.resize(std::min<std::size_t>(kEntriesPerRead, m_rows - begin));
        TRY_VOID(m_file.read(m_indexOffset + std::uint64_t{begin} * sizeof(TokenEntry),
                             std::as_writable_bytes(std::span(entries))));
        for (std::size_t i = 0; i < entries.size(); ++i) visit(begin + static_cast<std::uint32_t>(i), entries[i]);
    }
    return {};
}

Result<TokenPair> TokenTable::read(std::uint64_t offset, std::uint32_t bytes) const
{
    std::vector<std::byte> record(bytes);
    TRY_VOID(m_file.read(offset, record));
    auto pair = readRecord(record, m_idBytes);
    if (!pair) return unreadable(m_file.path());
    return *std::move(pair);
}

}  // namespace preflab
