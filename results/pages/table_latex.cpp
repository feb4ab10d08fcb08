// SPDX-License-Identifier: MIT
// Tables for a paper: booktabs, plain pdflatex, no other package. Numbers line up at the decimal
// point by \phantom, and bold ones are set in the bold series that is as wide as the medium one.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "results/pages/escape.h"
#include "results/pages/table.h"
#include "results/pages/table_layout.h"

namespace saggio::results {
namespace {

constexpr size_t kLabelCharacters = 30;  // of a line; longer labels go on below

size_t widest(const Table& table, size_t index) {
  size_t width = 0;
  for (const Row& row : table.rows) {
    Cell cell = row.cells[index];
    cell.note.clear();
    width = std::max(width, display_width(text(cell)));
  }
  const bool wraps = table.columns[index].align == Align::kLeft;
  return wraps ? std::min(width, kLabelCharacters) : width;
}

// A table with many columns needs smaller letters. Measured on tables: a character takes 4.6 pt in
// \small, .9 of it per step down, and the text of a one-column paper is about 390 pt wide.
struct Style {
  std::string_view size, count_size, column_gap;
};

Style style_of(const Table& table) {
  size_t characters = 0;
  for (size_t i = 0; i < table.columns.size(); ++i) characters += widest(table, i) + 1;
  if (characters <= 80) return {"small", "scriptsize", "4pt"};
  if (characters <= 92) return {"footnotesize", "tiny", "4pt"};
  return {"scriptsize", "tiny", "3pt"};
}

std::string small(const std::string& escaped, const Style& style) {
  return fmt::format("{{\\{} {}}}", style.count_size, escaped);
}

// Inside a number, spaces are thin: "1.10\,$\pm$\,0.02".
std::string number_text(const std::string& text) {
  std::string out;
  for (const char c : escape_latex(text)) out += c == ' ' ? std::string("\\,") : std::string(1, c);
  return out;
}

std::string segment_text(const Segment& segment, const Style& style) {
  const std::string escaped = number_text(segment.text);
  switch (segment.kind) {
    case Segment::kInvisible:
      return "\\phantom{" + escaped + "}";
    case Segment::kSmall:
      return small(escaped, style);
    case Segment::kVisible:
      break;
  }
  return escaped;
}

// Lines below each other, for width is what a paper lacks.
std::string stacked(const std::vector<std::string>& lines) {
  if (lines.size() == 1) return lines[0];
  return fmt::format("\\begin{{tabular}}[t]{{@{{}}l@{{}}}}{}\\end{{tabular}}",
                     fmt::join(lines, "\\\\[-.4ex]"));
}

std::string label_text(const Cell& cell, const Style& style) {
  std::vector<std::string> lines;
  for (const std::string& line : wrap(text(Cell{.parts = cell.parts}), kLabelCharacters)) {
    lines.push_back(escape_latex(line));
  }
  if (!cell.note.empty()) lines.push_back(small(escape_latex(cell.note), style));
  return lines.empty() ? "" : stacked(lines);
}

std::string cell_text(const Placed& placed, const Cell& cell, Align align, const Style& style) {
  if (align == Align::kLeft) return label_text(cell, style);
  std::string out;
  for (const Segment& segment : placed.segments) out += segment_text(segment, style);
  if (cell.bold) out = "{\\fontseries{b}\\selectfont " + out + "}";
  return cell.note.empty() ? out : out + " " + small(escape_latex(cell.note), style);
}

// A lone letter is a symbol: p, n.
std::string header_line(const std::string& line) {
  const bool symbol = line.size() == 1 && std::isalpha(static_cast<unsigned char>(line[0])) != 0;
  return symbol ? "$" + line + "$" : escape_latex(line);
}

std::string header_text(const Table& table, size_t index) {
  const Column& column = table.columns[index];
  if (column.align == Align::kLeft) return escape_latex(header_with_unit(column));
  std::string lines;
  const std::vector<std::string> split = header_lines(column, widest(table, index));
  if (split.size() == 1) return header_line(split[0]);
  for (const std::string& line : split) {
    lines += (lines.empty() ? "" : "\\\\") + header_line(line);
  }
  return "\\begin{tabular}[b]{@{}c@{}}" + lines + "\\end{tabular}";
}

std::string body(const Table& table, const Style& style) {
  std::vector<std::vector<Placed>> columns;
  for (size_t i = 0; i < table.columns.size(); ++i) columns.push_back(align(table, i));
  std::string out;
  for (size_t row = 0; row < table.rows.size(); ++row) {
    out += "    ";
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out += " & ";
      out += cell_text(columns[i][row], table.rows[row].cells[i], table.columns[i].align, style);
    }
    out += " \\\\\n";
  }
  return out;
}

std::string tabular(const Table& table, const Style& style) {
  std::string letters, headers;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    letters += table.columns[i].align == Align::kLeft ? 'l' : 'c';
    headers += (i > 0 ? "\n    & " : "    ") + header_text(table, i);
  }
  return fmt::format(
      "  \\begin{{tabular}}{{@{{}}{}@{{}}}}\n    \\toprule\n{} \\\\\n    \\midrule\n{}    "
      "\\bottomrule\n"
      "  \\end{{tabular}}\n",
      letters,
      headers,
      body(table, style));
}

std::string notes(const Table& table) {
  if (table.notes.empty()) return "";
  std::string out = "  \\par\\vspace{.8ex}\n  \\begin{minipage}{\\linewidth}\\footnotesize\n";
  for (const std::string& note : table.notes) out += "    " + escape_latex(note) + "\n";
  return out + "  \\end{minipage}\n";
}

std::string label(const std::string& name) {
  std::string out = name;
  std::replace_if(
      out.begin(),
      out.end(),
      [](unsigned char c) { return !(std::isalnum(c) != 0 && c < 0x80); },
      '-');
  return out;
}

}  // namespace

std::string latex(const Table& table) {
  check(table);
  const std::string space = table.title.empty() || table.lead.empty() ? "" : " ";
  const std::string caption = escape_latex(table.title) + space + escape_latex(table.lead);
  const Style style = style_of(table);
  return fmt::format(
      "% needs \\usepackage{{booktabs}}\n\\begin{{table}}[t]\n  \\centering\n  \\caption{{{}}}\n"
      "  \\label{{tab:{}}}\n  \\vspace{{.8ex}}\n  \\{}\\setlength{{\\tabcolsep}}{{{}}}\n{}{}"
      "\\end{{table}}\n",
      caption,
      label(table.study.empty() ? table.name : table.study + "-" + table.name),
      style.size,
      style.column_gap,
      tabular(table, style),
      notes(table));
}

}  // namespace saggio::results
