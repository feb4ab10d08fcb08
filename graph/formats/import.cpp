// SPDX-License-Identifier: MIT
#include "graph/formats/import.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace saggio::graph {
namespace {

template <size_t N>
std::optional<Format> look_up(const std::array<std::pair<std::string_view, Format>, N>& table,
                              std::string_view name) {
  for (const auto& [known, format] : table)
    if (known == name) return format;
  return std::nullopt;
}

}  // namespace

std::optional<Format> find_format(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Format>, 4> kNames = {
      {{"edges", Format::Edges},
       {"triples", Format::Triples},
       {"node-link", Format::NodeLink},
       {"records", Format::Records}}};
  return look_up(kNames, name);
}

std::optional<Format> format_of_file(std::string_view file) {
  constexpr std::array<std::pair<std::string_view, Format>, 8> kEndings = {
      {{"edges", Format::Edges},
       {"edgelist", Format::Edges},
       {"el", Format::Edges},
       {"wel", Format::Edges},
       {"csv", Format::Edges},
       {"tsv", Format::Triples},
       {"json", Format::NodeLink},
       {"jsonl", Format::Records}}};
  const size_t dot = file.rfind('.');
  return dot == std::string_view::npos ? std::nullopt : look_up(kEndings, file.substr(dot + 1));
}

ImportReport import_from(std::istream& in,
                         Format format,
                         Store& store,
                         const ImportOptions& options) {
  switch (format) {
    case Format::Edges:
      return read_edge_list(in, store, options);
    case Format::Triples:
      return read_triples(in, store, options);
    case Format::NodeLink:
      return read_node_link(in, store, options);
    case Format::Records:
      return append_records(in, store, options);
  }
  throw std::invalid_argument("a format that is none of " + std::string(kFormatNames));
}

}  // namespace saggio::graph
