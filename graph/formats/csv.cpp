// SPDX-License-Identifier: MIT
#include "graph/formats/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace saggio::graph {

using Traits = std::char_traits<char>;

int CsvReader::peek() {
  const auto byte = in_.rdbuf()->sgetc();
  return Traits::eq_int_type(byte, Traits::eof()) ? kEnd : byte;
}

int CsvReader::take() {
  const int byte = peek();
  if (byte == kEnd) return kEnd;
  in_.rdbuf()->sbumpc();
  line_ += byte == '\n';
  is_in_line_ = byte != '\n';
  if (++row_bytes_ > longest_)
    refuse(
        fmt::format("a row of more than {} bytes, which is the most allowed; is a double quote "
                    "missing?",
                    longest_));
  return byte;
}

// Behind the opening quote; returns what follows the closing one.
int CsvReader::read_quoted(std::string& field) {
  for (int byte = take();; byte = take()) {
    if (byte == kEnd) refuse("a double quote that nothing closes");
    if (byte == '"') {
      if (peek() != '"') break;
      take();
    }
    field.push_back(static_cast<char>(byte));
  }
  int after = take();
  for (; after == '\r'; after = take()) ++carriage_returns_;
  if (after != ',' && after != '\n' && after != kEnd)
    refuse(
        fmt::format("{} behind a closing double quote, allowed: a comma or the end of the line; "
                    "a double quote within quotes is written twice",
                    shown(std::string(1, static_cast<char>(after)))));
  return after;
}

// Returns what ended the field: a comma, a line feed or the end.
int CsvReader::read_field(std::string& field) {
  field.clear();
  quoted_.push_back(peek() == '"');
  if (quoted_.back()) {
    take();
    return read_quoted(field);
  }
  int byte = take();
  for (; byte != ',' && byte != '\n' && byte != kEnd; byte = take())
    field.push_back(static_cast<char>(byte));
  if (byte != ',')
    for (; field.ends_with('\r'); field.pop_back()) ++carriage_returns_;
  return byte;
}

void CsvReader::skip_byte_order_mark() {
  for (const int byte : {0xEF, 0xBB, 0xBF})
    if (peek() == byte) take();
}

bool CsvReader::next(std::vector<std::string>& fields) {
  while (peek() != kEnd) {
    row_bytes_ = 0;
    number_ = line_;
    if (line_ == 1) skip_byte_order_mark();
    fields.clear();
    quoted_.clear();
    while (read_field(fields.emplace_back()) == ',') {
    }
    for (const std::string& field : fields)
      if (first_not_utf8(field) != std::string_view::npos)
        refuse(
            fmt::format("{} is not UTF-8; convert the file, for example by `iconv -f latin1 -t "
                        "utf-8`",
                        shown(field)));
    if (fields.size() > 1 || quoted_[0] || !is_blank(fields[0])) return true;
    ++blank_;
  }
  return false;
}

void CsvReader::refuse(std::string_view what) const {
  throw std::invalid_argument(fmt::format("{}:{}: {}", name_, number_, what));
}

std::string CsvRow::take(std::initializer_list<std::string_view> columns) {
  for (const std::string_view column : columns) {
    const auto found = std::find_if(
        fields_.begin(), fields_.end(), [&](const auto& field) { return field.first == column; });
    if (found == fields_.end()) continue;
    std::string value = std::move(found->second);
    fields_.erase(found);
    return value;
  }
  return "";
}

CsvTable::CsvTable(CsvReader& rows) : rows_(rows) {
  if (!rows_.next(names_)) rows_.refuse("is empty, allowed: a row of names, then rows");
  for (auto name = names_.begin(); name != names_.end(); ++name)
    if (std::find(names_.begin(), name, *name) != name)
      rows_.refuse(fmt::format("column {} stands twice: leave one", shown(*name)));
}

bool CsvTable::has(std::string_view column) const {
  return std::find(names_.begin(), names_.end(), column) != names_.end();
}

bool CsvTable::next(CsvRow& row) {
  std::vector<std::string> fields;
  if (!rows_.next(fields)) return false;
  if (fields.size() != names_.size())
    rows_.refuse(
        fmt::format("{} fields, allowed {} as in the first row", fields.size(), names_.size()));
  row.fields_.clear();
  for (size_t i = 0; i < fields.size(); ++i)
    if (!fields[i].empty()) row.fields_.emplace_back(names_[i], std::move(fields[i]));
  return true;
}

}  // namespace saggio::graph
