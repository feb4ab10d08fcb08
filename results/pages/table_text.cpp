// SPDX-License-Identifier: MIT
// Tables for a terminal and as Markdown: both are columns of characters, padded by spaces.
#include <algorithm>
#include <string_view>

#include "results/pages/escape.h"
#include "results/pages/table.h"
#include "results/pages/table_layout.h"

namespace saggio::results {
namespace {

constexpr size_t kGap = 2;  // between the columns of a terminal table
constexpr size_t kNoteWidth =
    100;  // notes are read as sentences: no wider, even on a wide terminal

std::string spaces(size_t count) { return std::string(count, ' '); }

struct Block {  // a column of characters: header lines, then one line per row
  std::vector<std::string> header, lines;
  size_t width = 0;
  bool left = true;

  void measure() {
    for (const std::string& line : header) width = std::max(width, display_width(line));
    for (const std::string& line : lines) width = std::max(width, display_width(line));
  }
};

std::string padded(const std::string& line, size_t width, bool left) {
  const std::string room = spaces(width - std::min(width, display_width(line)));
  return left ? line + room : room + line;
}

std::string centred(const std::string& line, size_t width) {
  const size_t room = width - std::min(width, display_width(line));
  return spaces(room / 2) + line + spaces(room - room / 2);
}

// A line of a cell, with spaces for what is invisible. `escape` and `bold` are the target
// language's.
template <typename Escape>
std::string line_of(const Placed& placed, const Cell& cell, Escape escape, std::string_view bold) {
  std::string out;
  for (const Segment& segment : placed.segments) {
    if (segment.kind == Segment::kInvisible) {
      out += spaces(display_width(segment.text));
    } else {
      out += escape(segment.text);
    }
  }
  if (cell.bold) {  // Markdown knows no emphasis that starts or ends with a space
    const size_t first = std::min(out.find_first_not_of(' '), out.size());
    const size_t end = out.find_last_not_of(' ') + 1;
    out.insert(end, bold).insert(first, bold);
  }
  if (!cell.note.empty()) out += " " + escape("(" + cell.note + ")");
  return out;
}

template <typename Escape>
Block block(const Table& table, size_t index, Escape escape, std::string_view bold) {
  Block out;
  const std::vector<Placed> placed = align(table, index);
  out.left = table.columns[index].align == Align::kLeft;
  bool any_bold = false;
  for (const Row& row : table.rows) any_bold = any_bold || row.cells[index].bold;
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const Cell& cell = table.rows[row].cells[index];
    std::string line = line_of(placed[row], cell, escape, bold);
    const bool shift = any_bold && !cell.bold && !placed[row].loose;  // keeps bold cells in line
    if (shift) line = spaces(bold.size()) + line + spaces(bold.size());
    out.lines.push_back(std::move(line));
  }
  for (const std::string& line : out.lines) out.width = std::max(out.width, display_width(line));
  for (size_t row = 0; row < table.rows.size(); ++row) {
    if (placed[row].loose && !out.left) out.lines[row] = centred(out.lines[row], out.width);
  }
  return out;
}

std::vector<Block> terminal_blocks(const Table& table) {
  const auto as_it_is = [](const std::string& piece) { return escape_control(piece); };
  std::vector<Block> blocks;
  size_t header_height = 1;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    blocks.push_back(block(table, i, as_it_is, "*"));
    blocks.back().header = header_lines(table.columns[i], blocks.back().width);
    blocks.back().measure();
    header_height = std::max(header_height, blocks.back().header.size());
  }
  for (Block& each : blocks) {
    each.header.insert(each.header.begin(), header_height - each.header.size(), "");
  }
  return blocks;
}

