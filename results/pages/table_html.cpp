// SPDX-License-Identifier: MIT
// Tables as a fragment of HTML5. It reads without any style sheet; the classes number, none, count,
// best and notes are there to be styled (report.cpp does). Digits line up by figure spaces, so a
// font needs no more than tabular digits.
#include <fmt/format.h>

#include "results/pages/escape.h"
#include "results/pages/table.h"
#include "results/pages/table_layout.h"

namespace saggio::results {
namespace {

// As wide as the text that is not shown: a figure space is as wide as a digit, a punctuation space
// as a point.
std::string invisible(const std::string& hidden) {
  std::string out;
  for (const char32_t c : code_points(hidden)) {
    out += c == U'.' || c == U',' ? "\u2008" : c == U' ' ? "\u00A0" : "\u2007";
  }
  return out;
}

std::string content(const Placed& placed, const Cell& cell) {
  std::string out;
  for (const Segment& segment : placed.segments) {
    switch (segment.kind) {
      case Segment::kVisible:
        out += escape_html(segment.text);
        break;
      case Segment::kInvisible:
        out += invisible(segment.text);
        break;
      case Segment::kSmall:
        out += "<small class=\"count\">" + escape_html(segment.text) + "</small>";
        break;
    }
  }
  if (cell.bold) out = "<strong>" + out + "</strong>";
  if (!cell.note.empty()) out += " <small class=\"note\">" + escape_html(cell.note) + "</small>";
  return out;
}

std::string runs_attributes(const Cell& cell) {
  if (cell.run_ids.empty()) return "";
  std::string ids;
  for (const std::string& id : cell.run_ids) ids += (ids.empty() ? "" : " ") + escape_html(id);
  return fmt::format(" data-runs=\"{0}\" title=\"{1} {2}: {0}\"",
                     ids,
                     cell.run_ids.size(),
                     cell.run_ids.size() == 1 ? "run" : "runs");
}

std::string data_cell(const Placed& placed, const Cell& cell) {
  const char* kind = placed.loose ? "none" : cell.bold ? "number best" : "number";
  return fmt::format(
      "      <td class=\"{}\"{}>{}</td>\n", kind, runs_attributes(cell), content(placed, cell));
}

std::string head(const Table& table) {
  std::string out = "  <thead>\n    <tr>\n";
  for (const Column& column : table.columns) {
    const std::string unit =
        column.unit.empty() ? ""
                            : " <span class=\"unit\">(" + escape_html(column.unit) + ")</span>";
    out += fmt::format("      <th scope=\"col\"{}>{}{}</th>\n",
                       column.align == Align::kNumber ? " class=\"number\"" : "",
                       escape_html(column.header),
                       unit);
  }
  return out + "    </tr>\n  </thead>\n";
}

std::string body(const Table& table) {
  std::vector<std::vector<Placed>> columns;
  for (size_t i = 0; i < table.columns.size(); ++i) columns.push_back(align(table, i));
  std::string out = "  <tbody>\n";
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const Row& line = table.rows[row];
    out += fmt::format("    <tr data-arm=\"{}\">\n", escape_html(line.name));
    for (size_t i = 0; i < columns.size(); ++i) {
      const Placed& placed = columns[i][row];
      out += table.columns[i].align == Align::kNumber
                 ? data_cell(placed, line.cells[i])
                 : fmt::format("      <th scope=\"row\">{}</th>\n", content(placed, line.cells[i]));
    }
    out += "    </tr>\n";
  }
  return out + "  </tbody>\n";
}

}  // namespace

std::string html(const Table& table) {
  check(table);
  std::string out =
      fmt::format("<div class=\"table\" data-table=\"{}\">\n", escape_html(table.name));
  if (!table.lead.empty()) out += "<p class=\"lead\">" + escape_html(table.lead) + "</p>\n";
  out += "<div class=\"scroll\"><table>\n";
  if (!table.title.empty()) out += "  <caption>" + escape_html(table.title) + "</caption>\n";
  out += head(table) + body(table) + "</table></div>\n";
  if (!table.notes.empty()) out += "<ul class=\"notes\">\n";
  for (const std::string& note : table.notes) out += "  <li>" + escape_html(note) + "</li>\n";
  return out + (table.notes.empty() ? "" : "</ul>\n") + "</div>\n";
}

}  // namespace saggio::results
