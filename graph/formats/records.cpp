// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unordered_map>

#include "graph/formats/bulk.h"
#include "graph/formats/import.h"
#include "graph/formats/json_text.h"
#include "graph/formats/record_json.h"

namespace saggio::graph {
namespace {

using nlohmann::json;

// Brings a store to what records say, one after the other.
class RecordAppender {
 public:
  RecordAppender(Store& store, ImportReport& report) : store_(store), report_(report) {}

  void append(const json& record) {
    if (!record.is_object())
      throw std::invalid_argument(
          "is no object: a record is {\"node\": ...}, {\"edge\": ...} or "
          "{\"retire\": ...}");
    const int kinds = record.contains("node") + record.contains("edge") + record.contains("retire");
    if (kinds != 1)
      throw std::invalid_argument(
          fmt::format("{} of the keys \"node\", \"edge\", \"retire\", allowed one of them", kinds));
    if (record.contains("node"))
      node(record);
    else if (record.contains("edge"))
      edge(record);
    else
      retire(record);
  }

  // To be called after a commit: what was pending can be read from the history.
  void forget_pending() {
    nodes_.clear();
    edges_.clear();
  }

 private:
  // What the history does not show before the commit.
  struct Pending {
    Sha256 digest{};
    bool is_retired = false;
    NodeKind kind = NodeKind::Entity;  // of a node
  };

  const History& history() const { return store_.history(); }

  Pending node_state(NodeId id) const {
    const auto pending = nodes_.find(id);
    if (pending != nodes_.end()) return pending->second;
    const auto node = history().node(id);
    return {digest_of(node->attributes), false, node->kind};
  }

  bool is_live_edge(EdgeId id) const {
    const auto pending = edges_.find(id);
    return pending != edges_.end() ? !pending->second.is_retired : history().has_edge(id);
  }

  Sha256 edge_digest(EdgeId id) const {
    const auto pending = edges_.find(id);
    if (pending != edges_.end()) return pending->second.digest;
    return digest_of(history().edge(id)->attributes);
  }

  static std::optional<NodeKind> kind_of(const json& record) {
    const auto found = record.find("kind");
    if (found == record.end()) return std::nullopt;
    const auto kind = found->is_string() ? find_kind(found->get<std::string>()) : std::nullopt;
    if (!kind)
      throw std::invalid_argument(
          fmt::format("kind = {}, allowed {}", clean(found->dump()), kind_names()));
    return kind;
  }

  // The key that a record gives or, with null, the one that its kind and text give.
  static std::string key_of(const json& given, NodeKind kind, const std::string& text) {
    if (given.is_string() && !given.get_ref<const std::string&>().empty())
      return given.get<std::string>();
    if (!given.is_null() || text.empty())
      throw std::invalid_argument(
          fmt::format("node = {}, allowed a text that is not empty, or null for a node with a text",
                      clean(given.dump())));
    return default_key(kind, text);
  }

  void node(const json& record) {
    const Attributes attributes = strict_attributes(record, history(), {"node", "kind"});
    const auto kind = kind_of(record);
    const NodeKind chosen = kind.value_or(NodeKind::Entity);
    const std::string key = key_of(record["node"], chosen, attributes.text);
    const auto known = history().find_node(key);
    const Sha256 digest = digest_of(attributes);
    if (!known) {
      nodes_[store_.add_node(chosen, attributes, key)] = {digest, false, chosen};
      ++report_.nodes_added;
      return;
    }
    const Pending state = node_state(*known);
    if (kind && *kind != state.kind)
      throw std::invalid_argument(
          fmt::format("kind = {}, but this node is there as {}, and a kind never changes: retire "
                      "it first, or give another key",
                      name(*kind),
                      name(state.kind)));
    if (digest == state.digest) return void(++report_.unchanged);
    store_.revise_node(*known, attributes);
    nodes_[*known] = {digest, false, state.kind};
    ++report_.nodes_revised;
  }

  static void check_ends(const json& ends, const char* what, const char* allowed) {
    const auto is_text = [](const json& end) { return end.is_string(); };
    if (!ends.is_array() || ends.size() != 3 || !std::all_of(ends.begin(), ends.end(), is_text))
      throw std::invalid_argument(
          fmt::format("{} = {}, allowed {}", what, clean(ends.dump()), allowed));
  }