// Long labels go on below, so that numbers get most of the width.
void wrap_labels(std::vector<Block>& blocks, size_t limit) {
  if (blocks[0].width <= limit) return;
  for (size_t row = blocks[0].lines.size(); row-- > 0;) {
    std::vector<std::string> pieces = wrap(blocks[0].lines[row], limit - 2);
    if (pieces.empty()) continue;
    for (size_t i = 1; i < pieces.size(); ++i) pieces[i].insert(0, "  ");
    for (Block& each : blocks) {
      const bool label = &each == blocks.data();
      each.lines.insert(
          each.lines.begin() + static_cast<std::ptrdiff_t>(row) + 1, pieces.size() - 1, "");
      for (size_t i = 0; label && i < pieces.size(); ++i) each.lines[row + i] = pieces[i];
    }
  }
  blocks[0].width = 0;
  blocks[0].measure();
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// The blocks named by `shown`, side by side.
std::string side_by_side(const std::vector<Block>& blocks, const std::vector<size_t>& shown) {
  std::string out, rule;
  const auto add_line = [&](auto member, size_t at) {
    std::string line;
    for (const size_t i : shown) {
      if (!line.empty()) line += spaces(kGap);
      line += padded((blocks[i].*member)[at], blocks[i].width, blocks[i].left);
    }
    if (line.find_first_not_of(' ') != std::string::npos) out += trimmed(std::move(line));
  };
  for (const size_t i : shown) {
    if (!rule.empty()) rule += spaces(kGap);
    for (size_t dash = 0; dash < blocks[i].width; ++dash) rule += "─";
  }
  for (size_t i = 0; i < blocks[0].header.size(); ++i) add_line(&Block::header, i);
  out += trimmed(rule);
  for (size_t i = 0; i < blocks[0].lines.size(); ++i) add_line(&Block::lines, i);
  return out;
}

std::string notes_text(const std::vector<std::string>& notes, size_t width) {
  std::string out;
  for (const std::string& note : notes) {
    bool first = true;
    for (const std::string& line : wrap(note, std::min(width, kNoteWidth) - 2)) {
      out += (first ? "· " : "  ") + line + "\n";
      first = false;
    }
  }
  return out;
}

std::string sentence(const std::string& words, size_t width) {
  std::string out;
  for (const std::string& line : wrap(words, std::min(width, kNoteWidth))) out += line + "\n";
  return out;
}

}  // namespace

std::string text(const Table& table, size_t width) {
  check(table);
  std::string out = sentence(table.title, width) + sentence(table.lead, width);
  if (!out.empty()) out += "\n";
  std::vector<Block> blocks = terminal_blocks(table);
  wrap_labels(blocks, std::max<size_t>(24, width / 3));
  size_t next = 1;
  do {
    std::vector<size_t> shown{0};
    size_t used = blocks[0].width;
    while (next < blocks.size() &&
           (shown.size() == 1 || used + kGap + blocks[next].width <= width)) {
      used += kGap + blocks[next].width;
      shown.push_back(next++);
    }
    out += side_by_side(blocks, shown) + "\n";
  } while (next < blocks.size());
  return out + notes_text(table.notes, width);
}

std::string markdown(const Table& table) {
  check(table);
  std::string out;
  if (!table.title.empty()) out += "**" + escape_markdown(table.title) + "**\n\n";
  if (!table.lead.empty()) out += escape_markdown(table.lead) + "\n\n";
  std::vector<Block> blocks;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    blocks.push_back(block(table, i, escape_markdown, "**"));
    blocks.back().header = {escape_markdown(header_with_unit(table.columns[i]))};
    blocks.back().measure();
    blocks.back().width = std::max<size_t>(blocks.back().width, 3);
  }
  const auto line = [&](auto cell) {
    out += '|';
    for (const Block& each : blocks) out += " " + cell(each) + " |";
    out += '\n';
  };
  line([](const Block& each) { return padded(each.header[0], each.width, each.left); });
  line([](const Block& each) {
    return (each.left ? ":" : "-") + std::string(each.width - 2, '-') + (each.left ? "-" : ":");
  });
  for (size_t row = 0; row < table.rows.size(); ++row) {
    line([&](const Block& each) { return padded(each.lines[row], each.width, each.left); });
  }
  for (const std::string& note : table.notes)
    out += (&note == table.notes.data() ? "\n- " : "- ") + escape_markdown(note) + "\n";
  return out;
}

}  // namespace saggio::results
