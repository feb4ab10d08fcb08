// SPDX-License-Identifier: MIT
#pragma once

#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "graph/store/store.h"
#include "graph/view/segment.h"
#include "results/random.h"
#include "tests/graph/store/simulated_files.h"

// The oracle of the store's tests: the same changes made to a Store and to plain maps, one whole
// copy of them for each version. Slow and obvious.
namespace saggio::graph {

struct PlainGraph {
  std::map<NodeId, Node> nodes;
  std::map<EdgeId, Edge> edges;  // those whose own row is there; ends are looked at when asked
  std::map<std::string, Version> tags;

  bool has_node(NodeId id, const AsOf& as_of) const {
    const auto found = nodes.find(id);
    return found != nodes.end() && holds(found->second.attributes.valid, as_of);
  }
  bool has_edge(EdgeId id, const AsOf& as_of) const {
    const auto found = edges.find(id);
    return found != edges.end() && holds(found->second.attributes.valid, as_of) &&
           has_node(found->second.source, as_of) && has_node(found->second.target, as_of);
  }

 private:
  static bool holds(const Valid& valid, const AsOf& as_of) {
    if (!as_of.world) return true;
    const bool from_known = valid.from != kUnknownTime, to_known = valid.to != kUnknownTime;
    if (as_of.certain && !(from_known && to_known)) return false;
    if (from_known && *as_of.world < valid.from) return false;
    return !(to_known && *as_of.world >= valid.to);
  }
};

class RandomHistory {
 public:
  explicit RandomHistory(uint64_t seed) : stream_(seed) {}

  // One change, of any kind; in the store and in the oracle.
  void change(Store& store) {
    const uint64_t what = stream_.below(100);
    if (now.nodes.empty() || what < 30) return add_node(store);
    if (what < 55) return add_edge(store);
    if (what < 60) return add_edges(store);
    if (what < 75) return revise(store, stream_.below(2) == 0);
    if (what < 85) return retire(store, stream_.below(3) == 0);
    if (what < 90) return add_rows(store);
    if (what < 95) return tag(store);
    return add_node(store);
  }

  Version commit(Store& store, Durability durability = Durability::Durable) {
    const Version version = store.commit(durability);
    while (versions.size() <= version) versions.push_back(now);
    return version;
  }

  // Forgets what came after `version`, as Store::rewind and a crash do.
  void back_to(Version version, const Store& store) {
    versions.resize(version + 1);
    now = versions[version];
    rows_.resize(store.history().tables().empty() ? 0 : store.history().row_count(0));
  }

  PlainGraph now;
  std::vector<PlainGraph> versions = {{}};  // [V]: as of version V

  static std::string row(uint64_t number) {
    return std::string(8, static_cast<char>('a' + number % 26));
  }

 private:
  TimeUs some_time() {
    const std::vector<TimeUs> times = {kUnknownTime, kSinceEver, kWithoutEnd, 0, 10, 20, 30};
    return times[stream_.below(times.size())];
  }

  Attributes some_attributes() {
    Attributes a;
    if (stream_.below(2)) a.weight = static_cast<float>(stream_.uniform());
    if (stream_.below(2)) a.status = static_cast<Status>(stream_.below(kStatuses));
    if (stream_.below(3) == 0) a.confidence = {0.25f, -1.5f, "vote of 8"};
    if (stream_.below(3) == 0) a.rule = "modus ponens";
    if (stream_.below(4) == 0) a.labels = {"a", "", "b"};
    if (stream_.below(4) == 0) a.qualifiers = {{"unit", "mm"}, {"unit", "m"}};
    if (stream_.below(4) == 0)
      a.provenance = Provenance{"run", "study", -3, 7, "model", {"x", "y"}};
    if (stream_.below(4) == 0)
      a.span = Span{now.nodes.empty() ? 0 : some_node(), 1, 9, 0, 2, "bytes"};
    if (a.span && now.nodes.empty()) a.span.reset();
    if (!rows_.empty() && stream_.below(3) == 0) a.embedding = {0, stream_.below(rows_.size())};
    a.valid = {some_time(), some_time()};
    if (a.valid.from != kUnknownTime && a.valid.to != kUnknownTime && a.valid.from >= a.valid.to)
      a.valid.to = kUnknownTime;
    return a;
  }

