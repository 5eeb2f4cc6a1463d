#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace seamount::explore {

/// A prepared statement. Parameters count from 1, columns from 0.
class Statement {
public:
    Statement(sqlite3* database, std::string_view text, std::string file);
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(int index, std::string_view text);
    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, double value);

    /// True if there is a row. Throws InputError (EXP-STORE).
    bool step();
    /// Steps to the end and makes the statement ready to be used again.
    void run();
    void reset();

    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double number(int column) const;

private:
    sqlite3_stmt* statement_ = nullptr;
    std::string file_;
};

/// An SQLite file. Write-ahead logging: what was committed survives the death of the process, and
/// others may read meanwhile.
class Database {
public:
    /// Opens or creates the file. Throws InputError (EXP-STORE) if it is no database.
    explicit Database(const std::filesystem::path& path, bool create = true);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void execute(const std::string& text);
    [[nodiscard]] Statement prepare(std::string_view text);
    /// Id of the row that was inserted last.
    [[nodiscard]] std::int64_t last_row() const;

private:
    sqlite3* database_ = nullptr;
    std::string file_;
};

}  // namespace seamount::explore
