// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite's C calls with checked results.
#include "core/base/statement.h"

#include <sqlite3.h>

#include <cstring>

namespace preflab {

DatabaseFault::DatabaseFault(int code, int systemError, const std::string& message)
    : std::runtime_error(message), m_code(code), m_systemError(systemError)
{
}

DatabaseFault DatabaseFault::of(sqlite3* connection)
{
    return DatabaseFault(sqlite3_extended_errcode(connection), sqlite3_system_errno(connection),
                         sqlite3_errmsg(connection));
}

Statement::Statement(sqlite3* connection, std::string_view sql)
{
    if (sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()), &m_statement, nullptr) != SQLITE_OK) {
        throw DatabaseFault::of(connection);
    }
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

void Statement::check(int code) const
{
    if (code != SQLITE_OK) throw DatabaseFault::of(sqlite3_db_handle(m_statement));
}

Statement& Statement::bind(std::int64_t value)
{
    check(sqlite3_bind_int64(m_statement, m_next++, value));
    return *this;
}

Statement& Statement::bind(double value)
{
    check(sqlite3_bind_double(m_statement, m_next++, value));
    return *this;
}

Statement& Statement::bind(std::string_view text)
{
    const char* data = text.empty() ? "" : text.data();  // a null pointer would bind NULL
    check(sqlite3_bind_text64(m_statement, m_next++, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bindBlob(std::span<const std::byte> bytes)
{
    const void* data = bytes.empty() ? static_cast<const void*>("") : bytes.data();
    check(sqlite3_bind_blob64(m_statement, m_next++, data, bytes.size(), SQLITE_TRANSIENT));
    return *this;
}

Statement& Statement::bindNull()
{
    check(sqlite3_bind_null(m_statement, m_next++));
    return *this;
}

bool Statement::step()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    throw DatabaseFault::of(sqlite3_db_handle(m_statement));
}

void Statement::reset()
{
    sqlite3_reset(m_statement);  // repeats the error of the last step, which was reported then
    sqlite3_clear_bindings(m_statement);
    m_next = 1;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

double Statement::number(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

std::string Statement::text(int column) const
{
    const unsigned char* data = sqlite3_column_text(m_statement, column);
    if (data == nullptr) return {};
    const int bytes = sqlite3_column_bytes(m_statement, column);
    return std::string(reinterpret_cast<const char*>(data), static_cast<std::size_t>(bytes));
}

std::vector<std::byte> Statement::blob(int column) const
{
    const void* data = sqlite3_column_blob(m_statement, column);
    std::vector<std::byte> bytes(static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column)));
    if (!bytes.empty()) std::memcpy(bytes.data(), data, bytes.size());
    return bytes;
}

void Connection::execute(const std::string& sql)
{
    if (sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        throw DatabaseFault::of(m_handle);
    }
}

std::int64_t Connection::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_handle);
}

}  // namespace preflab
