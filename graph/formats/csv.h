// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "graph/formats/lines.h"

// Comma-separated values (RFC 4180): a field in double quotes may hold commas, line feeds and, as
// two of them, double quotes. Memory: the longest row.
namespace saggio::graph {

class CsvReader {
 public:
  // `name`: of the input, as messages tell it. `longest`: bytes of a row. Borrows `in`.
  CsvReader(std::istream& in, std::string name, size_t longest = kLongestLine)
      : in_(in), name_(std::move(name)), longest_(longest) {}

  // The next row that is not blank. False: there is none. Throws std::invalid_argument on a row that
  // is too long, not UTF-8, or has a quote that nothing closes or that something follows.
  bool next(std::vector<std::string>& fields);
  bool was_quoted(size_t field) const { return quoted_[field]; }  // of the last row

  uint64_t number() const { return number_; }  // of the line that the row began in, from 1
  uint64_t lines() const { return line_ - 1 + is_in_line_; }
  uint64_t blank() const { return blank_; }
  uint64_t carriage_returns() const { return carriage_returns_; }  // stripped

  // Throws std::invalid_argument "NAME:LINE: what".
  [[noreturn]] void refuse(std::string_view what) const;

 private:
  static constexpr int kEnd = -1;

  int take();
  int peek();
  int read_field(std::string& field);
  int read_quoted(std::string& field);
  void skip_byte_order_mark();

  std::istream& in_;
  std::string name_;
  size_t longest_, row_bytes_ = 0;
  uint64_t number_ = 0, line_ = 1, blank_ = 0, carriage_returns_ = 0;
  bool is_in_line_ = false;  // bytes have followed the last line feed
  std::vector<bool> quoted_;
};

// A row by the names of its columns. Fields that are empty are not there.
class CsvRow {
 public:
  // Takes a field out, the first of these columns that the row has; empty: none of them.
  std::string take(std::initializer_list<std::string_view> columns);
  // What was not taken, in the order of the columns.
  const std::vector<std::pair<std::string, std::string>>& rest() const { return fields_; }

 private:
  friend class CsvTable;
  std::vector<std::pair<std::string, std::string>> fields_;
};

// Rows below a row of names.
class CsvTable {
 public:
  // Reads the names. Throws std::invalid_argument if there are none, or one stands twice.
  explicit CsvTable(CsvReader& rows);

  // False: there is none. Throws std::invalid_argument on a row with more or fewer fields.
  bool next(CsvRow& row);
  bool has(std::string_view column) const;

 private:
  CsvReader& rows_;
  std::vector<std::string> names_;
};

}  // namespace saggio::graph
