// SPDX-License-Identifier: GPL-3.0-or-later
// DuckDB's C API behind a class that owns every handle.
#include "core/data/ingest/duckdb_session.h"

#include "core/base/file_error.h"

#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace preflab {
namespace {

constexpr const char* kMemory = "192MB";

struct Setting {
    const char* name;
    const char* value;
};

constexpr std::string_view kOutOfMemory = "Out of Memory Error";

/// Little memory, so that training has it; no extension is ever fetched; nothing is spilled to disk. One thread, the
/// caller's: a second one made no conversion faster (130 MB of JSON take 0.2 s, CSV and writing take longer).
constexpr Setting kSettings[] = {
    {"memory_limit", kMemory},
    {"threads", "1"},
    {"autoload_known_extensions", "false"},
    {"autoinstall_known_extensions", "false"},
    {"allow_community_extensions", "false"},
    {"temp_directory", ""},
};

std::string quoted(std::string_view text, char quote)
{
    std::string result(1, quote);
    for (const char c : text) {
        if (c == quote) result += quote;
        result += c;
    }
    return result + quote;
}

/// "Invalid Input Error: Malformed JSON in file ...\n\nPossible fixes:..." -> "Malformed JSON in file ...".
std::string shortSentence(std::string_view sentence)
{
    sentence = sentence.substr(0, sentence.find('\n'));
    if (const auto kind = sentence.find("Error: "); kind != std::string_view::npos) sentence.remove_prefix(kind + 7);
    while (sentence.ends_with(' ') || sentence.ends_with('.')) sentence.remove_suffix(1);
    return std::string(sentence);
}

/// A handle with the function that ends it.
template <class Handle, void (*End)(Handle*)>
struct Owned {
    Handle handle{};
    Owned() = default;
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() { End(&handle); }
};

using OwnedConfig = Owned<duckdb_config, duckdb_destroy_config>;
using OwnedStatement = Owned<duckdb_prepared_statement, duckdb_destroy_prepare>;
using OwnedPending = Owned<duckdb_pending_result, duckdb_destroy_pending>;
using OwnedResult = Owned<duckdb_result, duckdb_destroy_result>;
using OwnedChunk = Owned<duckdb_data_chunk, duckdb_destroy_data_chunk>;

/// The text at `row`, which lives in the vector.
std::optional<std::string_view> textAt(duckdb_vector vector, idx_t row)
{
    auto* validity = duckdb_vector_get_validity(vector);
    if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) return std::nullopt;
    auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
    return std::string_view(duckdb_string_t_data(&texts[row]), duckdb_string_t_length(texts[row]));
}

}  // namespace

std::string sqlText(std::string_view text)
{
    return quoted(text, '\'');
}

std::string sqlName(std::string_view name)
{
    return quoted(name, '"');
}

DuckDbSession::DuckDbSession(DuckDbSession&& other) noexcept
    : m_source(std::move(other.m_source)), m_readPath(std::move(other.m_readPath)),
      m_descriptor(std::exchange(other.m_descriptor, -1)), m_database(std::exchange(other.m_database, nullptr)),
      m_connection(std::exchange(other.m_connection, nullptr))
{
}

DuckDbSession& DuckDbSession::operator=(DuckDbSession&& other) noexcept
{
    std::swap(m_source, other.m_source);
    std::swap(m_readPath, other.m_readPath);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_database, other.m_database);
    std::swap(m_connection, other.m_connection);
    return *this;
}

DuckDbSession::~DuckDbSession()
{
    if (m_connection != nullptr) duckdb_disconnect(&m_connection);
    if (m_database != nullptr) duckdb_close(&m_database);
    if (m_descriptor >= 0) ::close(m_descriptor);
}

tl::unexpected<Error> DuckDbSession::failed(const char* sentence, const std::stop_token& stop) const
{
    if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
    const std::string whole = sentence != nullptr ? sentence : "DuckDB gives no reason";
    const std::string fault = shortSentence(whole);
    std::string reason = fault + "; check that the file is complete";
    if (whole.starts_with(kOutOfMemory))
        reason = std::string("that takes more memory than the ") + kMemory + " allowed for it (" + fault +
                 "); save it in smaller row groups or with shorter values, or as JSON Lines";
    return fail(ErrorCode::ConversionFailed, {{"path", m_source.string()}, {"reason", reason}, {"fault", fault}},
                whole);
}

