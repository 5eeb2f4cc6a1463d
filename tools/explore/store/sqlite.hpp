#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tools/base/file_state.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace seamount::explore {

class Database;

/// A prepared statement of a database, which keeps it for the next one with the same text and must
/// outlive it. Parameters count from 1, columns from 0.
class Statement {
public:
    Statement(Database& database, std::string text);
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
    Database* database_;
    std::string text_;
    sqlite3_stmt* statement_ = nullptr;
};

/// An SQLite file. Write-ahead logging: what was committed survives the death of the process, and
/// others may read meanwhile.
class Database {
public:
    enum class Access : std::uint8_t {
        kCreate,  ///< to change it; a file that is not there is made
        kChange,  ///< to change it
        kRead,    ///< also where nothing can be written
    };
    /// Opens the file. Throws InputError (EXP-STORE) if it is no database, or a damaged one.
    explicit Database(const std::filesystem::path& path, Access access = Access::kCreate);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void execute(const std::string& text);
    [[nodiscard]] Statement prepare(std::string text);
    /// Makes all changes of `work` one transaction, or none if it throws; one within another is
    /// part of it.
    void together(const std::function<void()>& work);
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    /// Throws InputError (EXP-STORE) if the file was deleted or replaced since it was opened: what
    /// is written goes nowhere.
    void require_file() const;
    /// Where it is read from: the file, or a copy of it.
    [[nodiscard]] std::filesystem::path place() const {
        return copy_.empty() ? std::filesystem::path{file_} : copy_ / "store";
    }
    /// Id of the row that was inserted last.
    [[nodiscard]] std::int64_t last_row() const;

private:
    friend class Statement;
    [[noreturn]] void fail() const;
    [[noreturn]] void cannot_open(const std::string& message) const;
    [[nodiscard]] bool open(const std::filesystem::path& path, int flags);
    void close();
    /// True if something can be read of it.
    [[nodiscard]] bool can_read();
    void open_to_read();
    void check();

    sqlite3* database_ = nullptr;
    std::string file_;
    tools::FileStamp opened_;
    std::filesystem::path copy_;  ///< folder with what is read instead; empty: the file itself
    std::unordered_map<std::string, std::vector<sqlite3_stmt*>> idle_;  ///< statements, by text
    bool in_transaction_ = false;
};

}  // namespace seamount::explore
