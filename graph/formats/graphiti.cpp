// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "graph/formats/bulk.h"
#include "graph/formats/import.h"
#include "graph/formats/json_stream.h"
#include "graph/formats/json_text.h"
#include "graph/formats/time_text.h"

// Graphiti's nodes, episodes and facts, as its models print them as JSON (getzep/graphiti,
// graphiti_core/nodes.py and edges.py), in lists of one object.
namespace saggio::graph {
namespace {

using nlohmann::json;
using Event = json::parse_event_t;

// A list that an export may have.
struct List {
  std::string_view name;
  bool is_edges;
  NodeKind kind;          // of its nodes, if they say no other
  std::string_view type;  // of its edges, if they say none
};

constexpr std::array<List, 15> kLists = {
    {{"nodes", false, NodeKind::Entity, ""},
     {"entities", false, NodeKind::Entity, ""},
     {"entity_nodes", false, NodeKind::Entity, ""},
     {"communities", false, NodeKind::Entity, ""},
     {"community_nodes", false, NodeKind::Entity, ""},
     {"episodes", false, NodeKind::Episode, ""},
     {"episodic_nodes", false, NodeKind::Episode, ""},
     {"edges", true, NodeKind::Entity, "RELATES_TO"},
     {"entity_edges", true, NodeKind::Entity, "RELATES_TO"},
     {"facts", true, NodeKind::Entity, "RELATES_TO"},
     {"episodic_edges", true, NodeKind::Episode, "MENTIONS"},
     {"community_edges", true, NodeKind::Entity, "HAS_MEMBER"},
     {"has_episode_edges", true, NodeKind::Entity, "HAS_EPISODE"},
     {"next_episode_edges", true, NodeKind::Episode, "NEXT_EPISODE"},
     {"sagas", false, NodeKind::Entity, ""}}};

const List* find_list(std::string_view name) {
  const auto found =
      std::find_if(kLists.begin(), kLists.end(), [&](const List& l) { return l.name == name; });
  return found == kLists.end() ? nullptr : &*found;
}

// Databases write more decimals than the six that a store keeps.
std::string to_microseconds(std::string text) {
  const size_t dot = text.find('.');
  if (dot == std::string::npos) return text;
  const size_t end = std::min(text.find_first_not_of("0123456789", dot + 1), text.size());
  if (end > dot + 7) text.erase(dot + 7, end - dot - 7);
  return text;
}

TimeUs take_time(json& element, const char* key) {
  const std::string text = take_text(element, key);
  if (text.empty()) return kUnknownTime;
  const auto time = parse_time(to_microseconds(text));
  if (!time)
    throw std::invalid_argument(
        fmt::format("{} = {}, allowed a date or time like 2024-02-29T12:30:00Z", key, shown(text)));
  return *time;
}

std::vector<std::string> take_texts(json& element, const char* key) {
  const json list = take_member(element, key);
  std::vector<std::string> texts;
  const auto is_text = [](const json& item) { return item.is_string(); };
  if (list.is_null()) return texts;
  if (!list.is_array() || !std::all_of(list.begin(), list.end(), is_text))
    throw std::invalid_argument(
        fmt::format("{} = {}, allowed a list of texts", key, clean(list.dump())));
  return list.get<std::vector<std::string>>();
}

std::string take_name(json& element, const char* key) {
  std::string name = take_text(element, key);
  if (name.empty())
    throw std::invalid_argument(
        fmt::format("an element without \"{}\": nodes have a uuid, edges a source_node_uuid and a "
                    "target_node_uuid",
                    key));
  return name;
}

class GraphitiImport {
 public:
  GraphitiImport(Store& store, ImportReport& report)
      : store_(store), bulk_(store, report), report_(report) {}

  void element(const List& list, json element) {
    if (list.is_edges)
      edge(list, element);
    else
      node(list, element);
  }

  // Edges wait for the nodes, in whatever order the lists stand.
  void finish() {
    for (const Waiting& edge : edges_) {
      const NodeId source = end(edge.source, edge.source_kind);
      bulk_.edge(
          source, bulk_.type(edge.type), end(edge.target, NodeKind::Entity), edge.attributes);
    }
    bulk_.finish();
    if (implied_ > 0)
      report_.notes.push_back(
          fmt::format("{} of the nodes stand only at the ends of edges", implied_));
    if (embeddings_ > 0)
      report_.notes.push_back(fmt::format("not kept: {} embeddings", embeddings_));
  }

 private:
  struct Waiting {
    std::string source, type, target;
    NodeKind source_kind;
    Attributes attributes;
  };

