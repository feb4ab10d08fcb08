// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "graph/formats/elements.h"
#include "graph/formats/import.h"
#include "graph/formats/light_rag.h"
#include "graph/formats/lines.h"
#include "graph/formats/xml_reader.h"

// GraphML (http://graphml.graphdrawing.org/specification.html), as it stands in the file, and as
// networkx, igraph, Gephi and yEd write it.
namespace saggio::graph {
namespace {

using Token = XmlReader::Token;

class GraphmlReader {
 public:
  GraphmlReader(std::istream& in,
                Store& store,
                ImportReport& report,
                const ImportOptions& options,
                ElementImport::Map* map = nullptr)
      : xml_(in, options.name), report_(report), import_(store, report, options, true, map) {}

  void read() {
    at_token(xml_, xml_.input(), [&] { document(); });
    report_.lines = xml_.lines();
    report_.carriage_returns = xml_.carriage_returns();
  }

 private:
  struct Key {
    std::string name;
    bool of_nodes = false, of_edges = false;
    bool is_number = false;
    bool is_node_key = false;             // where igraph keeps the names of vertices
    std::optional<std::string> standard;  // the value of those that give none
  };

  void document() {
    if (xml_.next() != Token::Start || xml_.name() != "graphml")
      xml_.refuse(fmt::format("the root element is <{}>, expected <graphml>", clean(xml_.name())));
    xml_.children([&](std::string_view name) {
      if (name == "key") return key();
      if (name == "graph") return graph();
      other(name);
    });
    if (xml_.next() != Token::Done) xml_.refuse("something behind </graphml>");
    import_.finish();
  }

  void other(std::string_view name) {
    if (name != "desc") import_.drop(fmt::format("<{}>", clean(name)));
    xml_.skip();
  }

  void key() {
    const std::string id(xml_.needed("id"));
    const std::string_view owner = xml_.attribute("for").value_or("all");
    Key key;
    // What has no name is a program's own: drawings of yEd.
    key.name = xml_.attribute("attr.name").value_or("");
    const auto type = xml_.attribute("attr.type");
    key.is_number = type == "double" || type == "float";
    key.of_nodes = owner == "node" || owner == "all";
    key.of_edges = owner == "edge" || owner == "all";
    // igraph numbers vertices, and keeps the names that they had as `id` or else as `name`.
    if (key.of_nodes && (id == "v_id" || (id == "v_name" && !keys_.contains("v_id")))) {
      for (auto& [known, other] : keys_) other.is_node_key = false;
      key.is_node_key = true;
    }
    xml_.children([&](std::string_view name) {
      if (name != "default") return xml_.skip();
      key.standard = xml_.all_text();
      has_standards_ = true;
    });
    if (!keys_.emplace(id, std::move(key)).second)
      xml_.refuse(fmt::format("two keys have the id {}", shown(id)));
  }

  void graph() {
    const auto direction = xml_.attribute("edgedefault");
    if (direction == "undirected" && !is_undirected_) {
      is_undirected_ = true;
      import_.note("the graph is undirected: each edge stands once, as it is written");
    }
    xml_.children([&](std::string_view name) {
      if (name == "node") return node();
      if (name == "edge") return edge();
      if (name == "data") return graph_data();
      other(name);
    });
  }

  void graph_data() {
    const std::string name = name_of(xml_.needed("key"));
    const std::string text = xml_.all_text();
    import_.note(fmt::format("not kept: {} = {}, of the graph", shown(name), shown(text)));
  }

  std::string name_of(std::string_view id) const {
    const auto found = keys_.find(id);
    return found == keys_.end() ? std::string(id) : found->second.name;
  }

  void node() {
    const std::string given(xml_.needed("id"));
    std::string id = given;
    NamedTexts fields;
    xml_.children([&](std::string_view name) {
      if (name == "data") return data(fields, &id);
      if (name != "graph") return other(name);
      import_.drop("nodes with a graph in them: its nodes and edges stand beside them");
      graph();
    });
    add_standards(fields, true);
    import_.node(id, fields);
    if (id != given) keys_of_ids_.emplace(given, id);
  }

  void edge() {
    const std::string source(xml_.needed("source")), target(xml_.needed("target"));
    const auto id = xml_.attribute("id");
    fields_.clear();
    if (id && !is_numbering(*id)) fields_.push_back({"id", std::string(*id)});
    if (const auto directed = xml_.attribute("directed"); directed == "false" && !is_undirected_)
      import_.drop("edges without a direction: each stands once, as it is written");
    if (xml_.attribute("sourceport") || xml_.attribute("targetport"))
      import_.drop("ports of edges");
    xml_.children(
        [&](std::string_view name) { name == "data" ? data(fields_, nullptr) : other(name); });
    if (has_standards_) add_standards(fields_, false);
    std::erase_if(fields_, [](const NamedText& field) {
      return field.name == "id" && is_numbering(field.text);
    });
    import_.edge(key_of(source), key_of(target), fields_);
  }

  const std::string& key_of(const std::string& id) const {
    if (keys_of_ids_.empty()) return id;
    const auto found = keys_of_ids_.find(id);
    return found == keys_of_ids_.end() ? id : found->second;
  }

  // `node_id`: of a node, which may be another one by this.
  void data(NamedTexts& fields, std::string* node_id) {
    const auto found = keys_.find(xml_.needed("key"));
    if (found == keys_.end())
      xml_.refuse(fmt::format("<data> of the key {}, which no <key> before it has as its id",
                              shown(xml_.needed("key"))));
    const Key& key = found->second;
    if (key.name.empty()) return drawing(fields);
    std::string text = xml_.all_text();
    // igraph gives every vertex and edge every attribute.
    if (key.is_number && (text == "NaN" || text == "nan")) return import_.drop("values NaN");
    if (node_id && key.is_node_key && !text.empty())
      *node_id = std::move(text);
    else
      fields.push_back({key.name, std::move(text)});
  }

  // A program's own data; yEd's hold the labels.
  void drawing(NamedTexts& fields) {
    import_.drop("drawings");
    size_t depth = 1;
    while (depth > 0) {
      const Token token = xml_.next();
      if (token == Token::End) --depth;
      if (token != Token::Start) continue;
      const bool is_label =
          xml_.name().ends_with(":NodeLabel") || xml_.name().ends_with(":EdgeLabel");
      if (!is_label) {
        ++depth;
        continue;
      }
      std::string text = xml_.all_text();
      const size_t first = std::min(text.find_first_not_of(" \t\r\n"), text.size());
      text = text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
      if (!text.empty()) fields.push_back({"label", std::move(text)});
    }
  }

  void add_standards(NamedTexts& fields, bool of_node) {
    if (!has_standards_) return;
    for (const auto& [id, key] : keys_) {
      if (!key.standard || !(of_node ? key.of_nodes : key.of_edges)) continue;
      const bool is_given = std::any_of(
          fields.begin(), fields.end(), [&name = key.name](auto& f) { return f.name == name; });
      if (!is_given) fields.push_back({key.name, *key.standard});
    }
  }

  XmlReader xml_;
  ImportReport& report_;
  ElementImport import_;
  std::map<std::string, Key, std::less<>> keys_;              // by id
  std::unordered_map<std::string, std::string> keys_of_ids_;  // of igraph's nodes
  NamedTexts fields_;                                         // of an edge
  bool has_standards_ = false, is_undirected_ = false;
};

}  // namespace

ImportReport read_graphml(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  GraphmlReader(in, store, report, options).read();
  return report;
}

ImportReport read_light_rag(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  GraphmlReader(in, store, report, options, map_light_rag).read();
  return report;
}

}  // namespace saggio::graph
