// SPDX-License-Identifier: MIT
// Tables for other programs: CSV and JSON hold the raw numbers in full precision (the shortest text
// that reads back to the same double), and the ids of the runs behind them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "results/pages/escape.h"
#include "results/pages/table.h"
#include "results/pages/table_layout.h"

namespace saggio::results {
namespace {

std::string field_name(const Column& column, const std::string& field) {
  return field.empty() ? column.name : column.name + "." + field;
}

std::string raw(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

nlohmann::ordered_json cell_json(const Column& column, const Cell& cell) {
  nlohmann::ordered_json values = nlohmann::ordered_json::object();
  for (size_t i = 0; i < column.fields.size(); ++i) {
    const double value = cell.values[i];
    const std::string key = column.fields[i].empty() ? "value" : column.fields[i];
    if (std::isfinite(value)) {
      values[key] = value;
    } else if (std::isnan(value)) {
      values[key] = nullptr;
    } else {
      values[key] = raw(value);  // JSON has no infinity
    }
  }
  nlohmann::ordered_json out{{"column", column.name},
                             {"text", text(cell)},
                             {"values", std::move(values)},
                             {"runs", cell.run_ids}};
  if (cell.bold) out["bold"] = true;
  if (!cell.note.empty()) out["note"] = cell.note;
  return out;
}

constexpr std::array<std::string_view, 6> kNames{"text", "md", "tex", "csv", "json", "html"};

}  // namespace

std::string csv(const Table& table) {
  check(table);
  std::string out = "arm,label";
  for (const Column& column : table.columns) {
    for (const std::string& field : column.fields)
      out += "," + escape_csv(field_name(column, field));
  }
  out += ",runs\n";
  for (const Row& row : table.rows) {
    const Cell& label = row.cells.front();
    out += escape_csv(row.name) + "," + escape_csv(text(Cell{.parts = label.parts}));
    for (const Cell& cell : row.cells) {
      for (const double value : cell.values) out += "," + raw(value);
    }
    out += "," + escape_csv(fmt::format("{}", fmt::join(label.run_ids, " "))) + "\n";
  }
  return out;
}

std::string json(const Table& table) {
  check(table);
  nlohmann::ordered_json columns = nlohmann::ordered_json::array();
  for (const Column& column : table.columns) {
    columns.push_back({{"name", column.name}, {"header", column.header}, {"unit", column.unit}});
  }
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Row& row : table.rows) {
    nlohmann::ordered_json cells = nlohmann::ordered_json::array();
    for (size_t i = 0; i < row.cells.size(); ++i) {
      cells.push_back(cell_json(table.columns[i], row.cells[i]));
    }
    rows.push_back({{"arm", row.name}, {"cells", std::move(cells)}});
  }
  const nlohmann::ordered_json all{{"name", table.name},
                                   {"title", table.title},
                                   {"lead", table.lead},
                                   {"columns", std::move(columns)},
                                   {"rows", std::move(rows)},
                                   {"notes", table.notes}};
  return all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

TableFormat table_format(std::string_view name) {
  const auto* found = std::find(kNames.begin(), kNames.end(), name);
  if (found != kNames.end()) return static_cast<TableFormat>(found - kNames.begin());
  throw std::invalid_argument(
      fmt::format("table format '{}', allowed: {}", name, fmt::join(kNames, ", ")));
}

std::string_view file_extension(TableFormat format) {
  return format == TableFormat::kText ? "txt" : kNames[static_cast<size_t>(format)];
}

std::string render(const Table& table, TableFormat format) {
  switch (format) {
    case TableFormat::kText:
      return text(table, 120);
    case TableFormat::kMarkdown:
      return markdown(table);
    case TableFormat::kLatex:
      return latex(table);
    case TableFormat::kCsv:
      return csv(table);
    case TableFormat::kJson:
      return json(table);
    case TableFormat::kHtml:
      return html(table);
  }
  throw std::invalid_argument("table format: no such enumerator");
}

}  // namespace saggio::results
