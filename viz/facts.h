// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/query/evaluate.h"
#include "viz/compare/comparison.h"
#include "viz/plan/plan.h"

// All that the store says of one node or edge, in words, as a person reads it: every attribute that
// has a value, when it came and was changed, what said so, and what it is tied to. Data for a panel
// or a table; it knows neither.
namespace saggio::viz {

struct Fact {
  std::string name, value;   // a value longer than kLongestValue is cut, and says so
  std::optional<Slot> node;  // that the value names, and that is there
  std::string link;          // that can be opened: a URL, or the path of a file that is there
  bool operator==(const Fact&) const = default;
};

// An edge of the node.
struct Tie {
  Slot edge = 0, other = 0;
  bool out = true;          // it leads from the node to the other; a self-loop stands once each way
  std::string type, label;  // of the edge; of the other node
  graph::Status status = graph::Status::Open;
  float weight = 1;
  bool operator==(const Tie&) const = default;
};

struct Facts {
  PickId id = 0;
  std::string title;             // "claim rain", "wet supports rain"
  std::string copy_id;           // "#12": what commands and queries take
  bool there = true;             // in what is shown; else `rows` say when it was
  std::vector<Fact> rows;        // what it is and when it holds
  std::vector<Fact> provenance;  // what said so
  std::vector<Tie> ties;         // of a node: out, then in, each by edge
  size_t ties_in_all = 0;
};

inline constexpr size_t kLongestValue = size_t{64} << 10;  // bytes
inline constexpr size_t kMostTies = 200;

struct FactSources {  // borrowed
  const graph::View& view;
  const graph::History& history;
  const graph::TextOf& text_of;
  const std::function<std::string(Slot)>& label_of;
  const std::string& folder;  // of the store; files are looked for there and beside it
  // Of a union of two graphs: rows say what differs, not when a store was told so.
  const Comparison* comparison = nullptr;
};

// Throws std::invalid_argument for what was never in the store; std::runtime_error if a long text
// cannot be read. O(what is listed).
Facts facts_of(PickId picked, const FactSources& sources, size_t most_ties = kMostTies);

// What a value would open: itself if it is a URL of http, https, ftp or file; the path of a file
// that is there, from the root, or from one of `folders`; else empty.
std::string link_of(std::string_view value, const std::vector<std::string>& folders);

}  // namespace saggio::viz
