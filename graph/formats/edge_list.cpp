// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <stdexcept>

#include "graph/formats/bulk.h"
#include "graph/formats/fields.h"
#include "graph/formats/import.h"

// Edge lists and triples: one edge a line.
namespace saggio::graph {
namespace {

constexpr std::string_view kSpace = " \t\v\f";
constexpr std::string_view kEdgeLine = "allowed: source target [weight]";

void skip_space(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
}

// The fields of a line; two of them are separated by white space, with at most one comma in it.
std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (bool more = true; more;) {
    skip_space(line);
    const size_t end = std::min(line.find_first_of(" \t\v\f,"), line.size());
    if (end == 0)
      throw std::invalid_argument(
          fmt::format("field {} is empty, {}", fields.size() + 1, kEdgeLine));
    fields.push_back(line.substr(0, end));
    line.remove_prefix(end);
    skip_space(line);
    more = !line.empty();
    if (line.starts_with(',')) line.remove_prefix(1);
  }
  return fields;
}

float weight_of(std::string_view text) {
  double weight = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  const bool read = error == std::errc() && end == text.data() + text.size();
  const auto narrow = static_cast<float>(weight);
  if (!read || !std::isfinite(narrow))
    throw std::invalid_argument(fmt::format(
        "weight = {}, allowed a finite number; a name with spaces needs triples", shown(text)));
  return narrow;
}

void add_line(std::string_view line, TypeId type, BulkImport& bulk) {
  const auto fields = fields_of(line);
  if (fields.size() < 2 || fields.size() > 3)
    throw std::invalid_argument(fmt::format("{} fields, {}", fields.size(), kEdgeLine));
  const float weight = fields.size() == 3 ? weight_of(fields[2]) : 1;
  const NodeId source = bulk.node(fields[0]);
  bulk.edge(source, type, bulk.node(fields[1]), {.weight = weight});
}

void add_triple(std::string_view line, BulkImport& bulk) {
  std::vector<std::string_view> fields;
  for (size_t begin = 0, end = 0; end != std::string_view::npos; begin = end + 1) {
    end = line.find('\t', begin);
    fields.push_back(trimmed(line.substr(begin, end - begin)));
  }
  constexpr std::string_view kAllowed = "allowed: head<TAB>relation<TAB>tail";
  if (fields.size() != 3)
    throw std::invalid_argument(fmt::format("{} {} between tabs, {}",
                                            fields.size(),
                                            fields.size() == 1 ? "field" : "fields",
                                            kAllowed));
  for (size_t i = 0; i < 3; ++i)
    if (fields[i].empty())
      throw std::invalid_argument(fmt::format("field {} is empty, {}", i + 1, kAllowed));
  const NodeId head = bulk.node(fields[0]);
  const TypeId relation = bulk.type(fields[1]);
  bulk.edge(head, relation, bulk.node(fields[2]), {});
}

}  // namespace

ImportReport read_edge_list(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  BulkImport bulk(store, report);
  LineReader lines(in, options.name);
  std::optional<TypeId> type;
  for (std::string_view line; lines.next(line);) {
    skip_space(line);
    if (line.starts_with('#') || line.starts_with('%')) {
      ++report.comments;
      continue;
    }
    if (!type) type = bulk.type(options.edge_type);
    at_line(lines, [&] { add_line(line, *type, bulk); });
  }
  bulk.finish();
  count_lines(lines, report);
  return report;
}

ImportReport read_triples(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  BulkImport bulk(store, report);
  LineReader lines(in, options.name);
  for (std::string_view line; lines.next(line);) at_line(lines, [&] { add_triple(line, bulk); });
  bulk.finish();
  count_lines(lines, report);
  return report;
}

}  // namespace saggio::graph
