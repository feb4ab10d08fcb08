// SPDX-License-Identifier: MIT
#include "graph/query/point.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "graph/formats/lines.h"
#include "graph/formats/time_text.h"

namespace saggio::graph {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// nullopt: no number, or too large.
std::optional<uint64_t> number_in(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (!is_number(text) || error != std::errc()) return std::nullopt;
  return number;
}

std::optional<NodeId> find_by_key(const History& history, std::string_view key, const AsOf& as_of) {
  const auto now = history.find_node(key);
  if (now && history.has_node(*now, as_of)) return now;
  for (NodeId id = 0; id < history.node_count(); ++id)  // one that is retired by now
    if (history.node_key(id) == key && history.has_node(id, as_of)) return id;
  return std::nullopt;
}

std::string missing(const std::string& name, const History& history, const AsOf& as_of) {
  return fmt::format(
      "{}: no such node at that point of version {}; give a key, or '#ID' for node ID",
      clean(name),
      std::min(as_of.version, history.head()));
}

}  // namespace

Version version_named(const History& history, std::string_view when, std::string_view what) {
  if (is_number(when)) {
    const auto version = number_in(when);
    if (version && *version <= history.head()) return *version;
    throw std::invalid_argument(
        fmt::format("{} = {}, allowed are versions 0..{}", what, when, history.head()));
  }
  const auto tag = history.tags().find(std::string(when));
  if (tag != history.tags().end()) return tag->second;
  if (const auto time = parse_time(when)) return history.version_at(*time);
  std::vector<std::string> tags;
  for (const auto& [name, version] : history.tags()) tags.push_back(clean(name));
  throw std::invalid_argument(fmt::format(
      "{} = {}, allowed: a version 0..{}, a tag ({}), or a UTC date or time like 2024-02-29T12:30",
      what,
      clean(when),
      history.head(),
      tags.empty() ? "there are none" : fmt::format("{}", fmt::join(tags, ", "))));
}

NodeId node_named(const History& history, const std::string& name, const AsOf& as_of) {
  const auto id =
      name.starts_with('#') ? number_in(std::string_view(name).substr(1)) : std::nullopt;
  if (id && history.has_node(*id, as_of)) return *id;
  if (const auto found = find_by_key(history, name, as_of)) return *found;
  throw std::invalid_argument(missing(name, history, as_of));
}

NodeId node_named(const History& history, const NodeName& name, const AsOf& as_of) {
  if (name.id && history.has_node(*name.id, as_of)) return *name.id;
  if (!name.id)
    if (const auto found = find_by_key(history, name.key, as_of)) return *found;
  throw NoSuchNode(name.at,
                   missing(name.id ? fmt::format("#{}", *name.id) : name.key, history, as_of));
}

AsOf point_of(const Query& query, const History& history, const AsOf& otherwise) {
  AsOf as_of = otherwise;
  if (query.as_of) as_of.version = version_named(history, *query.as_of, "as of");
  if (query.valid_at) as_of.world = query.valid_at, as_of.certain = query.certain;
  as_of.version = std::min(as_of.version, history.head());
  return as_of;
}

}  // namespace saggio::graph
