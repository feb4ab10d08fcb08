// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

// As much of SQLite as the index needs. Everything throws SqliteError. One thread at a time.
namespace saggio::results {

struct SqliteError : std::runtime_error {
  SqliteError(const std::string& text, int result) : std::runtime_error(text), code(result) {}
  int code;                 // SQLITE_CORRUPT, ...
  bool damaged() const;     // what is in the file is no database, or a broken one
  bool unwritable() const;  // a read-only place, a full disk
};

class Database {
 public:
  // Made if missing. Waits up to ten seconds for other processes. ":memory:" is gone at the end.
  explicit Database(const std::string& file);
  void run(const char* statements);
  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

// A statement with its parameters (numbered from 1) and its columns (from 0).
class Statement {
 public:
  Statement(const Database& database, std::string_view text);
  Statement& bind(int parameter, std::string_view text);  // copied
  Statement& bind(int parameter, int64_t number);
  Statement& bind(int parameter, double number);
  bool step();                              // true while there is a row
  void run();                               // to the end, ready for other parameters
  std::string_view text(int column) const;  // valid until the next step
  int64_t integer(int column) const;
  double real(int column) const;

 private:
  void check(int result) const;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  const Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// All or nothing: rolled back unless committed. Takes the write lock at once, so that it cannot
// fail half-way for want of it.
class Transaction {
 public:
  explicit Transaction(Database& database);
  Transaction(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace saggio::results
