// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "graph/formats/bulk.h"
#include "graph/formats/fields.h"
#include "graph/formats/import.h"

// Matrix Market coordinate files (Boisvert, Pozo, Remington: The Matrix Market Exchange Formats,
// NISTIR 5935, 1996): entry (i, j) of a matrix is an edge from i to j.
namespace saggio::graph {
namespace {

constexpr std::string_view kBanner =
    "%%MatrixMarket matrix coordinate real|integer|pattern general|symmetric|skew-symmetric";

enum class Symmetry { General, Symmetric, Skew };

struct Matrix {
  bool has_values = true, is_whole = false;
  Symmetry symmetry = Symmetry::General;
  uint64_t rows = 0, columns = 0, entries = 0;

  bool is_square() const { return rows == columns; }
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

Matrix banner_of(std::string_view line) {
  Fields fields(line);
  const auto expect = [&](std::initializer_list<std::string_view> allowed) {
    const std::string field = fields.more() ? lower(fields.next("")) : "";
    const auto found = std::find(allowed.begin(), allowed.end(), field);
    if (found == allowed.end())
      throw std::invalid_argument(
          fmt::format("the first line has {}, allowed: {}", shown(field), kBanner));
    return found - allowed.begin();
  };
  Matrix matrix;
  expect({"%%matrixmarket"});
  expect({"matrix"});
  expect({"coordinate"});
  const auto numbers = expect({"real", "double", "integer", "pattern"});
  matrix.is_whole = numbers == 2;
  matrix.has_values = numbers != 3;
  matrix.symmetry = static_cast<Symmetry>(expect({"general", "symmetric", "skew-symmetric"}));
  fields.end(kBanner);
  return matrix;
}

void read_size(std::string_view line, Matrix& matrix) {
  constexpr uint64_t kMost = UINT32_MAX - 1;  // of a store
  Fields fields(line);
  matrix.rows = whole_number(fields.next("number of rows"), "rows", 0, kMost);
  matrix.columns = whole_number(fields.next("number of columns"), "columns", 0, kMost);
  matrix.entries = whole_number(fields.next("number of entries"), "entries", 0, kMost);
  fields.end("rows columns entries");
  if (matrix.symmetry != Symmetry::General && !matrix.is_square())
    throw std::invalid_argument(
        fmt::format("{} rows and {} columns of a symmetric matrix, allowed are as many of both",
                    matrix.rows,
                    matrix.columns));
}

class MatrixImport {
 public:
  MatrixImport(const Matrix& matrix, BulkImport& bulk, TypeId type)
      : matrix_(matrix), bulk_(bulk), type_(type) {}

  uint64_t entries() const { return entries_; }

  void entry(std::string_view line) {
    Fields fields(line);
    const uint64_t row = whole_number(fields.next("row"), "row", 1, matrix_.rows);
    const uint64_t column = whole_number(fields.next("column"), "column", 1, matrix_.columns);
    const float weight = matrix_.has_values ? value(fields.next("value")) : 1;
    fields.end(matrix_.has_values ? "row column value" : "row column");
    check_half(row, column);
    add_nodes(std::max(row, matrix_.is_square() ? column : 0));
    const NodeId source = bulk_.node(row_key(row)), target = bulk_.node(column_key(column));
    bulk_.edge(source, type_, target, {.weight = weight});
    if (matrix_.symmetry == Symmetry::Skew) bulk_.edge(target, type_, source, {.weight = -weight});
    ++entries_;
  }

  // Rows and columns without entries are nodes as well.
  void finish() {
    add_nodes(matrix_.rows);
    if (!matrix_.is_square())
      for (uint64_t column = 1; column <= matrix_.columns; ++column) bulk_.node(column_key(column));
  }

 private:
  std::string row_key(uint64_t row) const {
    return fmt::format("{}{}", matrix_.is_square() ? "" : "r", row);
  }
  std::string column_key(uint64_t column) const {
    return fmt::format("{}{}", matrix_.is_square() ? "" : "c", column);
  }

  float value(std::string_view text) const {
    const float value = finite_number(text, "value");
    if (matrix_.is_whole && text.find_first_of(".eE") != std::string_view::npos)
      throw std::invalid_argument(fmt::format(
          "value = {}, allowed a whole number: the first line says integer", shown(text)));
    return value;
  }

  void check_half(uint64_t row, uint64_t column) const {
    const bool is_skew = matrix_.symmetry == Symmetry::Skew;
    if (matrix_.symmetry == Symmetry::General || row > column || (row == column && !is_skew))
      return;
    throw std::invalid_argument(
        fmt::format("row {}, column {}: of a {} matrix the entries {} the diagonal are allowed",
                    row,
                    column,
                    is_skew ? "skew-symmetric" : "symmetric",
                    is_skew ? "below" : "on and below"));
  }

  // In the order of their numbers.
  void add_nodes(uint64_t last) {
    while (nodes_ < last) bulk_.node(row_key(++nodes_));
  }

  const Matrix matrix_;
  BulkImport& bulk_;
  const TypeId type_;
  uint64_t entries_ = 0, nodes_ = 0;
};

// The next line that is neither blank nor a comment.
bool next_line(LineReader& lines, ImportReport& report, std::string_view& line) {
  for (; lines.next(line); ++report.comments)
    if (!trimmed(line).starts_with('%')) return true;
  return false;
}

void note_shape(const Matrix& matrix, ImportReport& report) {
  if (matrix.symmetry == Symmetry::Symmetric)
    report.notes.push_back(
        "the matrix is symmetric, the graph undirected: each edge stands once, as it is written");
  if (matrix.symmetry == Symmetry::Skew)
    report.notes.push_back(
        "the matrix is skew-symmetric: each entry is two edges, one of them with the value "
        "negated");
  if (!matrix.is_square())
    report.notes.push_back(
        "the matrix is not square: rows are nodes r1, r2, ..., columns c1, c2, ...");
}

}  // namespace

ImportReport read_matrix_market(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  BulkImport bulk(store, report);
  LineReader lines(in, options.name);
  std::string_view line;
  Matrix matrix;
  if (!lines.next(line)) lines.refuse(fmt::format("is empty, allowed: {}", kBanner));
  at_line(lines, [&] { matrix = banner_of(line); });
  if (!next_line(lines, report, line)) lines.refuse("no size line, allowed: rows columns entries");
  at_line(lines, [&] { read_size(line, matrix); });
  MatrixImport import(matrix, bulk, bulk.type(options.edge_type));
  while (next_line(lines, report, line)) at_line(lines, [&] { import.entry(line); });
  if (import.entries() != matrix.entries)
    lines.refuse(fmt::format(
        "the size line announces {} entries, here are {}", matrix.entries, import.entries()));
  import.finish();
  bulk.finish();
  count_lines(lines, report);
  note_shape(matrix, report);
  return report;
}

}  // namespace saggio::graph
