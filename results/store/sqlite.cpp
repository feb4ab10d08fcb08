// SPDX-License-Identifier: MIT
#include "results/store/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>

namespace saggio::results {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPatienceMs = 10'000;

[[noreturn]] void fail(sqlite3* handle, int result) {
  const char* file = handle ? sqlite3_db_filename(handle, "main") : nullptr;
  const char* reason = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(result);
  throw SqliteError(fmt::format("{}: {}", file && *file ? file : "index", reason), result);
}

}  // namespace

bool SqliteError::damaged() const {
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB ||
         (code & 0xff) == SQLITE_ERROR;
}

bool SqliteError::unwritable() const {
  switch (code & 0xff) {
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return true;
    default:
      return false;
  }
}

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Database::Database(const std::string& file) {
  sqlite3* handle = nullptr;
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int result = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (result != SQLITE_OK) fail(handle, result);
  sqlite3_busy_timeout(handle, kPatienceMs);
}

void Database::run(const char* statements) {
  // SQLite itself does not wait where it fears a deadlock, as when several processes make a new
  // file's journal at once: statements that may be said again are.
  const auto until = Clock::now() + std::chrono::milliseconds(kPatienceMs);
  int result = sqlite3_exec(handle_.get(), statements, nullptr, nullptr, nullptr);
  while ((result & 0xff) == SQLITE_BUSY && Clock::now() < until) {
    sqlite3_sleep(1);
    result = sqlite3_exec(handle_.get(), statements, nullptr, nullptr, nullptr);
  }
  if (result != SQLITE_OK) fail(handle_.get(), result);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(const Database& database, std::string_view text) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(
      database.handle(), text.data(), static_cast<int>(text.size()), &statement, nullptr));
  statement_.reset(statement);
}

void Statement::check(int result) const {
  if (result != SQLITE_OK) fail(database_.handle(), result);
}

Statement& Statement::bind(int parameter, std::string_view text) {
  check(sqlite3_bind_text64(
      statement_.get(), parameter, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(int parameter, int64_t number) {
  check(sqlite3_bind_int64(statement_.get(), parameter, number));
  return *this;
}

Statement& Statement::bind(int parameter, double number) {
  check(sqlite3_bind_double(statement_.get(), parameter, number));
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) fail(database_.handle(), result);
  return false;
}

void Statement::run() {
  while (step()) {
  }
  check(sqlite3_reset(statement_.get()));
}

std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return {text ? text : "", static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

Transaction::Transaction(Database& database) : database_(database) {
  database_.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace saggio::results