  void node(const List& list, json& element) {
    const std::string uuid = take_name(element, "uuid");
    Attributes attributes;
    attributes.labels = take_texts(element, "labels");
    const auto& labels = attributes.labels;
    const bool is_episode = list.kind == NodeKind::Episode ||
                            element.contains("source_description") ||
                            std::find(labels.begin(), labels.end(), "Episodic") != labels.end();
    if (is_episode) {
      attributes.text = take_text(element, "content");
      attributes.valid.from = take_time(element, "valid_at");
    } else {
      attributes.text = take_text(element, "name");
    }
    keep_rest(element, attributes);
    bulk_.node(uuid, is_episode ? NodeKind::Episode : NodeKind::Entity, attributes);
  }

  void edge(const List& list, json& element) {
    Waiting edge;
    edge.source = take_name(element, "source_node_uuid");
    edge.target = take_name(element, "target_node_uuid");
    edge.source_kind = list.kind;
    edge.type = take_text(element, "name");
    if (edge.type.empty()) edge.type = list.type;
    Attributes& attributes = edge.attributes;
    attributes.text = take_text(element, "fact");
    attributes.valid = {take_time(element, "valid_at"), take_time(element, "invalid_at")};
    const auto expired = element.find("expired_at");
    if (expired != element.end() && !expired->is_null())
      attributes.status =
          attributes.valid.to == kUnknownTime ? Status::Superseded : Status::Contradicted;
    if (auto episodes = take_texts(element, "episodes"); !episodes.empty())
      attributes.provenance.emplace().sources = std::move(episodes);
    keep_rest(element, attributes);
    edges_.push_back(std::move(edge));
  }

  // What says something becomes a qualifier; the members of `attributes` stand for themselves.
  void keep_rest(json& element, Attributes& attributes) {
    json own = take_member(element, "attributes");
    if (own.is_object()) {
      for (auto& [key, value] : own.items())
        element.emplace(element.contains(key) ? "attributes." + key : key, std::move(value));
    } else if (!own.is_null()) {
      element["attributes"] = std::move(own);
    }
    for (const auto& [key, value] : element.items()) {
      if (value.is_null() || (value.is_structured() && value.empty())) continue;
      if (key.ends_with("_embedding"))
        ++embeddings_;
      else
        attributes.qualifiers.emplace_back(key, plain_text(value));
    }
  }

  NodeId end(const std::string& uuid, NodeKind kind) {
    if (const auto known = store_.history().find_node(uuid)) return *known;
    ++implied_;
    return bulk_.node(uuid, kind, {});
  }

  Store& store_;
  BulkImport bulk_;
  ImportReport& report_;
  std::vector<Waiting> edges_;
  uint64_t implied_ = 0, embeddings_ = 0;
};

// Takes what the parser finds, by its depth: 0 the export, 1 its lists, 2 their elements.
class Elements {
 public:
  Elements(GraphitiImport& import, JsonProgress& progress) : import_(import), progress_(progress) {}

  bool operator()(int depth, Event event, json& value) {
    limits_.check(depth, event, value);
    if (depth == 0 && event != Event::object_start && event != Event::object_end)
      throw std::invalid_argument(kAllowed);
    if (depth == 1 && event == Event::key) {
      list_ = find_list(value.get_ref<const std::string&>());
      progress_.element_bytes = 0;
    }
    if (!list_) return true;
    if (depth == 1 && event != Event::key && event != Event::array_start &&
        event != Event::array_end)
      throw std::invalid_argument(fmt::format("\"{}\" is no list", list_->name));
    return depth != 2 || element(event, value);
  }

  void finish(const json& rest, ImportReport& report) {
    bool has_lists = false;
    for (const auto& [name, value] : rest.items()) {
      if (find_list(name))
        has_lists = true;
      else
        report.notes.push_back(fmt::format("not kept: {} = {}", shown(name), clean(value.dump())));
    }
    if (!has_lists) throw std::invalid_argument(kAllowed);
    import_.finish();
  }

 private:
  static constexpr const char* kAllowed =
      "no list of nodes or edges: allowed is an object with the lists nodes, episodes, edges, or "
      "entity_nodes, episodic_nodes, community_nodes, entity_edges, episodic_edges, "
      "community_edges";

  bool element(Event event, json& value) {
    if (event == Event::object_start) return true;
    if (event != Event::object_end)
      throw std::invalid_argument(
          fmt::format("\"{}\" holds what is no object: nodes and edges are", list_->name));
    progress_.element_bytes = 0;
    import_.element(*list_, std::move(value));
    return false;
  }

  GraphitiImport& import_;
  JsonProgress& progress_;
  JsonLimits limits_;
  const List* list_ = nullptr;
};

}  // namespace

ImportReport read_graphiti(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  JsonProgress progress;
  GraphitiImport import(store, report);
  Elements elements(import, progress);
  at_json_line(options.name, progress, [&] {
    elements.finish(parse_json_stream(in, progress, std::ref(elements)), report);
  });
  count_lines(progress, report);
  return report;
}

}  // namespace saggio::graph
