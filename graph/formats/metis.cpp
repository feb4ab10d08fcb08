// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

#include "graph/formats/bulk.h"
#include "graph/formats/fields.h"
#include "graph/formats/import.h"

// METIS graphs: a header, then a line for each vertex, which names its neighbours (METIS manual
// 5.1.0, section 4.1.1). Networkit's dialect besides: weights that are not whole, loops.
namespace saggio::graph {
namespace {

constexpr std::string_view kHeaderLine =
    "vertices edges [format [weights of a vertex]], a format being up to three digits 0 or 1: "
    "vertex sizes, vertex weights, edge weights";

struct Header {
  uint64_t vertices = 0, edges = 0, vertex_weights = 0;
  bool has_sizes = false, has_edge_weights = false;
};

Header header_of(std::string_view line) {
  constexpr uint64_t kMost = UINT32_MAX - 1;  // of a store
  Fields fields(line);
  Header header;
  header.vertices = whole_number(fields.next("number of vertices"), "vertices", 0, kMost);
  header.edges = whole_number(fields.next("number of edges"), "edges", 0, kMost);
  if (!fields.more()) return header;
  const std::string_view format = fields.next("format");
  if (format.size() > 3 || format.find_first_not_of("01") != std::string_view::npos)
    throw std::invalid_argument(
        fmt::format("format = {}, allowed: {}", shown(format), kHeaderLine));
  const auto digit = [&](size_t from_right) {
    return format.size() > from_right && format[format.size() - 1 - from_right] == '1';
  };
  header.has_edge_weights = digit(0);
  header.vertex_weights = digit(1) ? 1 : 0;
  header.has_sizes = digit(2);
  if (fields.more()) {
    const uint64_t count = whole_number(fields.next("count"), "weights of a vertex", 0, 1000);
    if (digit(1)) header.vertex_weights = count;
  }
  fields.end(kHeaderLine);
  return header;
}

class MetisImport {
 public:
  MetisImport(const Header& header, BulkImport& bulk, TypeId type)
      : header_(header), bulk_(bulk), type_(type) {}

  bool is_done() const { return vertex_ == header_.vertices; }
  uint64_t vertices() const { return vertex_; }
  uint64_t edges() const { return edges_; }

  // The line of the next vertex.
  void vertex(std::string_view line) {
    Fields fields(line);
    const NodeId id = node(fields, ++vertex_);
    std::vector<Half> before;
    while (fields.more()) {
      const Half half = half_edge(fields);
      if (half.other > vertex_)
        expected_[half.other].push_back({vertex_, half.weight});
      else if (half.other < vertex_)
        before.push_back(half);
      else
        add(id, id, half.weight);
    }
    check_both_sides(before);
    for (const Half& half : before) add(bulk_.node(key(half.other)), id, half.weight);
  }

 private:
  // An edge as one of its ends names it.
  struct Half {
    uint64_t other = 0;
    float weight = 1;
    bool operator==(const Half&) const = default;
    bool operator<(const Half& half) const {
      return other != half.other ? other < half.other : weight < half.weight;
    }
  };

  static std::string key(uint64_t vertex) { return fmt::format("{}", vertex); }

  NodeId node(Fields& fields, uint64_t vertex) {
    if (!header_.has_sizes && header_.vertex_weights == 0) return bulk_.node(key(vertex));
    Attributes attributes;
    if (header_.has_sizes)
      attributes.qualifiers.emplace_back("size", fields.next("size of the vertex"));
    for (uint64_t i = 0; i < header_.vertex_weights; ++i) {
      const std::string_view text = fields.next("weight of the vertex");
      const float weight = finite_number(text, "weight of the vertex");
      if (i == 0)
        attributes.weight = weight;
      else
        attributes.qualifiers.emplace_back(fmt::format("weight {}", i + 1), text);
    }
    return bulk_.node(key(vertex), NodeKind::Entity, attributes);
  }

  Half half_edge(Fields& fields) const {
    Half half;
    half.other = whole_number(fields.next("neighbour"), "neighbour", 1, header_.vertices);
    if (header_.has_edge_weights)
      half.weight = finite_number(fields.next("weight behind the last neighbour"), "weight");
    return half;
  }

  // What a vertex says of those before it is what they have said of it.
  void check_both_sides(std::vector<Half> before) {
    std::vector<Half> expected;
    if (const auto found = expected_.extract(vertex_)) expected = std::move(found.mapped());
    std::sort(before.begin(), before.end());
    std::sort(expected.begin(), expected.end());
    const auto [ours, theirs] =
        std::mismatch(before.begin(), before.end(), expected.begin(), expected.end());
    if (ours == before.end() && theirs == expected.end()) return;
    const bool is_ours = theirs == expected.end() || (ours != before.end() && *ours < *theirs);
    const Half& half = is_ours ? *ours : *theirs;
    throw std::invalid_argument(
        fmt::format("the edge of {} and {} of weight {} stands in the line of vertex {} alone: "
                    "allowed are undirected graphs, each edge in the lines of both ends",
                    half.other,
                    vertex_,
                    half.weight,
                    is_ours ? vertex_ : half.other));
  }

  void add(NodeId source, NodeId target, float weight) {
    bulk_.edge(source, type_, target, {.weight = weight});
    ++edges_;
  }

  const Header header_;
  BulkImport& bulk_;
  const TypeId type_;
  uint64_t vertex_ = 0, edges_ = 0;
  // By a vertex whose line is still to come: what those before it say of it.
  std::unordered_map<uint64_t, std::vector<Half>> expected_;
};

bool is_comment(std::string_view line) { return trimmed(line).starts_with('%'); }

// The first line that is neither blank nor a comment.
Header read_header(LineReader& lines, ImportReport& report) {
  Header header;
  for (std::string_view line; lines.next(line); ++report.comments) {
    if (is_comment(line)) continue;
    at_line(lines, [&] { header = header_of(line); });
    return header;
  }
  lines.refuse(fmt::format("no header, allowed: {}", kHeaderLine));
}

void read_vertices(LineReader& lines, MetisImport& import, ImportReport& report) {
  std::string_view line;
  while (!import.is_done() && lines.next_or_blank(line)) {
    if (is_comment(line))
      ++report.comments;
    else
      at_line(lines, [&] { import.vertex(line); });
  }
  while (lines.next(line)) {
    if (!is_comment(line))
      lines.refuse(fmt::format("a line behind those of the {} vertices that the header announces",
                               import.vertices()));
    ++report.comments;
  }
}

}  // namespace

ImportReport read_metis(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  BulkImport bulk(store, report);
  LineReader lines(in, options.name);
  const Header header = read_header(lines, report);
  MetisImport import(header, bulk, bulk.type(options.edge_type));
  read_vertices(lines, import, report);
  if (!import.is_done())
    lines.refuse(fmt::format("the header announces {} vertices, here are the lines of {}",
                             header.vertices,
                             import.vertices()));
  if (import.edges() != header.edges)
    lines.refuse(
        fmt::format("the header announces {} edges, here are {}", header.edges, import.edges()));
  bulk.finish();
  count_lines(lines, report);
  report.notes.push_back(
      "the graph is undirected: each edge stands once, from the end with the smaller number");
  return report;
}

}  // namespace saggio::graph