  NodeId some_node() {
    return std::next(now.nodes.begin(), long(stream_.below(now.nodes.size())))->first;
  }
  EdgeId some_edge() {
    return std::next(now.edges.begin(), long(stream_.below(now.edges.size())))->first;
  }

  void add_node(Store& store) {
    Attributes attributes = some_attributes();
    const std::string key = stream_.below(2) ? "k" + std::to_string(stream_.next64()) : "";
    if (stream_.below(8) == 0)
      attributes.text = std::string(60 + stream_.below(9), char('a' + stream_.below(3)));
    const std::string name = key.empty() && !attributes.text.empty()
                                 ? default_key(NodeKind::Step, attributes.text)
                                 : key;
    if (store.history().find_node(name)) return;
    const NodeId id = store.add_node(NodeKind::Step, attributes, key);
    now.nodes[id] = {id, NodeKind::Step, name, attributes};
  }

  void add_edge(Store& store) {
    const TypeId type = store.type(stream_.below(2) ? "supports" : "contradicts");
    const NodeId source = some_node(), target = some_node();
    const Attributes attributes = some_attributes();
    const EdgeId id = store.add_edge(source, type, target, attributes);
    now.edges[id] = {id, source, target, type, attributes};
  }

  void add_edges(Store& store) {
    const TypeId type = store.type("mentions");
    std::vector<NodeId> sources, targets;
    std::vector<float> weights;
    for (uint64_t i = stream_.below(20); i > 0; --i) {
      sources.push_back(some_node());
      targets.push_back(some_node());
      weights.push_back(static_cast<float>(i));
    }
    if (stream_.below(2)) weights.clear();
    const EdgeId first = store.add_edges(type, sources, targets, weights);
    for (size_t i = 0; i < sources.size(); ++i) {
      Edge& edge = now.edges[first + i] = {first + i, sources[i], targets[i], type, {}};
      if (!weights.empty()) edge.attributes.weight = weights[i];
    }
  }

  void revise(Store& store, bool node) {
    if (!node && now.edges.empty()) return;
    const uint64_t id = node ? some_node() : some_edge();
    const Attributes attributes = some_attributes();
    node ? store.revise_node(id, attributes) : store.revise_edge(id, attributes);
    (node ? now.nodes[id].attributes : now.edges[id].attributes) = attributes;
  }

  void retire(Store& store, bool node) {
    if (!node && now.edges.empty()) return;
    const uint64_t id = node ? some_node() : some_edge();
    node ? store.retire_node(id) : store.retire_edge(id);
    node ? now.nodes.erase(id) : now.edges.erase(id);
  }

  void add_rows(Store& store) {
    const TableId table = store.embedding_table({"thoughts", 2, NumberType::F32, "m"});
    const std::string bytes = row(rows_.size()) + row(rows_.size() + 1);
    store.add_rows(table, bytes);
    rows_.resize(rows_.size() + 2);
  }

  void tag(Store& store) {
    const std::string name = "tag " + std::to_string(stream_.below(4));
    const Version version = stream_.below(store.history().head() + 1);
    store.tag(name, version);
    now.tags[name] = version;
  }