  NodeId end_of(const json& key) const {
    const auto& text = key.get_ref<const std::string&>();
    const auto id = history().find_node(text);
    if (!id)
      throw std::invalid_argument(
          fmt::format("no node has the key {}: give its record before its edges", shown(text)));
    return *id;
  }

  void edge(const json& record) {
    const Attributes attributes = strict_attributes(record, history(), {"edge", "ordinal"});
    const json& given = record["edge"];
    check_ends(given, "edge", "[source key, type, target key]");
    const NodeId source = end_of(given[0]), target = end_of(given[2]);
    const TypeId type = store_.type(given[1].get<std::string>());
    const auto known = find(source, type, target, record);
    const Sha256 digest = digest_of(attributes);
    if (!known) {
      const EdgeId id = store_.add_edge(source, type, target, attributes);
      edges_[id].digest = digest;
      ++report_.edges_added;
    } else if (!is_live_edge(*known)) {
      ++report_.passed_over;
    } else if (edge_digest(*known) == digest) {
      ++report_.unchanged;
    } else {
      store_.revise_edge(*known, attributes);
      edges_[*known].digest = digest;
      ++report_.edges_revised;
    }
  }

  // The edge of these ends that a record means: its ordinal-th, retired or not; without an ordinal,
  // the first that is not retired. nullopt: it is not there yet.
  std::optional<EdgeId> find(NodeId source, TypeId type, NodeId target, const json& record) {
    const std::vector<EdgeId> ids = history().edges_between(source, type, target);
    if (!record.contains("ordinal")) {
      for (const EdgeId id : ids)
        if (is_live_edge(id)) return id;
      return std::nullopt;
    }
    const json& given = record["ordinal"];
    const uint64_t ordinal = given.is_number_unsigned() ? given.get<uint64_t>() : UINT64_MAX;
    if (ordinal > ids.size())
      throw std::invalid_argument(
          fmt::format("ordinal = {}, allowed 0..{}: there are {} edges of these ends and type",
                      clean(given.dump()),
                      ids.size(),
                      ids.size()));
    return ordinal < ids.size() ? std::optional(ids[ordinal]) : std::nullopt;
  }

  void retire(const json& record) {
    const json& given = record["retire"];
    for (const auto& [key, value] : record.items())
      if (key != "retire" && (key != "ordinal" || given.is_string()))
        throw std::invalid_argument(
            fmt::format("key {} beside \"retire\", allowed: ordinal, of an edge", shown(key)));
    if (given.is_string()) return retire_node(given.get<std::string>());
    check_ends(given, "retire", "a node's key, or [source key, type, target key]");
    retire_edge(given, record);
  }

  void retire_node(const std::string& key) {
    const auto id = history().find_node(key);
    if (!id) return void(++report_.passed_over);
    store_.retire_node(*id);
    nodes_[*id].is_retired = true;
    ++report_.nodes_retired;
  }

  void retire_edge(const json& given, const json& record) {
    const auto source = history().find_node(given[0].get<std::string>());
    const auto target = history().find_node(given[2].get<std::string>());
    const auto type = history().find_type(given[1].get<std::string>());
    if (!source || !target || !type) return void(++report_.passed_over);
    const auto id = find(*source, *type, *target, record);
    if (!id || !is_live_edge(*id)) return void(++report_.passed_over);
    store_.retire_edge(*id);
    edges_[*id].is_retired = true;
    ++report_.edges_retired;
  }

  Store& store_;
  ImportReport& report_;
  std::unordered_map<NodeId, Pending> nodes_;
  std::unordered_map<EdgeId, Pending> edges_;
};

}  // namespace

ImportReport append_records(std::istream& in,
                            Store& store,
                            const ImportOptions& options,
                            uint64_t every) {
  if (store.has_pending())
    throw std::invalid_argument(
        fmt::format("{}: an append with pending changes: commit them first", store.folder()));
  ImportReport report;
  RecordAppender appender(store, report);
  LineReader lines(in, options.name);
  uint64_t records = 0;
  for (std::string_view line; lines.next(line);) {
    at_line(lines, [&] { appender.append(parse_json(line)); });
    if (every == 0 || ++records % every != 0 || !store.has_pending()) continue;
    store.commit();
    appender.forget_pending();
  }
  count_lines(lines, report);
  return report;
}

}  // namespace saggio::graph