Result<DuckDbSession> DuckDbSession::open(const std::filesystem::path& source, const std::filesystem::path& target)
{
    std::error_code error;
    const auto absolute = std::filesystem::absolute(source, error);
    if (error) return tl::unexpected(readError(source, error.value()));
    DuckDbSession session(absolute.lexically_normal());
    TRY_VOID(session.nameSource());
    TRY_VOID(session.start(target));
    return session;
}

std::string DuckDbSession::sourceLiteral() const
{
    return sqlText(m_readPath);
}

Result<> DuckDbSession::nameSource()
{
    m_readPath = m_source.string();
    if (m_readPath.find_first_of("*?[") == std::string::npos) return {};
    // DuckDB has no way to say that such a name is no pattern. A descriptor has a plain name.
    m_descriptor = ::open(m_source.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (m_descriptor < 0) return tl::unexpected(readError(m_source, errno));
    m_readPath = "/dev/fd/" + std::to_string(m_descriptor);
    return {};
}

Result<> DuckDbSession::start(const std::filesystem::path& target)
{
    OwnedConfig config;
    duckdb_create_config(&config.handle);
    for (const auto& setting : kSettings) duckdb_set_config(config.handle, setting.name, setting.value);
    char* reason = nullptr;
    const auto state = duckdb_open_ext(nullptr, &m_database, config.handle, &reason);
    const std::unique_ptr<char, void (*)(void*)> ownedReason(reason, [](void* text) { duckdb_free(text); });
    if (state != DuckDBSuccess) return failed(reason, {});
    if (duckdb_connect(m_database, &m_connection) != DuckDBSuccess) return failed("no connection", {});
    const auto ignoreRows = [](std::span<const std::optional<std::string_view>>) { return Result<>(); };
    // In this order: external access cannot be given back, and then no setting can be changed any more.
    const std::string writable = target.empty() ? "" : ", " + sqlText(target.string());
    TRY_VOID(stream("SET allowed_paths = [" + sourceLiteral() + writable + "]", ignoreRows));
    TRY_VOID(stream("SET enable_external_access = false", ignoreRows));
    return stream("SET lock_configuration = true", ignoreRows);
}

Result<> DuckDbSession::stream(const std::string& sql, const RowSink& sink, std::stop_token stop)
{
    OwnedStatement statement;
    const std::stop_callback interrupt(stop, [this] { duckdb_interrupt(m_connection); });
    if (duckdb_prepare(m_connection, sql.c_str(), &statement.handle) != DuckDBSuccess) {
        return failed(duckdb_prepare_error(statement.handle), stop);
    }
    OwnedPending pending;
    if (duckdb_pending_prepared_streaming(statement.handle, &pending.handle) != DuckDBSuccess) {
        return failed(duckdb_pending_error(pending.handle), stop);
    }
    OwnedResult result;
    if (duckdb_execute_pending(pending.handle, &result.handle) != DuckDBSuccess) {
        return failed(duckdb_result_error(&result.handle), stop);
    }
    return fetch(result.handle, sink, stop);
}

Result<> DuckDbSession::fetch(duckdb_result& result, const RowSink& sink, const std::stop_token& stop)
{
    std::vector<std::optional<std::string_view>> texts(duckdb_column_count(&result));
    while (true) {
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        OwnedChunk chunk;
        chunk.handle = duckdb_fetch_chunk(result);
        const auto rows = chunk.handle == nullptr ? 0 : duckdb_data_chunk_get_size(chunk.handle);
        if (rows == 0) break;
        for (idx_t row = 0; row < rows; ++row) {
            for (idx_t column = 0; column < texts.size(); ++column) {
                texts[column] = textAt(duckdb_data_chunk_get_vector(chunk.handle, column), row);
            }
            TRY_VOID(sink(texts));
        }
    }
    // An error after the first chunk ends a stream as its end does.
    if (const char* sentence = duckdb_result_error(&result); sentence != nullptr) return failed(sentence, stop);
    return {};
}

}  // namespace preflab