  results::Stream stream_;
  std::vector<char> rows_;  // one for each row of the table
};

// A store on simulated files, small enough to pack texts and begin new log files.
inline StoreOptions small_options(FileSystem& files) {
  StoreOptions options;
  options.files = &files;
  options.uuid = Uuid{1, 2, 3};
  options.clock = [] { return TimeUs{0}; };  // commits then differ by a microsecond
  options.log_file_bytes = 2048;
  options.longest_text_in_log = 64;
  return options;
}

// What differs between the history as of one point and the oracle; empty: nothing.
inline std::string difference(const History& history, const PlainGraph& oracle, const AsOf& as_of) {
  std::set<EdgeId> seen_out, seen_in;
  for (NodeId id = 0; id <= history.node_count(); ++id) {
    const bool there = oracle.has_node(id, as_of);
    const auto node = history.node(id, as_of);
    if (there != node.has_value() || there != history.has_node(id, as_of))
      return "node " + std::to_string(id) + " is there or not";
    if (!there) continue;
    Node expected = oracle.nodes.at(id);
    if (node->attributes.packed &&
        node->attributes.packed->hash == sha256(expected.attributes.text))
      expected.attributes.packed = node->attributes.packed, expected.attributes.text.clear();
    if (node->kind != expected.kind || node->key != expected.key ||
        node->attributes != expected.attributes)
      return "node " + std::to_string(id) + " differs";
    for (const EdgeId edge : history.out(id, as_of)) seen_out.insert(edge);
    for (const EdgeId edge : history.in(id, as_of)) seen_in.insert(edge);
  }
  std::vector<EdgeId> edges;
  for (EdgeId id = 0; id <= history.edge_count(); ++id) {
    const bool there = oracle.has_edge(id, as_of);
    const auto edge = history.edge(id, as_of);
    if (there != edge.has_value()) return "edge " + std::to_string(id) + " is there or not";
    if (there != seen_out.contains(id) || there != seen_in.contains(id))
      return "edge " + std::to_string(id) + " is not where its ends are";
    if (!there) continue;
    edges.push_back(id);
    const Edge& expected = oracle.edges.at(id);
    if (edge->source != expected.source || edge->target != expected.target ||
        edge->type != expected.type || edge->attributes != expected.attributes)
      return "edge " + std::to_string(id) + " differs";
  }
  return edges == history.edges(as_of) ? "" : "edges() differs";
}

// What differs at any version and at several times in the world.
inline std::string difference(const History& history, const std::vector<PlainGraph>& versions) {
  if (history.head() + 1 != versions.size()) return "the number of versions differs";
  const std::vector<std::optional<TimeUs>> worlds = {std::nullopt, -1, 0, 10, 19, 20, 30};
  for (Version version = 0; version < versions.size(); ++version)
    for (const auto& world : worlds)
      for (const bool certain : {false, true}) {
        const AsOf as_of{version, world, certain};
        const std::string found = difference(history, versions[version], as_of);
        if (!found.empty())
          return found + ", version " + std::to_string(version) + ", world " +
                 (world ? std::to_string(*world) : "any") + (certain ? ", certain" : "");
      }
  return history.tags() == versions.back().tags ? "" : "tags differ";
}

// Every array of a View, as bytes.
inline std::vector<std::pair<std::string, std::string>> bytes_of(const View& view) {
  std::vector<std::pair<std::string, std::string>> found;
  ViewArrays::for_each(
      [&](const char* name, const auto& array) {
        std::string bytes(array.size_bytes(), '\0');
        if (!bytes.empty()) std::memcpy(bytes.data(), array.data(), bytes.size());
        found.emplace_back(name, bytes);
      },
      view.arrays());
  return found;
}

// A history with reopening, crashes, rewinds and compactions; what differs at its end between the
// store, a reader that followed, a fresh reader, the head's view and the oracle.
inline std::string compare_random_history(uint64_t seed) {
  SimulatedFiles files;
  RandomHistory history(seed);
  results::Stream stream(seed, 1u << 20);
  std::optional<Store> store = Store::open("s", small_options(files));
  Reader follower = Reader::open("s", &files);
  for (uint64_t group = 0, groups = stream.below(12); group < groups; ++group) {
    for (uint64_t i = stream.below(8); i > 0; --i) history.change(*store);
    const uint64_t what = stream.below(20);
    if (what == 0) {  // a crash of the process
      store.reset();
      store = Store::open("s", small_options(files));
      history.back_to(store->history().head(), *store);
    } else if (what == 1) {
      const Version to = stream.below(store->history().head() + 1);
      store->rewind(to);
      history.back_to(to, *store);
    } else {
      history.commit(*store, what % 2 ? Durability::Visible : Durability::Durable);
    }
    if (what % 6 == 2 && !store->has_pending()) compact(*store);
    if (what % 3 == 0) follower.poll();
  }
  history.back_to(store->history().head(), *store);  // what is pending is in no version
  follower.poll();
  const Reader fresh = Reader::open("s", &files);
  for (const History* read : {&store->history(), &follower.history(), &fresh.history()}) {
    const std::string found = difference(*read, history.versions);
    if (!found.empty()) return found;
  }
  const View opened = open_view("s", &files);
  opened.verify();
  return bytes_of(opened) == bytes_of(View::build(fresh.history())) ? "" : "the view differs";
}

}  // namespace saggio::graph
