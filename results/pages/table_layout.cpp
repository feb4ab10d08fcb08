// SPDX-License-Identifier: MIT
#include "results/pages/table_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "results/pages/escape.h"

namespace saggio::results {
namespace {

// The widest text before the decimal point, and from it on, of one part (or of the count) in a
// column.
struct Slot {
  std::u32string before, after;

  void widen(std::string_view part) {
    const auto [left, right] = split(part);
    if (left.size() > before.size()) before = left;
    if (right.size() > after.size()) after = right;
  }

  static std::pair<std::u32string, std::u32string> split(std::string_view part) {
    const std::u32string points = code_points(part);
    const size_t point = std::min(points.find(U'.'), points.size());
    return {points.substr(0, point), points.substr(point)};
  }

  bool empty() const { return before.empty() && after.empty(); }
};

bool starts_with_sign(const std::u32string& text) {
  return !text.empty() && (text[0] == U'+' || text[0] == U'−');
}

bool is_number(const Cell& cell) {
  return cell.parts.size() > 1 ||
         (cell.parts.size() == 1 && cell.parts[0].find_first_of("0123456789") != std::string::npos);
}

std::string count_text(const Cell& cell) {
  return cell.count.empty() ? "" : fmt::format("({})", cell.count);
}

std::vector<Slot> slots(const Table& table, size_t index, bool counts) {
  std::vector<Slot> found;
  for (const Row& row : table.rows) {
    const Cell& cell = row.cells[index];
    if (!is_number(cell)) continue;
    const size_t size = counts ? 1 : cell.parts.size();
    if (found.size() < size) found.resize(size);
    for (size_t i = 0; i < size; ++i) found[i].widen(counts ? count_text(cell) : cell.parts[i]);
  }
  return found;
}

void add(std::vector<Segment>& segments, Segment::Kind kind, std::u32string_view text) {
  if (text.empty()) return;
  if (!segments.empty() && segments.back().kind == kind) {
    segments.back().text += utf8(text);
  } else {
    segments.push_back({kind, utf8(text)});
  }
}

void place(std::vector<Segment>& segments,
           const Slot& slot,
           std::string_view part,
           Segment::Kind kind) {
  if (slot.empty()) return;
  const auto [left, right] = Slot::split(part);
  const size_t sign = starts_with_sign(left) && starts_with_sign(slot.before) ? 1 : 0;
  const auto missing_left = slot.before.substr(sign, slot.before.size() - left.size());
  const auto missing_right = slot.after.substr(right.size());
  if (!segments.empty())
    add(segments, part.empty() ? Segment::kInvisible : Segment::kVisible, U" ");
  add(segments, Segment::kInvisible, missing_left);
  add(segments, kind, left + right);
  add(segments, Segment::kInvisible, missing_right);
}

Placed place(const Cell& cell, const std::vector<Slot>& parts, const std::vector<Slot>& count) {
  Placed placed;
  if (!is_number(cell)) {
    placed.loose = true;
    add(placed.segments, Segment::kVisible, code_points(text(Cell{.parts = cell.parts})));
    add(placed.segments,
        Segment::kSmall,
        code_points(cell.count.empty() ? "" : " " + count_text(cell)));
    return placed;
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    place(placed.segments, parts[i], i < cell.parts.size() ? cell.parts[i] : "", Segment::kVisible);
  }
  if (!count.empty()) place(placed.segments, count[0], count_text(cell), Segment::kSmall);
  return placed;
}

}  // namespace

std::vector<Placed> align(const Table& table, size_t index) {
  std::vector<Placed> placed;
  const bool numbers = table.columns[index].align == Align::kNumber;
  const auto parts = numbers ? slots(table, index, false) : std::vector<Slot>{};
  const auto count = numbers ? slots(table, index, true) : std::vector<Slot>{};
  for (const Row& row : table.rows) {
    if (numbers) {
      placed.push_back(place(row.cells[index], parts, count));
    } else {
      placed.push_back({{{Segment::kVisible, text(Cell{.parts = row.cells[index].parts})}}, false});
    }
  }
  return placed;
}

std::string header_with_unit(const Column& column) {
  return column.unit.empty() ? column.header : fmt::format("{} ({})", column.header, column.unit);
}

std::vector<std::string> header_lines(const Column& column, size_t width) {
  const std::string whole = header_with_unit(column);
  const size_t all = display_width(whole);
  if (all <= std::max<size_t>(width, 6)) return {whole};
  const size_t height = wrap(whole, std::max(width, (all + 1) / 2)).size();
  size_t narrowest = (all + height - 1) / height;  // lines of about one length
  while (wrap(whole, narrowest).size() > height) ++narrowest;
  return wrap(whole, narrowest);
}

void check(const Table& table) {
  if (table.columns.empty()) {
    throw std::invalid_argument(
        fmt::format("table '{}' has no columns, "
                    "expected at least the labels",
                    table.name));
  }
  for (const Row& row : table.rows) {
    if (row.cells.size() != table.columns.size()) {
      throw std::invalid_argument(
          fmt::format("table '{}': row '{}' has {} cells, expected "
                      "one per column ({})",
                      table.name,
                      row.name,
                      row.cells.size(),
                      table.columns.size()));
    }
    for (size_t i = 0; i < row.cells.size(); ++i) {
      const Column& column = table.columns[i];
      if (row.cells[i].values.size() == column.fields.size()) continue;
      throw std::invalid_argument(
          fmt::format("table '{}': row '{}', column '{}' has {} "
                      "values, expected one per field ({})",
                      table.name,
                      row.name,
                      column.name,
                      row.cells[i].values.size(),
                      column.fields.size()));
    }
  }
}

std::string text(const Cell& cell) {
  std::string out;
  const auto append = [&out](const std::string& piece) {
    if (piece.empty()) return;
    if (!out.empty()) out += ' ';
    out += piece;
  };
  for (const std::string& part : cell.parts) append(part);
  append(count_text(cell));
  append(cell.note.empty() ? "" : fmt::format("[{}]", cell.note));
  return out;
}

}  // namespace saggio::results
