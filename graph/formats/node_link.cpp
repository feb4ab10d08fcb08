// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "graph/formats/bulk.h"
#include "graph/formats/import.h"
#include "graph/formats/json_stream.h"
#include "graph/formats/json_text.h"
#include "graph/formats/record_json.h"

// Node-link JSON, element by element: the parser hands over each node and edge when it ends, and
// forgets it.
namespace saggio::graph {
namespace {

using nlohmann::json;
using Event = json::parse_event_t;

const json& member(const json& element, const char* key) {
  const auto found = element.find(key);
  if (found == element.end())
    throw std::invalid_argument(fmt::format(
        "an element without \"{}\": nodes have an id, edges a source and a target", key));
  return *found;
}

// Elements of a graph on their way into a store.
class NodeLinkImport {
 public:
  NodeLinkImport(Store& store, ImportReport& report, const ImportOptions& options)
      : bulk_(store, report), history_(store.history()), report_(report), options_(options) {}

  void node(json element) {
    const std::string key = key_of(member(element, "id"));
    element.erase("id");
    const auto kind = take_kind(element);
    bulk_.node(key, kind, lenient_attributes(std::move(element), history_));
  }

  void edge(json element) {
    const std::string source = key_of(member(element, "source"));
    const std::string target = key_of(member(element, "target"));
    element.erase("source");
    element.erase("target");
    const TypeId type = bulk_.type(take_type(element));
    if (element.contains("key") && element["key"] == 0) element.erase("key");
    const uint64_t before = report_.nodes_added;
    const NodeId from = bulk_.node(source), to = bulk_.node(target);
    implied_ += report_.nodes_added - before;
    bulk_.edge(from, type, to, lenient_attributes(std::move(element), history_));
  }

  void finish() {
    bulk_.finish();
    if (implied_ > 0)
      report_.notes.push_back(
          fmt::format("{} of the nodes stand only at the ends of edges", implied_));
  }

 private:
  // The text of an id; two ids of different types must not have the same.
  std::string key_of(const json& id) {
    if (id.is_structured())
      throw std::invalid_argument(
          fmt::format("id = {}, allowed text, a number, true, false or null", clean(id.dump())));
    std::string key = plain_text(id);
    const bool is_text = id.is_string();
    const auto [known, is_new] = is_text_.try_emplace(key, is_text);
    if (!is_new && known->second != is_text)
      throw std::invalid_argument(fmt::format(
          "id {} is there as text and as another value, which would be one node: rename one",
          shown(key)));
    return key;
  }

  static std::optional<NodeKind> take_kind(json& element) {
    const auto found = element.find("kind");
    if (found == element.end() || !found->is_string()) return std::nullopt;
    const auto kind = find_kind(found->get_ref<const std::string&>());
    if (kind) element.erase("kind");
    return kind;
  }

  std::string take_type(json& element) const {
    for (const char* key : {"type", "relation", "kind", "key"}) {
      const auto found = element.find(key);
      if (found == element.end() || !found->is_string()) continue;
      std::string type = found->get<std::string>();
      element.erase(key);
      return type;
    }
    return options_.edge_type;
  }

  BulkImport bulk_;
  const History& history_;
  ImportReport& report_;
  const ImportOptions& options_;
  std::unordered_map<std::string, bool> is_text_;  // by id
  uint64_t implied_ = 0;
};

// Takes what the parser finds, by its depth: 0 the graph, 1 its members, 2 nodes and edges.
class Elements {
 public:
  Elements(NodeLinkImport& import, ImportReport& report, JsonProgress& progress)
      : import_(import), report_(report), progress_(progress) {}

  // False: the parser forgets the value.
  bool operator()(int depth, Event event, json& value) {
    limits_.check(depth, event, value);
    if (depth == 0) return graph(event);
    if (depth == 1 && event == Event::key) return begin_member(value.get<std::string>());
    if (is_list_ && depth == 1) check_is_list(event);
    if (is_list_ && depth == 2) return element(event, value);
    return true;
  }

  void finish(const json& rest) {
    for (const auto& [name, value] : rest.items()) note(name, value);
    for (json& edge : early_) import_.edge(std::move(edge));
    if (!has_nodes_)
      throw std::invalid_argument(
          "no \"nodes\": allowed is what networkx's node_link_data writes, an object with "
          "\"nodes\" "
          "and \"links\" or \"edges\"");
    import_.finish();
  }

 private:
  static bool graph(Event event) {
    if (event != Event::object_start && event != Event::object_end)
      throw std::invalid_argument("is no object: a graph is {\"nodes\": [...], \"links\": [...]}");
    return true;
  }

  // What is left of the graph, its nodes and edges taken out: the store does not keep it.
  void note(const std::string& name, const json& value) {
    if (name == "directed" && value == false)
      report_.notes.push_back("the graph is undirected: each edge stands once, as it is written");
    else if (name != "directed" && name != "multigraph" &&
             !(value.is_structured() && value.empty()))
      report_.notes.push_back(fmt::format("not kept: {} = {}", shown(name), clean(value.dump())));
  }

  bool begin_member(const std::string& name) {
    member_ = name;
    is_list_ = name == "nodes" || name == "links" || name == "edges";
    progress_.element_bytes = 0;
    return true;
  }

  void check_is_list(Event event) {
    if (event != Event::array_start && event != Event::array_end)
      throw std::invalid_argument(fmt::format("{} is no list", shown(member_)));
    has_nodes_ = has_nodes_ || (event == Event::array_end && member_ == "nodes");
  }

  bool element(Event event, json& value) {
    if (event == Event::object_start) return true;
    if (event != Event::object_end)
      throw std::invalid_argument(
          fmt::format("{} holds what is no object: nodes and edges are", shown(member_)));
    progress_.element_bytes = 0;
    if (member_ == "nodes")
      import_.node(std::move(value));
    else if (has_nodes_)
      import_.edge(std::move(value));
    else
      early_.push_back(std::move(value));
    return false;
  }

  NodeLinkImport& import_;
  ImportReport& report_;
  JsonProgress& progress_;
  JsonLimits limits_;
  std::string member_;
  bool is_list_ = false, has_nodes_ = false;
  std::vector<json> early_;  // edges before the nodes
};

}  // namespace

ImportReport read_node_link(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  JsonProgress progress;
  NodeLinkImport import(store, report, options);
  Elements elements(import, report, progress);
  at_json_line(options.name, progress, [&] {
    elements.finish(parse_json_stream(in, progress, std::ref(elements)));
  });
  count_lines(progress, report);
  return report;
}

}  // namespace saggio::graph
