#include "tools/explore/store/sqlite.hpp"

#include <sqlite3.h>

#include <utility>

#include "tools/base/console.hpp"

namespace seamount::explore {
namespace {

constexpr int kBusyMilliseconds = 60'000;

}  // namespace

Statement::Statement(Database& database, std::string text)
    : database_{&database}, text_{std::move(text)} {
    std::vector<sqlite3_stmt*>& idle = database.idle_[text_];
    if (!idle.empty()) {
        statement_ = idle.back();
        idle.pop_back();
        return;
    }
    const int size = static_cast<int>(text_.size());
    if (sqlite3_prepare_v2(database.database_, text_.data(), size, &statement_, nullptr) !=
        SQLITE_OK) {
        database.fail();
    }
}

Statement::~Statement() {
    if (statement_ == nullptr) return;
    reset();
    database_->idle_[text_].push_back(statement_);
}

Statement::Statement(Statement&& other) noexcept
    : database_{other.database_},
      text_{std::move(other.text_)},
      statement_{std::exchange(other.statement_, nullptr)} {}

Statement& Statement::bind(int index, std::string_view text) {
    sqlite3_bind_text64(statement_, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bind(int index, std::int64_t value) {
    sqlite3_bind_int64(statement_, index, value);
    return *this;
}

Statement& Statement::bind(int index, double value) {
    sqlite3_bind_double(statement_, index, value);
    return *this;
}

bool Statement::step() {
    const int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) database_->fail();
    return false;
}

void Statement::run() {
    while (step()) {
    }
    reset();
}

void Statement::reset() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

std::string Statement::text(int column) const {
    const auto* const bytes = sqlite3_column_text(statement_, column);
    if (bytes == nullptr) return {};
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return {reinterpret_cast<const char*>(bytes), size};  // SQLite's text is unsigned char
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

double Statement::number(int column) const {
    return sqlite3_column_double(statement_, column);
}

Database::Database(const std::filesystem::path& path, bool create) : file_{path.string()} {
    const int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(file_.c_str(), &database_, flags, nullptr) != SQLITE_OK) {
        sqlite3* const broken = std::exchange(database_, nullptr);
        const std::string message = broken == nullptr ? "out of memory" : sqlite3_errmsg(broken);
        sqlite3_close(broken);
        bad_input("EXP-STORE", file_, "the store cannot be opened: " + message,
                  "give a path where a file can be read and written");
    }
    sqlite3_busy_timeout(database_, kBusyMilliseconds);
    try {
        execute("PRAGMA journal_mode = WAL");
        execute("PRAGMA synchronous = NORMAL");
    } catch (...) {
        sqlite3_close(database_);
        throw;
    }
}

Database::~Database() {
    for (const auto& [text, statements] : idle_) {
        for (sqlite3_stmt* const statement : statements) sqlite3_finalize(statement);
    }
    sqlite3_close_v2(database_);
}

void Database::fail() const {
    bad_input("EXP-STORE", file_,
              std::string{"the store cannot be used: "} + sqlite3_errmsg(database_),
              "give a store that 'seamount explore' has written, on a disk with room");
}

void Database::execute(const std::string& text) {
    if (sqlite3_exec(database_, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

void Database::together(const std::function<void()>& work) {
    if (in_transaction_) return work();
    prepare("BEGIN IMMEDIATE").run();
    in_transaction_ = true;
    try {
        work();
    } catch (...) {
        in_transaction_ = false;
        sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
        throw;
    }
    in_transaction_ = false;
    prepare("COMMIT").run();
}

std::int64_t Database::last_row() const {
    return sqlite3_last_insert_rowid(database_);
}

Statement Database::prepare(std::string text) {
    return Statement{*this, std::move(text)};
}

}  // namespace seamount::explore
