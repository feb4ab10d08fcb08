// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

// A results table as pure data, and its renderings. A cell holds the text for people, the raw
// numbers, and the ids of the runs behind them; what was computed, and how, is printed below as
// notes. Who builds it: table_builder.h. Rendering the same table gives the same bytes.
namespace saggio::results {

enum class Align { kLeft, kNumber };

struct Column {
  std::string name;    // as asked for: "heldout/bits_per_byte", "delta"
  std::string header;  // for people: "heldout bits per byte ↓"
  std::string unit;    // "s"; empty if it has none or the header says it
  Align align = Align::kNumber;
  std::vector<std::string> fields;  // names of Cell::values: "" is the number itself, "low", "n"
};

struct Cell {
  std::vector<std::string> parts;    // "1.8997", "± 0.0031": each aligned at its decimal point
  std::string count;                 // runs or pairs behind it, printed small: "8"
  std::vector<double> values;        // one per Column::fields; NaN: there is no such number
  std::vector<std::string> run_ids;  // sorted by seed
  bool bold = false;
  std::string note;  // printed after the text: "1/8 diverged"
};

struct Row {
  std::string name;         // for programs: "minus_rotary"
  std::vector<Cell> cells;  // one per column; the first is the label for people
};

struct Table {
  std::string name;   // "main": file names, anchors
  std::string study;  // with the name its label in LaTeX, "tab:STUDY-main"; may be empty
  std::string title;
  std::string lead;  // the one sentence to read first; may be empty
  std::vector<Column> columns;
  std::vector<Row> rows;
  std::vector<std::string> notes;  // how the numbers were made, and what to mind
};

std::string text(const Cell& cell);  // "1.8997 ± 0.0031 (8)"

enum class TableFormat { kText, kMarkdown, kLatex, kCsv, kJson, kHtml };

// "text", "md", "tex", "csv", "json", "html". Throws std::invalid_argument naming these.
TableFormat table_format(std::string_view name);
std::string_view file_extension(TableFormat format);  // "md"; of kText "txt"

// These throw std::invalid_argument if there is no column, if a row has not one cell per column, or
// a cell not one value per field.
std::string render(const Table& table, TableFormat format);

// For a terminal of `width` columns: aligned, without boxes. A table that is wider continues in
// further blocks of columns, each starting with the labels.
std::string text(const Table& table, size_t width);

std::string markdown(const Table& table);  // padded, so that it reads well unrendered
std::string latex(const Table& table);     // a table environment; needs \usepackage{booktabs}
std::string csv(const Table& table);       // a line per row: numbers in full precision, run ids
std::string json(const Table& table);      // everything there is
std::string html(const Table& table);      // a <div>; a cell names its runs (title, data-runs)

}  // namespace saggio::results
