// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite statements as commands of the storage thread see them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace preflab {

/// A failed SQLite call on its way to the border of the storage thread, where Database turns it into an Error.
class DatabaseFault : public std::runtime_error {
public:
    DatabaseFault(int code, int systemError, const std::string& message);
    /// What the last call on `connection` reported.
    static DatabaseFault of(sqlite3* connection);
    int code() const { return m_code; }                ///< extended result code
    int systemError() const { return m_systemError; }  ///< errno behind it, or 0

private:
    int m_code;
    int m_systemError;
};

/// One prepared statement, used on the storage thread only. Everything throws DatabaseFault on an error.
class Statement {
public:
    Statement(sqlite3* connection, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    /// Parameters from 1, in order.
    Statement& bind(std::int64_t value);
    Statement& bind(double value);
    Statement& bind(std::string_view text);
    Statement& bindBlob(std::span<const std::byte> bytes);
    Statement& bindNull();
    /// True while there is a row.
    bool step();
    /// Back to before the first row, parameters unbound.
    void reset();
    /// Columns from 0, of the current row.
    std::int64_t integer(int column) const;
    double number(int column) const;
    std::string text(int column) const;
    std::vector<std::byte> blob(int column) const;

private:
    void check(int code) const;
    sqlite3_stmt* m_statement = nullptr;
    int m_next = 1;
};

/// The connection as commands see it.
class Connection {
public:
    explicit Connection(sqlite3* handle) : m_handle(handle) {}
    Statement prepare(std::string_view sql) { return Statement(m_handle, sql); }
    /// One or more statements without parameters or rows.
    void execute(const std::string& sql);
    std::int64_t lastInsertId() const;

private:
    sqlite3* m_handle;
};

}  // namespace preflab
