#include "tools/explore/store/sqlite.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <system_error>
#include <utility>

#include "tools/base/console.hpp"

namespace seamount::explore {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHealthy = "ok";  ///< what quick_check says of a database without fault
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

Database::Database(const fs::path& path, Access access) : file_{path.string()} {
    try {
        if (access == Access::kRead) {
            open_to_read();
        } else {
            const int flags =
                SQLITE_OPEN_READWRITE | (access == Access::kCreate ? SQLITE_OPEN_CREATE : 0);
            if (!open(path, flags)) cannot_open(sqlite3_errmsg(database_));
            execute("PRAGMA journal_mode = WAL");
            execute("PRAGMA synchronous = NORMAL");
        }
        check();
        opened_ = tools::stamp_of(path);
    } catch (...) {
        close();
        throw;
    }
}

bool Database::open(const fs::path& path, int flags) {
    const bool good = sqlite3_open_v2(path.c_str(), &database_, flags, nullptr) == SQLITE_OK;
    if (database_ != nullptr) sqlite3_busy_timeout(database_, kBusyMilliseconds);
    return good;
}

bool Database::can_read() {
    return sqlite3_db_readonly(database_, "main") == 0 &&
           sqlite3_exec(database_, "SELECT count(*) FROM sqlite_master", nullptr, nullptr,
                        nullptr) == SQLITE_OK;
}

/// SQLite writes beside a database of this kind to read it. Where that cannot be, a copy is read.
void Database::open_to_read() {
    const fs::path path = file_;
    const bool opened = open(path, SQLITE_OPEN_READWRITE);
    if (opened && can_read()) return;
    const int error = sqlite3_errcode(database_);
    const bool is_no_database = error == SQLITE_NOTADB || error == SQLITE_CORRUPT;
    const std::string message = sqlite3_errmsg(database_);
    if (is_no_database) cannot_open(message);
    close();
    std::string folder = (fs::temp_directory_path() / "seamount-store-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) cannot_open(message);
    copy_ = folder;
    std::error_code wrong;
    fs::copy_file(path, copy_ / "store", wrong);
    if (!wrong)
        fs::permissions(copy_ / "store", fs::perms::owner_read | fs::perms::owner_write, wrong);
    const fs::path log = file_ + "-wal";
    if (!wrong && fs::exists(log)) fs::copy_file(log, copy_ / "store-wal", wrong);
    if (wrong || !open(copy_ / "store", SQLITE_OPEN_READWRITE) || !can_read()) cannot_open(message);
}

void Database::check() {
    Statement query = prepare("PRAGMA quick_check(1)");
    const std::string found = query.step() ? query.text(0) : "no answer";
    if (found == kHealthy) return;
    bad_input("EXP-STORE", file_, "the store is damaged: " + found,
              "take a copy that is whole, or run the sweep again into a new store");
}

void Database::close() {
    for (const auto& [text, statements] : idle_) {
        for (sqlite3_stmt* const statement : statements) sqlite3_finalize(statement);
    }
    idle_.clear();
    sqlite3_close_v2(std::exchange(database_, nullptr));
    std::error_code ignored;
    if (!copy_.empty()) fs::remove_all(copy_, ignored);
}

Database::~Database() {
    close();
}

void Database::cannot_open(const std::string& message) const {
    bad_input("EXP-STORE", file_, "the store cannot be opened: " + message,
              "give a path where a file can be read and written");
}

void Database::require_file() const {
    const tools::FileStamp now = tools::stamp_of(file_);
    if (now.device == opened_.device && now.inode == opened_.inode) return;
    bad_input("EXP-STORE", file_,
              "the store was deleted or replaced while the sweep ran: what ran since is lost",
              "start again; what the cache knows does not run a second time");
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
